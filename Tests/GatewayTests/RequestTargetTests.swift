import Testing

@testable import Gateway

@Suite("Where a request goes, RFC 7644 §3.2 and RFC 3986 §2.1")
struct RequestTargetTests {
    @Test(arguments: [
        ("/scim/v2/Users", "/scim/v2", "/Users"),
        ("/api/learner-scim/v2/Users", "/api/learner-scim/v2", "/Users"),
        ("/scim/v2/Users/", "/scim/v2", "/Users"),
        ("//scim//v2//Users//2819c223//", "/scim/v2", "/Users/{id}"),
        ("/scim/v2/Groups/e9e30dba", "/scim/v2", "/Groups/{id}"),
        ("/scim/v2/.search", "/scim/v2", "/.search"),
        ("/scim/v2/Users/.search", "/scim/v2", "/Users/.search"),
        ("/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/scim/v2", "/Schemas/{uri}"),
        ("/scim/v2/ResourceTypes/User", "/scim/v2", "/ResourceTypes/{name}"),
        ("/scim/v2/%55sers", "/scim/v2", "/Users"), ("/scim/v2", "/scim/v2", "/"),
        ("/api/learner-scim/v2/?count=1", "/api/learner-scim/v2", "/"),
    ])
    func `a path names its base and its endpoint`(target: String, base: String, template: String) {
        let taken = RequestTarget(target)

        #expect(taken.basePath == base)
        #expect(taken.endpoint?.template == template)
    }

    @Test(arguments: [
        "/", "/scim", "/scim/v1/Users", "/scim/v1", "/api/learner-scim", "/scim/v2/Nothing",
        "/scim/v2/Users/a/b",
        "/SCIM/v2/Users", "/scim/v2/users",
        "/scim/v2/Users/%zz", "/scim/v2/Users/%00", "/scim/v2/Users/%ff", "/scim/v2/Users/%4",
    ])
    func `a path that names nothing has no endpoint`(target: String) {
        #expect(RequestTarget(target).endpoint == nil)
    }

    @Test func `a query is decoded, a plus is a space, and flags are harmless`() {
        let target = RequestTarget(
            "/scim/v2/Users?aadOptscim062020&filter=userName+eq+%22a%2Bb%22&count=2&broken=%zz"
        )

        #expect(target.parameter("filter") == #"userName eq "a+b""#)
        #expect(target.parameter("count") == "2")
        #expect(target.parameter("aadOptscim062020") == "")
        #expect(target.parameter("broken") == nil)
        #expect(target.parameter("missing") == nil)
    }

    @Test(arguments: [
        "/scim/v2/Users", "/scim/v2/Users/", "/scim/v2/Users/2819c223", "/scim/v2/Users/2819c223/",
        "/scim/v2/Groups/e9",
        "/scim/v2/Groups", "/scim/v2/Users/.search", "/scim/v2/Users/.x", "/scim/v2/Users//a",
        "/scim/v2//Users/a",
        "/scim/v2/Users/a/b", "/scim/v2/Users/a%20b", "/scim/v2/Users/%00", "/scim/v2/Users/a%zz",
        "/scim/v2/Userss",
        "/scim/v2/User", "/scim/v2/Users?count=1", "/scim/v2/Users/a?x=/y%25", "/scim/v2/Users/?x",
        "/scim/v2/users/a",
        "/api/learner-scim/v2/Users/a", "/scim/v2/Users/a+b", "/scim/v2", "/scim/v2/", "", "?",
        "/scim/v2/Users/?",
    ])
    func `a plain path is read as its segments are`(target: String) {
        let (plain, bySegments) = (RequestTarget(target), RequestTarget(target, plainPaths: false))

        #expect(plain.endpoint == bySegments.endpoint)
        #expect(plain.basePath == bySegments.basePath)
    }

    @Test(
        arguments: [
            ("", []), ("&&", []), ("a", ["a="]), ("a=", ["a="]), ("=b", ["=b"]), ("=", ["="]),
            ("a=b=c", ["a=b=c"]),
            ("a=1&&a=2&", ["a=1", "a=2"]), ("a%3Db=%26", ["a=b=&"]), ("a=%2", []), ("a=%", []),
            ("%zz=1&b=2", ["b=2"]),
            ("a=%00", []), ("a=%ff", []), ("a=%C3%A9+", ["a=\u{e9} "]), ("a+b=1", ["a b=1"]),
        ] as [(String, [String])]
    )
    func `a query gives its parameters in order, without those that do not decode`(
        query: String,
        parameters: [String]
    ) {
        let target = RequestTarget("/scim/v2/Users?" + query)

        #expect(target.parameters.map { "\($0.name)=\($0.value)" } == parameters)
    }

    @Test func `a question mark inside the query belongs to it`() {
        #expect(RequestTarget("/scim/v2/Users?filter=a?b").parameter("filter") == "a?b")
    }
}

@Suite("Hosts that a listener serves, RFC 9110 §7.2")
struct PublicAddressTests {
    @Test(
        arguments: [
            ("scim.example", true), ("SCIM.example:8443", true), ("[::1]:8443", true), ("[::1]", true),
            ("127.0.0.1:1", true), ("scim.example:", true), ("scim.example:8443", true),
            ("other.example", false), ("scim.example.evil", false), (nil, false),
        ] as [(String?, Bool)]
    )
    func `only a listed host is served, whatever its port and case`(authority: String?, isServed: Bool) {
        let address = PublicAddress(
            publicURL: "https://scim.example/",
            hosts: ["scim.example", "[::1]", "127.0.0.1"]
        )

        #expect(address.serves(authority: authority) == isServed)
        #expect(address.publicURL == "https://scim.example")
    }

    @Test(arguments: [(["scim.example"], true), (["other.example"], false)])
    func `the public URL's own host is served where it is listed`(hosts: [String], isServed: Bool) {
        for url in ["https://scim.example:8443", "https://scim.example:8443/"] {
            #expect(
                PublicAddress(publicURL: url, hosts: hosts).serves(authority: "scim.example:8443") == isServed
            )
        }
    }

    @Test func `an empty list serves any host`() {
        #expect(PublicAddress(publicURL: "https://scim.example", hosts: []).serves(authority: "any.example"))
    }
}

@Suite("Media types, RFC 7644 §3.1")
struct MediaTypesTests {
    @Test(
        arguments: [
            (nil, "application/scim+json"), ("*/*", "application/scim+json"),
            ("application/json", "application/json"),
            ("application/json;q=0.5, application/scim+json", "application/scim+json"),
            ("application/scim+json, application/json", "application/scim+json"),
            ("text/html", "application/scim+json"),
            ("application/*", "application/scim+json"), ("APPLICATION/JSON; q=1", "application/json"),
        ] as [(String?, String)]
    )
    func `plain JSON is only for who accepts nothing else`(accept: String?, type: String) {
        #expect(MediaTypes.answer(accepting: accept) == type)
    }

    @Test(
        arguments: [
            (nil, true), ("application/scim+json", true), ("Application/JSON; charset=\"UTF-8\"", true),
            ("application/scim+json; charset=utf-8", true), ("application/scim+json; charset=utf-9", false),
            ("application/json; charset=utf-8", true), ("application/json; charset=utf-16", false),
            ("text/plain", false), ("application/jsonp", false),
            ("", false),
        ] as [(String?, Bool)]
    )
    func `JSON of both names is read, in UTF-8`(type: String?, isRead: Bool) {
        #expect(MediaTypes.isReadable(type) == isRead)
    }
}
