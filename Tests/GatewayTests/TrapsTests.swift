import CloudProfiles
import HTTPTransport
import HTTPTypes
import SCIM
import Tenancy
import Testing

@testable import Gateway

/// Mistakes that other servers shipped: most are transcripts in `Transcripts/traps`, these are what a transcript cannot
/// say.
@Suite("Traps that others fell into")
struct TrapsTests {
    /// Each trap, and the transcripts of that name.
    private static let transcripts = [
        "value path with a boolean": "value-path-with-a-boolean",
        "value path with a compound filter": "value-path-with-a-compound-filter",
        "value path with an escaped quote, ] or \" in a value":
            "value-path-with-brackets-and-quotes-in-a-value",
        "eq and and inside a value": "operators-inside-a-value",
        "not (a and b)": "not-of-a-group",
        "((a) and (b))": "brackets-in-brackets",
        "attribute-name case": "attribute-names-in-another-case",
        "URN path with 2.0": "urn-path-with-its-version",
        "replace on an absent parent": "replace-under-an-absent-parent",
        "remove with a value list": "remove-with-a-list-of-values",
        "remove members with a value list": "remove-members-with-a-list",
        "add what is there": "add-what-is-there",
        "add an existing member twice": "add-a-member-twice",
        "empty Operations": "empty-operations",
        "op Add": "operations-in-any-case",
        "\"True\"": "booleans-as-text",
        "no path with dotted keys": "dotted-keys-without-a-path",
        "a filter that fails to parse": "filter-that-does-not-parse",
        "or must not escape the tenant": "or-does-not-leave-the-tenant",
        "404, 403 and 409 of another tenant": "nothing-of-another-tenant-shows",
        "404, 403 and 409 of another tenant's groups": "nothing-of-another-tenant-shows-in-groups",
    ]

    @Test func `every trap has its transcript`() throws {
        let names = Set(try Transcript.all().map(\.name))

        for (trap, name) in Self.transcripts {
            #expect(names.contains("traps/\(name)"), "\(trap)")
        }
    }

    // MARK: - Other tenants

    @Test(arguments: [HTTPRequest.Method.get, .put, .patch, .delete], AttributeSet.allCases)
    func `an id of another tenant is answered as one that never was, byte for byte`(
        method: HTTPRequest.Method,
        set: AttributeSet
    ) async throws {
        try await withGateway(attributes: set) { gateway in
            let id = try await gateway.create("ada@example.com")
            let body = method == .patch ? #"{"Operations":[]}"# : #"{"userName":"ada@example.com"}"#
            let sent = [.put, .patch].contains(method) ? body : nil

            var strange = await gateway.send(
                method,
                "/Users/\(id)",
                token: gateway.neighbour.text,
                body: sent
            )
            var unknown = await gateway.send(method, "/Users/none", token: gateway.neighbour.text, body: sent)

            #expect(strange.status == .notFound)
            strange.fields[RequestID.fieldName] = nil
            unknown.fields[RequestID.fieldName] = nil
            #expect(strange.status == unknown.status && strange.fields == unknown.fields)
            #expect(strange.text == unknown.text)
            #expect(await gateway.send(.get, "/Users/\(id)").status == .ok)
        }
    }

    @Test func `two tenants in parallel see their own address and learners in every location`() async throws {
        try await withGateway { gateway in
            let ids = (
                try await gateway.create("ada@example.com"),
                try await gateway.create("bob@example.com", token: gateway.neighbour.text)
            )
            let second = TestGateway.listener("second.example", of: gateway.runtime)

            let answers = await withTaskGroup(of: (expected: String, answer: String).self) { group in
                for round in 0..<32 {
                    let base = round.isMultiple(of: 2) ? "/scim/v2" : "/api/learner-scim/v2"
                    group.addTask {
                        let reply = await gateway.send(.get, "/Users/\(ids.0)", base: base)
                        return ("https://scim.example\(base)/Users/\(ids.0)", reply.text)
                    }
                    group.addTask {
                        let reply = await gateway.send(
                            .get,
                            "/Users",
                            token: gateway.neighbour.text,
                            host: "second.example",
                            base: base,
                            through: second
                        )
                        return ("https://second.example\(base)/Users/\(ids.1)", reply.text)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }

            #expect(answers.count == 64)
            for (expected, answer) in answers {
                let locations = answer.matches(of: /"location":"([^"]*)"/).map { String($0.1) }
                #expect(locations == [expected])
            }
        }
    }

    // MARK: - What a client claims of itself

    @Test(arguments: ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
    func `an address in a header opens nothing and shuts nothing`(name: String) async throws {
        let field = try #require(HTTPField.Name(name))
        let inside = AllowedSources.networks([try Network("10.0.0.0/8")])
        let claim = { (address: String) -> HTTPFields in
            [field: name == "Forwarded" ? "for=\(address)" : address]
        }
        try await withGateway(allowFrom: inside) { gateway in
            var stranger = await gateway.send(.get, "/Users", fields: claim("10.0.0.1"), from: "203.0.113.9")
            var unknown = await gateway.send(.get, "/Users", token: "none", from: "203.0.113.9")
            let insider = await gateway.send(.get, "/Users", fields: claim("203.0.113.9"), from: "10.0.0.1")

            #expect(stranger.status == .unauthorized)
            stranger.fields[RequestID.fieldName] = nil
            unknown.fields[RequestID.fieldName] = nil
            #expect(stranger.fields == unknown.fields && stranger.text == unknown.text)
            #expect(insider.status == .ok)
        }
    }

    @Test func `a host in a header changes no location`() async throws {
        let claims: HTTPFields = try [
            #require(HTTPField.Name("X-Forwarded-Host")): "evil.example",
            #require(HTTPField.Name("X-Forwarded-Proto")): "http",
            #require(HTTPField.Name("X-Original-URL")): "/scim/v2/Groups",
        ]
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            let reply = await gateway.send(.get, "/Users/\(id)", fields: claims)

            #expect(reply.text.contains(#""location":"https://scim.example/scim/v2/Users/\#(id)""#))
        }
    }
}
