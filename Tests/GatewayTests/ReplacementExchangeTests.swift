import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("PUT, RFC 7644 §3.5.1")
struct ReplacementExchangeTests {
    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    private static let full = #"""
        {"userName":"ada@example.com","externalId":"e1","active":false,"title":"Countess",
        "name":{"givenName":"Ada","formatted":"Ada L"},"emails":[{"value":"a@example.com"}],
        "\#(enterprise)":{"department":"Tax","manager":{"value":"m"}}}
        """#

    /// Makes the resource, replaces it, and gives the answer with the resource as it was.
    private func replacing(with body: String, _ check: (Reply, JSONObject, JSONObject) throws -> Void)
        async throws
    {
        try await withGateway(attributes: .full) { gateway in
            let before = try object(await gateway.send(.post, "/Users", body: Self.full))
            guard case .string(let id)? = before["id"] else { throw SCIMError.notFound("no id") }
            let reply = await gateway.send(.put, "/Users/\(id)", body: body)
            let after = try object(await gateway.send(.get, "/Users/\(id)"))
            let answer = try object(reply)
            if reply.status == .ok { #expect(JSONValue.object(answer) == .object(after)) }
            try check(reply, before, after)
        }
    }

    private func object(_ reply: Reply) throws -> JSONObject {
        guard case .object(let object) = try JSONReader.read(Array(reply.text.utf8)) else {
            return JSONObject()
        }
        return object
    }

    @Test func `what the body leaves out or sends as null is cleared, but for active`() async throws {
        try await replacing(with: #"{"userName":"ada@example.com","name":{"givenName":"Ada"},"title":null}"#)
        {
            reply,
            before,
            after in
            #expect(reply.status == .ok)
            #expect(
                Set(after.members.map(\.name)) == [
                    "schemas", "id", "userName", "name", "active", "meta",
                ]
            )
            #expect(after["active"] == .boolean(false))
            #expect(after["name"] == .object(JSONObject([.init(name: "givenName", value: .string("Ada"))])))
            #expect(after["schemas"] == .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]))
        }
    }

    @Test func `read-only values in the body change nothing`() async throws {
        let body = #"""
            {"userName":"ada@example.com","id":"other","groups":[{"value":"admins"}],"schemas":["urn:x:y"],
            "meta":{"created":"1999-01-01T00:00:00Z","location":"https://evil.example","version":"W/\"9\""},
            "\#(Self.enterprise)":{"manager":{"value":"m","displayName":"Boss","$ref":"https://evil.example"}}}
            """#

        try await replacing(with: body) { reply, before, after in
            #expect(reply.status == .ok)
            #expect(after["id"] == before["id"] && after["groups"] == before["groups"])
            guard case .object(let meta)? = after["meta"], case .object(let old)? = before["meta"] else {
                return
            }
            #expect(meta["created"] == old["created"] && meta["location"] == old["location"])
            #expect(meta["version"] == .string("W/\"2\""))
            #expect(!reply.text.contains("evil") && !reply.text.contains("Boss"))
            #expect(reply.fields[NotesField.name] == #"dropped="id groups""#)
        }
    }

    @Test(arguments: [
        (#"{"userName":null}"#, "invalidValue"), (#"{"title":"T"}"#, "invalidValue"),
        (#"{"userName":"a@b.example","active":"perhaps"}"#, "invalidValue"),
        (#"{"userName":"a@b.example","profileUrl":"two words"}"#, "invalidValue"),
        (#"{"userName":"a@b.example","x509Certificates":[{"value":"?"}]}"#, "invalidValue"),
        (
            #"{"userName":"a@b.example","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}"#,
            "invalidValue"
        ),
        (#"{"userName":"a@b.example","USERNAME":"b"}"#, "invalidSyntax"), ("[]", "invalidSyntax"),
    ])
    func `a body that is refused leaves all as it was`(body: String, kind: String) async throws {
        try await replacing(with: body) { reply, before, after in
            #expect(reply.status == .badRequest)
            #expect(reply.text.contains(#""scimType":"\#(kind)""#))
            #expect(JSONValue.object(after) == .object(before))
        }
    }
}
