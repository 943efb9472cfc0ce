import Testing

@testable import SCIM

/// A manager in every shape that Microsoft Entra ID has been seen to send.
@Suite("PATCH of the manager, RFC 7643 §4.3")
struct PatchManagerTests {
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    static let ada = #"{"userName": "a@b", "\#(enterprise)": {"manager": {"value": "old@example.com"}}}"#

    private func manager(_ operation: String, before: String = ada) throws -> String? {
        try PatchedResource(before, "[\(operation)]", set: .learner).resource.enterprise.complex("manager")?
            .string("value")
    }

    @Test(
        arguments: [
            #""path": "\#(enterprise):manager", "value": "new@example.com""#,
            #""path": "\#(enterprise):manager", "value": {"value": "new@example.com"}"#,
            #""path": "\#(enterprise):manager", "value": [{"value": "new@example.com"}]"#,
            #""path": "\#(enterprise):manager", "value": ["new@example.com"]"#,
            #""path": "\#(enterprise):manager.value", "value": "new@example.com""#,
            #""path": "\#(enterprise).manager", "value": "new@example.com""#,
            #""path": "manager", "value": [{"$ref": "http://x/Users/1", "value": "new@example.com"}]"#,
            #""path": "manager", "value": {"value": "new@example.com", "displayName": "New"}"#,
            #""path": "manager", "value": "new@example.com""#,
            #""path": "manager.value", "value": "new@example.com""#,
            #""value": {"\#(enterprise):manager": "new@example.com"}"#,
            #""value": {"\#(enterprise):manager": {"value": "new@example.com"}}"#,
            #""value": {"\#(enterprise):manager": [{"value": "new@example.com"}]}"#,
            #""value": {"\#(enterprise):manager.value": "new@example.com"}"#,
            #""value": {"\#(enterprise)": {"manager": {"value": "new@example.com"}}}"#,
            #""value": {"\#(enterprise)": {"manager": "new@example.com"}}"#,
        ],
        ["Add", "Replace"]
    )
    func `a manager is set in every shape`(shape: String, op: String) throws {
        let operation = #"{"op": "\#(op)", \#(shape)}"#

        #expect(try manager(operation) == "new@example.com")
        #expect(try manager(operation, before: #"{"userName": "a@b"}"#) == "new@example.com")
    }

    @Test(
        arguments: [
            #"{"op": "Remove", "path": "\#(enterprise):manager"}"#,
            #"{"op": "Remove", "path": "\#(enterprise):manager", "value": ""}"#,
            #"{"op": "Remove", "path": "\#(enterprise):manager", "value": {"value": "old@example.com"}}"#,
            #"{"op": "Remove", "path": "\#(enterprise):manager", "value": [{"value": "old@example.com"}]}"#,
            #"{"op": "Remove", "path": "\#(enterprise):manager.value"}"#,
            #"{"op": "Remove", "path": "manager"}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager", "value": ""}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager", "value": null}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager", "value": {"value": ""}}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager", "value": {"value": null}}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager", "value": []}"#,
            #"{"op": "Replace", "path": "\#(enterprise):manager.value", "value": ""}"#,
            #"{"op": "Replace", "value": {"\#(enterprise):manager": null}}"#,
            #"{"op": "Replace", "value": {"\#(enterprise)": {"manager": ""}}}"#,
        ])
    func `a manager is removed in every shape`(operation: String) throws {
        #expect(try manager(operation) == nil)
        #expect(try manager(operation, before: #"{"userName": "a@b"}"#) == nil)
    }

    @Test(arguments: [
        #"{"displayName": "Boss"}"#, #"{"$ref": "../Users/1", "displayName": "Boss"}"#,
        #"[{"displayName": "Boss"}]"#,
    ])
    func `what only the service knows of a manager changes nothing, and is noted`(value: String) throws {
        for operation in [
            #"{"op": "Replace", "path": "manager", "value": \#(value)}"#,
            #"{"op": "Add", "value": {"\#(Self.enterprise)": {"manager": \#(value)}}}"#,
        ] {
            let after = try PatchedResource(Self.ada, "[\(operation)]", set: .learner)

            #expect(try after.isLike(Self.ada))
            #expect(after.notes == [Note(.dropped, "\(Self.enterprise):manager")])
        }
    }

    @Test(arguments: [#"{"value": "", "$ref": "../Users/1"}"#, #"[{"VALUE": null, "displayName": "Boss"}]"#])
    func `an empty value beside it removes the manager`(value: String) throws {
        #expect(try manager(#"{"op": "Replace", "path": "manager", "value": \#(value)}"#) == nil)
    }

    @Test(arguments: ["1", "true", #"[{"value": "a"}, {"value": "b"}]"#, #"{"value": 1}"#])
    func `what is no manager is refused`(value: String) {
        #expect(
            refusal { _ = try manager(#"{"op": "Replace", "path": "manager", "value": \#(value)}"#) }
                == .badRequest(.invalidValue, "")
        )
    }
}
