import Testing

@testable import SCIM

@Suite("No operation of a PATCH is silent about changing nothing, RFC 7644 §3.5.2")
struct PatchNotesTests {
    private static let user = PatchNamesTests.user
    private static let enterprise = PatchNamesTests.enterprise
    private static let ada = #"""
        {"userName":"ada@example.com","active":true,"title":"Countess","name":{"givenName":"Ada"},
        "emails":[{"value":"a@example.com","type":"work"}],"roles":[{"value":"admin"}],
        "\#(enterprise)":{"department":"Tax","manager":{"value":"m"}}}
        """#

    @Test(arguments: [
        (#"{"op":"add","path":"emails","value":[]}"#, "emails"),
        (#"{"op":"add","path":"emails","value":null}"#, "emails"),
        (#"{"op":"add","path":"emails","value":[{}]}"#, "emails"),
        (#"{"op":"remove","path":"emails","value":[]}"#, "emails"),
        (#"{"op":"remove","path":"emails","value":[{"value":"b@example.com"}]}"#, "emails"),
        (#"{"op":"remove","path":"emails[type eq \"home\"]"}"#, "emails"),
        (#"{"op":"remove","path":"emails[type eq \"home\"].value"}"#, "emails.value"),
        (#"{"op":"remove","path":"emails.display"}"#, "emails.display"),
        (#"{"op":"add","path":"emails[type eq \"home\"].value","value":""}"#, "emails.value"),
        (#"{"op":"add","path":"emails[type eq \"work\"]","value":{}}"#, "emails"),
        (
            #"{"op":"replace","path":"emails","value":[{"type":"work","value":"a@example.com"}]}"#,
            "emails"
        ),
        (#"{"op":"remove","path":"nickName"}"#, "nickName"),
        (#"{"op":"replace","path":"nickName","value":""}"#, "nickName"),
        (#"{"op":"replace","path":"title","value":"Countess"}"#, "title"),
        (#"{"op":"add","path":"name","value":{}}"#, "name"),
        (#"{"op":"add","value":{"name":{"GIVENNAME":"Ada"}}}"#, "name"),
        (#"{"op":"remove","path":"name.familyName"}"#, "name.familyName"),
        (
            #"{"op":"add","path":"manager","value":{"value":"m","displayName":"Boss"}}"#,
            "\(enterprise):manager"
        ),
        (#"{"op":"add","path":"\#(enterprise)","value":{}}"#, enterprise),
        (#"{"op":"add","value":{"\#(enterprise)":{}}}"#, enterprise),
        (#"{"op":"replace","value":{}}"#, user),
        (#"{"op":"replace","value":{"\#(user)":{}}}"#, user),
        (#"{"op":"remove","path":"externalId"}"#, "externalId"),
    ])
    func `what is so already is noted, and nothing changes`(operation: String, name: String) throws {
        let after = try PatchedResource(Self.ada, "[\(operation)]")

        #expect(try after.isLike(Self.ada))
        #expect(after.notes == [Note(.alreadySo, name)])
    }

    @Test(
        arguments: [
            (
                #"{"op":"add","value":{"favourite":1,"shoe":{"size":1}}}"#,
                [Note(.unknown, "favourite"), Note(.unknown, "shoe")]
            ),
            (#"{"op":"add","path":"name","value":{"nick":"A"}}"#, [Note(.unknown, "name.nick")]),
            (#"{"op":"add","path":"name","value":{"formatted":"A"}}"#, [Note(.dropped, "name.formatted")]),
            (
                #"{"op":"replace","value":{"name":{"formatted":"A","nick":"A"},"title":"T"}}"#,
                [Note(.dropped, "name.formatted"), Note(.unknown, "name.nick"), Note(.dropped, "title")]
            ),
            (
                #"{"op":"add","path":"\#(enterprise)","value":{"division":"N"}}"#,
                [Note(.dropped, "\(enterprise):division")]
            ),
            (#"{"op":"add","value":{"id":"x"}}"#, [Note(.dropped, "id")]),
            (#"{"op":"add","path":"password","value":"Sesame"}"#, [Note(.dropped, "password")]),
            (#"{"op":"add","path":"schemas","value":["urn:x:y"]}"#, [Note(.dropped, "schemas")]),
        ] as [(String, [Note])]
    )
    func `what was left out is not called so already too`(operation: String, notes: [Note]) throws {
        let after = try PatchedResource(Self.ada, "[\(operation)]", set: .learner)

        #expect(try after.isLike(Self.ada))
        #expect(after.notes == notes)
    }

    @Test func `an operation that changes a part leaves no note on the rest`() throws {
        let after = try PatchedResource(
            Self.ada,
            #"[{"op":"add","path":"name","value":{"givenName":"Ada","familyName":"L"}},{"op":"add","path":"roles","value":["admin","user"]}]"#
        )

        #expect(after.resource.attributes.values(of: "roles") == ["admin", "user"])
        #expect(after.notes.isEmpty)
    }

    @Test func `a thousand operations that change nothing are one note of a thousand`() throws {
        let operation = #"{"op":"replace","path":"active","value":"True"}"#
        let operations = Array(repeating: operation, count: PatchLimits.operations).joined(separator: ",")

        let after = try PatchedResource(Self.ada, "[\(operations)]")

        #expect(after.notes == [Note(.alreadySo, "active", count: 1_000)])
    }
}
