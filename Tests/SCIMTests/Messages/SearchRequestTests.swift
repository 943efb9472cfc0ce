import Testing

@testable import SCIM

@Suite("Search requests, RFC 7644 §3.4.2 and §3.4.3, RFC 9865 §2")
struct SearchRequestTests {
    private func query(_ parameters: (String, String)...) throws -> SearchRequest {
        try SearchRequest.reading(parameters: parameters.map { (name: $0.0, value: $0.1) })
    }

    private func body(_ text: String) throws -> SearchRequest {
        try SearchRequest.reading(json(text))
    }

    @Test func `without parameters it asks for the first hundred of everything`() throws {
        for request in [try query(), try body("{}"), SearchRequest()] {
            #expect(request.filter == nil && request.sortBy == nil && request.cursor == nil)
            #expect(request.startIndex == 1 && request.count == 100)
            #expect(request.projection.isEmpty && request.sortOrder == .ascending)
        }
    }

    @Test func `a query and a body say the same`() throws {
        let fromQuery = try query(
            ("filter", "userName pr"),
            ("startIndex", "2"),
            ("count", "5"),
            ("attributes", "userName,active"),
            ("sortBy", "name.givenName"),
            ("sortOrder", "descending")
        )
        let fromBody = try body(
            #"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName pr",
            "startIndex":2,"count":5,
            "attributes":["userName","active"],"sortBy":"name.givenName","sortOrder":"descending"}
            """#
        )

        for request in [fromQuery, fromBody] {
            #expect(request.filter == "userName pr")
            #expect(request.startIndex == 2 && request.count == 5)
            #expect(!request.projection.isEmpty)
            #expect(request.sortBy == "name.givenName" && request.sortOrder == .descending)
        }
    }

    @Test(arguments: [
        ("1", 1), ("0", 1), ("-5", 1), ("7", 7), ("+7", 7), ("007", 7), ("9223372036854775807", Int.max),
        ("9223372036854775808", Int.max), ("-9223372036854775809", 1),
    ])
    func `a start index below one means one, and no number is too large`(text: String, expected: Int) throws {
        #expect(try query(("startIndex", text)).startIndex == expected)
    }

    @Test(arguments: [
        ("0", 0), ("-1", 0), ("1", 1), ("999", 999), ("1000", 1_000), ("1001", 1_000),
        ("99999999999999999999", 1_000),
        ("-99999999999999999999", 0),
    ])
    func `a count below zero means zero, and above the page limit is cut`(text: String, expected: Int) throws
    {
        #expect(try query(("count", text)).count == expected)
    }

    @Test(arguments: ["many", "", " ", "1.5", "1e3", "0x10", "1 ", "--1", "+-1", "-", "１"])
    func `a number that is none is refused`(text: String) {
        for name in ["count", "startIndex"] {
            #expect(refusal { _ = try query((name, text)) } == .badRequest(.invalidValue, ""))
        }
    }

    @Test(arguments: [
        #"{"count":"many"}"#, #"{"count":1.5}"#, #"{"count":1e2}"#, #"{"count":true}"#, #"{"count":[1]}"#,
        #"{"count":{}}"#,
        #"{"filter":7}"#, #"{"filter":["a"]}"#, #"{"attributes":7}"#, #"{"attributes":[7]}"#,
        #"{"attributes":{"a":1}}"#,
        #"{"sortBy":true}"#, #"{"sortOrder":"up"}"#, #"{"cursor":7}"#, #"{"count":1,"COUNT":2}"#,
    ])
    func `a field of the wrong type, or there twice, is refused`(text: String) {
        #expect(refusal { _ = try body(text) } == .badRequest(.invalidValue, ""))
    }

    @Test(arguments: ["[]", "null", "\"x\""])
    func `a body that is no object is refused`(text: String) {
        #expect(refusal { _ = try body(text) } == .badRequest(.invalidSyntax, ""))
    }

    @Test func `names are taken in any case, null is no value, and unknown ones are ignored`() throws {
        let request = try body(
            #"{"STARTindex":3,"count":null,"filter":null,"shoeSize":[1],"Attributes":null}"#
        )

        #expect(request.startIndex == 3 && request.count == 100 && request.filter == nil)
        #expect(request.projection.isEmpty)
        #expect(try query(("aadOptscim062020", ""), ("aadOptscim062020", ""), ("Count", "3")).count == 3)
    }

    @Test func `a parameter that is there twice is refused`() {
        #expect(
            refusal { _ = try query(("filter", "a pr"), ("filter", "b pr")) }
                == .badRequest(.invalidValue, "")
        )
    }

    @Test func `an empty filter is still a filter, for the parser to refuse`() throws {
        #expect(try query(("filter", "")).filter == "")
    }

    @Test(arguments: ["", "c"])
    func `a cursor, empty for the first page, is the same in a query and a body`(cursor: String) throws {
        #expect(try query(("cursor", cursor)).cursor == cursor)
        #expect(try body(#"{"cursor":"\#(cursor)"}"#).cursor == cursor)
    }

    @Test(arguments: [("1", 1), ("1000", 1_000), ("1001", 1_000), ("99999999999999999999", 1_000)])
    func `beside a cursor a large count is cut as ever`(text: String, expected: Int) throws {
        #expect(try query(("cursor", ""), ("count", text)).count == expected)
    }

    @Test(arguments: ["0", "-1", "-99999999999999999999"])
    func `beside a cursor a count below one is refused`(text: String) {
        for cursor in ["", "c"] {
            #expect(
                refusal { _ = try query(("count", text), ("cursor", cursor)) }
                    == .badRequest(.invalidCount, "")
            )
        }
    }

    @Test(
        arguments: [("1", nil), ("0", nil), ("-5", nil), ("2", .invalidValue)] as [(String, SCIMError.Kind?)]
    )
    func `beside a cursor only the first index makes sense`(text: String, kind: SCIMError.Kind?) {
        for cursor in ["", "c"] {
            #expect(refusal { _ = try query(("startIndex", text), ("cursor", cursor)) }?.kind == kind)
        }
    }

    @Test(arguments: [#""userName,active""#, #"["userName","active"]"#])
    func `attributes of a body are a list or a text`(attributes: String) throws {
        let request = try body(#"{"attributes":\#(attributes)}"#)
        let resource = try stored(#"{"userName":"a@b","active":true,"title":"T"}"#)

        let names = request.projection.applied(to: resource.view(locationPrefix: "")).core.entries.map(\.name)

        #expect(names == ["schemas", "id", "userName", "active"])
    }

    @Test func `a refusal names the parameter and not its value`() throws {
        let error = try #require(refusal { _ = try query(("count", "secret")) })

        #expect(error.detail.contains("count") && !error.detail.contains("secret"))
    }
}
