import Testing

@testable import SCIM

@Suite("PATCH of a group's members, RFC 7644 §3.5.2")
struct PatchMembersTests {
    private func expect(
        _ operation: String,
        from before: [String],
        gives after: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let members = before.map { #"{"value": "\#($0)"}"# }.joined(separator: ", ")
        let result = try PatchedResource(
            #"{"displayName": "Staff", "members": [\#(members)]}"#,
            "[\(operation)]",
            type: .group
        )

        #expect(
            try memberIDs(after: result.resource.memberEdits) == Set(after),
            sourceLocation: sourceLocation
        )
    }

    @Test func `members come once, whatever is shown beside them`() throws {
        try expect(
            #"{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "a"}, {"value": "b"}]}"#,
            from: [],
            gives: ["a", "b"]
        )
        try expect(
            #"{"op": "Add", "path": "members", "value": [{"$ref": "https://h/Users/a", "value": "a", "type": "User"}]}"#,
            from: ["a"],
            gives: ["a"]
        )
        try expect(
            #"{"op": "Add", "path": "members", "value": [{"value": "b"}, {"value": "b"}]}"#,
            from: ["a"],
            gives: ["a", "b"]
        )
        try expect(
            #"{"op": "Add", "path": "members", "value": [{"value": "A"}]}"#,
            from: ["a"],
            gives: ["a", "A"]
        )
    }

    @Test(
        arguments: [
            #"{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "b"}]}"#,
            #"{"op": "remove", "path": "members[value eq \"b\"]"}"#,
            #"{"op": "Remove", "path": "members", "value": {"value": "b", "display": "Bob"}}"#,
        ])
    func `those named go, the others stay`(operation: String) throws {
        try expect(operation, from: ["a", "b", "c"], gives: ["a", "c"])
        try expect(operation, from: ["a"], gives: ["a"])
    }

    @Test func `a bare remove empties the group, an empty list does not`() throws {
        try expect(#"{"op": "Remove", "path": "members"}"#, from: ["a", "b"], gives: [])
        try expect(
            #"{"op": "Remove", "path": "members", "value": []}"#,
            from: ["a", "b"],
            gives: ["a", "b"]
        )
        try expect(#"{"op": "Replace", "path": "members", "value": []}"#, from: ["a", "b"], gives: [])
    }

    @Test func `a member cannot become another`() throws {
        for operation in [
            #"{"op": "replace", "path": "members[value eq \"a\"].value", "value": "b"}"#,
            #"{"op": "add", "path": "members[value eq \"a\"]", "value": {"value": "b"}}"#,
        ] {
            #expect(refusal { try expect(operation, from: ["a"], gives: []) } == .badRequest(.mutability, ""))
        }
    }

    @Test func `10,000 members are added to 10,000 in less time than their squares take`() throws {
        let before = (0..<10_000).map { "a\($0)" }
        let added = (0..<10_000).map { "b\($0)" }
        let values = (added + before).map { #"{"value": "\#($0)"}"# }.joined(separator: ",")

        try expect(
            #"{"op": "add", "path": "members", "value": [\#(values)]}"#,
            from: before,
            gives: before + added
        )
        try expect(#"{"op": "remove", "path": "members", "value": [\#(values)]}"#, from: before, gives: [])
    }
}
