import Testing

@testable import SCIM

private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

@Suite("What a connection cannot see it cannot clear")
struct HiddenValuesTests {
    private static let full = #"""
        {"userName":"ada@example.com","title":"Countess","emails":[{"value":"a"}],
        "name":{"formatted":"Ada L","givenName":"Ada"},
        "\#(enterprise)":{"division":"N","department":"Tax"}}
        """#

    private func resource(_ body: String, _ set: AttributeSet = .full) throws -> Resource {
        try Resource.reading(json(body), type: .user, set: set).resource
    }

    @Test func `a replacement by a learner connection keeps hidden attributes, and hidden parts`() throws {
        let body = try resource(#"{"userName":"ada@example.com","name":{"givenName":"A"}}"#, .learner)

        let result = body.keepingHidden(of: try resource(Self.full), from: .learner)

        #expect(
            try result
                == resource(
                    #"""
                    {"userName":"ada@example.com","title":"Countess","emails":[{"value":"a"}],
                    "name":{"givenName":"A","formatted":"Ada L"},"\#(enterprise)":{"division":"N"}}
                    """#
                )
        )
    }

    @Test func `a replacement by a full connection keeps nothing`() throws {
        let body = try resource(#"{"userName":"ada@example.com"}"#)

        #expect(body.keepingHidden(of: try resource(Self.full), from: .full) == body)
    }

    @Test(arguments: [
        (
            #"{"op":"remove","path":"name"}"#, #""name":{"formatted":"Ada L"}"#,
            "{\"division\":\"N\",\"department\":\"Tax\"}"
        ),
        (
            #"{"op":"replace","path":"name","value":null}"#, #""name":{"formatted":"Ada L"}"#,
            "{\"division\":\"N\",\"department\":\"Tax\"}"
        ),
        (
            #"{"op":"remove","path":"\#(enterprise)"}"#, #""name":{"formatted":"Ada L","givenName":"Ada"}"#,
            "{\"division\":\"N\"}"
        ),
    ])
    func `a PATCH by a learner connection removes what it sees`(
        operation: String,
        name: String,
        extension: String
    ) throws {
        let after = try PatchedResource(Self.full, "[\(operation)]", set: .learner)

        #expect(
            try after.isLike(
                #"""
                {"userName":"ada@example.com","title":"Countess","emails":[{"value":"a"}],\#(name),
                "\#(enterprise)":\#(`extension`)}
                """#
            )
        )
        #expect(after.notes.isEmpty)
    }

    @Test func `to remove what is hidden only is to remove nothing, and is noted`() throws {
        let after = try PatchedResource(
            #"{"userName":"a@b","name":{"formatted":"A"},"\#(enterprise)":{"division":"N"}}"#,
            #"[{"op":"remove","path":"name"},{"op":"remove","path":"\#(enterprise)"}]"#,
            set: .learner
        )

        #expect(after.notes == ["name", enterprise].map { Note(.alreadySo, $0) })
    }
}
