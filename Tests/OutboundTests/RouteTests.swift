import Testing

@testable import Outbound

@Suite("The way to a server")
struct RouteTests {
    private let route = Route(addresses: ["scim.example:443:192.0.2.1", "scim.example:8443:[2001:db8::1]"])

    @Test(arguments: [(443, "192.0.2.1"), (8443, "[2001:db8::1]")])
    func `an address stands in for a name at its port`(port: Int, address: String) {
        #expect(route.address(of: "scim.example", port: port) == address)
    }

    @Test(arguments: [("scim.example", 444), ("im.example", 443), ("scim.example.", 443)])
    func `it stands in for no other name or port`(host: String, port: Int) {
        #expect(route.address(of: host, port: port) == nil)
    }
}
