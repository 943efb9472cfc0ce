import HTTPTypes
import Testing

@testable import HTTPTransport

@Suite("Request target and Host, RFC 9112 §3.2, RFC 9110 §7.2")
struct RequestTargetTests {
    private static func target(_ text: String, _ method: HTTPRequest.Method = .get) -> RequestTarget? {
        do throws(HTTPRefusal) {
            return try RequestTarget(text, method: method)
        } catch {
            #expect(error == .badRequest(.target))
            return nil
        }
    }

    @Test(arguments: [
        "/", "/scim/v2/Users", "/scim/v2//Users/?aadOptscim062020", "/Users?filter=userName%20eq%20%22a%22",
        "/Users?filter=emails[type+eq+\"work\"]", "/%zF", "/%00", "/a%2fb", "/Users/../Groups",
        "//evil.test/x",
    ])
    func `origin-form keeps its path as sent`(text: String) {
        let isSound = text != "/%zF"

        #expect(Self.target(text)?.path == (isSound ? text : nil))
        #expect(Self.target(text)?.authority == nil)
    }

    @Test(arguments: [
        "", "Users", "/a b", "/a\tb", "/a#b", "/a\u{0}", "/a\u{7F}", "/ü", "/%", "/%2", "/a%2", "/%2g", "*",
        "a.test:443",
        "ftp://a.test/", "https:/a.test/", "https://", "https:///x", "https://a@b/x", "https://a,b/x",
        "mailto:a@b.test",
    ])
    func `what RFC 9112 knows no form for is refused`(text: String) {
        #expect(Self.target(text) == nil)
    }

    @Test(arguments: [
        ("https://a.test/scim/v2/Users?x=y", "a.test", "/scim/v2/Users?x=y"),
        ("HTTP://a.test:8443/x", "a.test:8443", "/x"), ("https://a.test", "a.test", "/"),
        ("https://a.test?x", "a.test", "/?x"), ("https://[::1]:80/x", "[::1]:80", "/x"),
    ])
    func `absolute-form is taken apart`(text: String, authority: String, path: String) {
        #expect(Self.target(text)?.authority == authority)
        #expect(Self.target(text)?.path == path)
    }

    @Test func `asterisk-form is for OPTIONS alone, authority-form for nobody`() {
        #expect(Self.target("*", .options)?.path == "*")
        #expect(Self.target("*", .get) == nil)
        #expect(Self.target("a.test:443", .connect) == nil)
        #expect(Self.target("/x", .connect) == nil)
    }

    @Test(arguments: [
        "a", "a.test", "a.test:0", "a.test:65535", "127.0.0.1:80", "[::1]", "[::ffff:1.2.3.4]:443",
        "xn--bcher-kva.example",
        "under_score.test", String(repeating: "a", count: 255),
    ])
    func `a host with or without a port is accepted`(text: String) {
        #expect(HostSyntax.isValid(text[...].utf8))
    }

    @Test(arguments: [
        "", ":80", "a.test:", "a.test:65536", "a.test:000080", "a.test:8a", "a.test:+80", "a b", "a,b", "a@b",
        "a/b",
        "a\\b", "a?b", "a#b", "[::1", "::1", "[]", "[a.test]", "[::1]x", "[::1]:", "a%41", "bücher.test",
        String(repeating: "a", count: 256),
    ])
    func `anything else is refused as a host`(text: String) {
        #expect(!HostSyntax.isValid(text[...].utf8))
    }
}
