import Testing

@testable import SCIM

@Suite("References in a bulk request, RFC 7644 §3.7.1 and §3.7.2")
struct BulkBodyTests {
    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    private func body(_ text: String, isPatch: Bool = false) throws -> BulkBody {
        BulkBody(try json(text), isPatch: isPatch)
    }

    /// The body with `id-NAME` in the place of each reference.
    private func resolved(_ body: BulkBody) throws -> JSONValue {
        try body.resolved { name throws(SCIMError) in ResourceID("id-\(name.text)") }
    }

    // MARK: - Where references are

    @Test(arguments: [
        (
            #"{"members":[{"value":"bulkId:a"},{"value":"x"}]}"#,
            #"{"members":[{"value":"id-a"},{"value":"x"}]}"#
        ),
        (
            #"{"\#(enterprise)":{"manager":{"value":"bulkId:a"}}}"#,
            #"{"\#(enterprise)":{"manager":{"value":"id-a"}}}"#
        ),
        (#"{"\#(enterprise)":{"manager":"bulkId:a"}}"#, #"{"\#(enterprise)":{"manager":"id-a"}}"#),
        (#"["bulkId:a",[["bulkId:a"]]]"#, #"["id-a",[["id-a"]]]"#),
    ])
    func `a value that is a reference becomes the id`(text: String, expected: String) throws {
        let body = try body(text)

        #expect(body.references == [BulkID("a")])
        #expect(try resolved(body) == json(expected))
    }

    @Test(arguments: [
        #"{"a":" bulkId:a"}"#, #"{"a":"BULKID:a"}"#, #"{"a":"bulkId"}"#, #"{"a":"see bulkId:a"}"#,
        #"{"bulkId:a":1}"#,
        #"{"a":[1,true,null,"",{}]}"#, #"{"Operations":[{"path":"members[value eq \"bulkId:a\"]"}]}"#,
    ])
    func `nothing else is one`(text: String) throws {
        let body = try body(text)

        #expect(body.references.isEmpty)
        #expect(try resolved(body) == body.json)
    }

    @Test func `references are told once each, in the order in which they appear`() throws {
        let body = try body(#"{"x":"bulkId:b","y":["bulkId:a","bulkId:b"],"z":"bulkId:"}"#)

        #expect(body.references == [BulkID("b"), BulkID("a"), BulkID("")])
    }

    @Test(arguments: [
        (#"members[value eq \"bulkId:a\"]"#, #"members[value eq \"id-a\"]"#),
        (
            #"members[type eq \"]\" and (value eq \"bulkId:a\" or value eq \"b\")].type"#,
            #"members[type eq \"]\" and (value eq \"id-a\" or value eq \"b\")].type"#
        ),
        (#"members[value eq \"bulk\\u0049d:a\"]"#, #"members[value eq \"id-a\"]"#),
        (
            #"members[value eq \"é\" or value eq \"bulkId:a\"]"#,
            #"members[value eq \"é\" or value eq \"id-a\"]"#
        ),
    ])
    func `the path of a PATCH holds references in its brackets`(path: String, expected: String) throws {
        let operations = { (path: String) in #"{"operations":[{"op":"remove","PATH":"\#(path)"}]}"# }
        let body = try body(operations(path), isPatch: true)

        #expect(body.references == [BulkID("a")])
        #expect(try resolved(body) == json(operations(expected)))
    }

    @Test(arguments: [
        "bulkId:a", #"members[value eq \"xbulkId:a\"]"#, #"members[value eq \"bulkId:a]"#,
        #"members[bulkId:a pr]"#,
        #"members[value eq \"bulkId:a\\q\"]"#,
    ])
    func `elsewhere in a path there are none`(path: String) throws {
        let body = try body(#"{"Operations":[{"op":"remove","path":"\#(path)"}]}"#, isPatch: true)

        #expect(body.references.isEmpty)
        #expect(try resolved(body) == body.json)
    }

    @Test func `the values of a PATCH hold references, alone and in lists`() throws {
        let body = try body(
            #"""
            {"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:a"},{"value":"bulkId:b"}]},
            {"op":"replace","value":{"manager":"bulkId:c","path":"bulkId:d"}}]}
            """#,
            isPatch: true
        )

        #expect(body.references == ["a", "b", "c", "d"].map { BulkID($0) })
    }

    @Test func `a path is looked into up to the length that a path may have`() throws {
        let references = { (bytes: Int) in
            let filter = #"[value eq \"bulkId:a\"]"#
            let name = String(repeating: "m", count: bytes - filter.utf8.count + 2)
            return try body(#"{"Operations":[{"op":"remove","path":"\#(name)\#(filter)"}]}"#, isPatch: true)
                .references
        }

        #expect(try references(FilterLimits.bytes) == [BulkID("a")])
        #expect(try references(FilterLimits.bytes + 1).isEmpty)
    }

    @Test func `a reference that stands for nothing is refused as the caller says`() throws {
        let body = try body(#"{"members":[{"value":"bulkId:a"}]}"#)

        let refusal = refusal {
            _ = try body.resolved { name throws(SCIMError) in throw .unresolved(name, isPromised: false) }
        }

        #expect(refusal == .conflict(nil, ""))
        #expect(refusal?.detail.contains("bulkId that no POST of this request has: 'a'.") == true)
    }

    @Test func `a long name is not repeated in a refusal`() {
        let name = String(repeating: "x", count: 101)

        for isPromised in [true, false] {
            #expect(!SCIMError.unresolved(BulkID(name), isPromised: isPromised).detail.contains("xx"))
        }
    }

    // MARK: - Breaking cycles

    @Test func `of a list only the values that wait are postponed`() throws {
        let body = try body(
            #"{"displayName":"G","members":[{"value":"bulkId:a"},{"value":"x"},{"value":"bulkId:b"}]}"#
        )

        let parts = body.parted(awaiting: [BulkID("b")])

        #expect(
            try parts.now.json == json(#"{"displayName":"G","members":[{"value":"bulkId:a"},{"value":"x"}]}"#)
        )
        #expect(
            try parts.later.json
                == json(#"{"Operations":[{"op":"add","value":{"members":[{"value":"bulkId:b"}]}}]}"#)
        )
    }

    @Test(arguments: [
        (#"{"value":"bulkId:a"}"#, #"{"department":"D"}"#), (#""bulkId:a""#, #"{"department":"D"}"#),
        (#"[{"value":"bulkId:a"}]"#, #"{"department":"D"}"#),
    ])
    func `of the extension only the attribute is postponed`(manager: String, left: String) throws {
        let body = try body(
            #"{"userName":"u","\#(Self.enterprise)":{"department":"D","manager":\#(manager)}}"#
        )

        let parts = body.parted(awaiting: [BulkID("a")])

        #expect(try parts.now.json == json(#"{"userName":"u","\#(Self.enterprise)":\#(left)}"#))
        #expect(
            try parts.later.json
                == json(
                    #"{"Operations":[{"op":"add","value":{"\#(Self.enterprise)":{"manager":\#(manager)}}}]}"#
                )
        )
    }

    @Test func `an attribute or extension with nothing else in it is postponed whole`() throws {
        let body = try body(
            #"{"\#(Self.enterprise)":{"manager":"bulkId:a"},"members":["bulkId:a"],"title":"bulkId:a"}"#
        )

        let parts = body.parted(awaiting: [BulkID("a")])

        #expect(try parts.now.json == json("{}"))
        #expect(parts.later.references == [BulkID("a")])
    }

    @Test func `what is no resource is not parted`() throws {
        let parts = try body(#"["bulkId:a"]"#).parted(awaiting: [BulkID("a")])

        #expect(try parts.now.json == json(#"["bulkId:a"]"#))
        #expect(parts.later.references.isEmpty)
    }
}
