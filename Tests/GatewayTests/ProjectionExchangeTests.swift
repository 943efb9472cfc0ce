import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("Partial answers of every method, RFC 7644 §3.9")
struct ProjectionExchangeTests {
    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    private static let body = #"""
        {"userName":"ada@example.com","title":"Countess","password":"Sesame","name":{"givenName":"Ada","familyName":"L"},
        "emails":[{"value":"a@example.com","type":"work"}],"\#(enterprise)":{"department":"Tax","division":"N"}}
        """#

    /// What to ask, and the names that the answer then has.
    struct Case: Sendable {
        let query: String
        let names: [String]
    }

    private static let cases = [
        Case(query: "attributes=userName", names: ["schemas", "id", "userName"]),
        Case(query: "ATTRIBUTES=USERNAME", names: ["schemas", "id", "userName"]),
        Case(query: "attributes=name.givenName,id", names: ["schemas", "id", "name"]),
        Case(query: "attributes=password", names: ["schemas", "id"]),
        Case(query: "attributes=shoeSize", names: ["schemas", "id"]),
        Case(query: "attributes=\(enterprise):department", names: ["schemas", "id", enterprise]),
        Case(query: "attributes=meta.version", names: ["schemas", "id", "meta"]),
        Case(
            query: "excludedAttributes=id,schemas,emails,meta,groups",
            names: ["schemas", "id", "userName", "title", "name", "active", enterprise]
        ),
        Case(
            query: "excludedAttributes=\(enterprise),name,title,emails,meta,groups",
            names: ["schemas", "id", "userName", "active"]
        ),
        Case(query: "attributes=title&excludedAttributes=title", names: ["schemas", "id", "title"]),
        Case(
            query: "attributes=&excludedAttributes=",
            names: [
                "schemas", "id", "userName", "title", "name", "emails", "active", enterprise,
                "meta",
            ]
        ),
    ]

    @Test(arguments: cases)
    func `POST, GET, HEAD, PUT and PATCH answer with what was asked for`(asked: Case) async throws {
        try await withGateway(attributes: .full) { gateway in
            let made = await gateway.send(.post, "/Users?\(asked.query)", body: Self.body)
            let path = try #require(made.fields[.location]?.split(separator: "/scim/v2").last)
            let one = "\(path)?\(asked.query)"
            let patch = #"{"Operations":[{"op":"replace","path":"title","value":"Countess of L"}]}"#
            let answers = [
                made, await gateway.send(.get, one), await gateway.send(.head, one),
                await gateway.send(.put, one, body: Self.body), await gateway.send(.patch, one, body: patch),
            ]

            #expect(answers.map(\.status.code) == [201, 200, 200, 200, 200])
            for answer in answers {
                let names = Self.names(try json(answer))
                #expect(names == Set(asked.names))
                #expect(answer.fields[.eTag]?.hasPrefix("W/") == true)
            }
        }
    }

    @Test(arguments: cases)
    func `a list and a search answer with what was asked for of each resource`(asked: Case) async throws {
        try await withGateway(attributes: .full) { gateway in
            _ = await gateway.send(.post, "/Users", body: Self.body)
            _ = await gateway.send(.post, "/Users", body: Self.body.replacing("ada@", with: "bob@"))
            let members = asked.query.split(separator: "&").map { pair in
                let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
                return #""\#(sides[0])":"\#(sides[1])""#
            }
            let search = "{\(members.joined(separator: ","))}"

            for answer in [
                await gateway.send(.get, "/Users?\(asked.query)"),
                await gateway.send(.post, "/Users/.search", body: search),
            ] {
                guard case .object(let list) = try json(answer), case .array(let found)? = list["Resources"]
                else {
                    Issue.record("no list")
                    continue
                }
                #expect(found.count == 2)
                for resource in found { #expect(Self.names(resource) == Set(asked.names)) }
            }
        }
    }

    @Test func `a learner connection gets what its set holds, whatever it asks for`() async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(
                .post,
                "/Users?attributes=userName,title,emails,name",
                body: Self.body
            )

            let names = Self.names(try json(reply))

            #expect(names == ["schemas", "id", "userName", "name"])
        }
    }

    private func json(_ reply: Reply) throws -> JSONValue {
        try JSONReader.read(Array(reply.text.utf8))
    }

    private static func names(_ json: JSONValue) -> Set<String> {
        guard case .object(let object) = json else { return [] }
        return Set(object.members.map(\.name))
    }
}
