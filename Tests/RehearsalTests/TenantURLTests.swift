import Testing

@testable import Rehearsal

@Suite("A Tenant URL, taken apart")
struct TenantURLTests {
    @Test(arguments: [
        ("https://scim.example/scim/v2", "scim.example", 443),
        ("https://scim.example:8443", "scim.example", 8443),
        ("https://[2001:db8::1]:8443/scim/v2", "2001:db8::1", 8443),
        ("https://192.0.2.1?x", "192.0.2.1", 443),
    ])
    func `host and port are found`(text: String, host: String, port: Int) {
        let url = TenantURL(text)

        #expect(url?.host == host && url?.port == port && url?.text == text)
    }

    @Test(arguments: [
        "http://scim.example", "scim.example", "https://", "https://user@scim.example",
        "https://scim.example:0",
        "https://scim.example:65536", "https://[2001:db8::1]x", "https://scim.example:",
    ])
    func `anything else is refused`(text: String) {
        #expect(TenantURL(text) == nil)
    }
}
