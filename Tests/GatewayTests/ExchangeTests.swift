import CloudProfiles
import Crypto
import Dialects
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import SCIM
import SQLiteStore
import Store
import Testing

@testable import Gateway
@testable import Tenancy

@Suite("The whole way of a request, over a real store")
struct ExchangeTests {
    @Test func `a GET by id parses no JSON, unless a part of the resource is asked for`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            let whole = ParseCounter()
            let reply = await JSONReader.$observer.withValue(whole) {
                await gateway.send(.get, "/Users/\(id)")
            }
            let part = ParseCounter()
            _ = await JSONReader.$observer.withValue(part) {
                await gateway.send(.get, "/Users/\(id)?attributes=userName")
            }

            #expect(reply.status == .ok)
            #expect(whole.count == 0)
            #expect(part.count == 1)
        }
    }

    @Test func `a look-up by userName parses no JSON either`() async throws {
        try await withGateway { gateway in
            _ = try await gateway.create("ada@example.com")

            let counter = ParseCounter()
            let reply = await JSONReader.$observer.withValue(counter) {
                await gateway.send(.get, "/Users?filter=userName+eq+%22ADA@example.com%22")
            }

            #expect(reply.status == .ok)
            #expect(reply.text.contains(#""totalResults":1"#))
            #expect(counter.count == 0)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/Nothing", 404, "no_endpoint"), (.put, "/Users", 405, "method"),
        (.get, "/Me", 501, "scim_501"), (.get, "/Users?filter=x", 400, "invalidFilter"),
        (.delete, "/Users/x", 404, "scim_404"),
        (.post, "/Groups", 403, "scim_403"), (.get, "/Schemas?filter=x", 403, "scim_403"),
    ])
    func `each refusal is one SCIM error`(
        method: HTTPRequest.Method,
        path: String,
        status: Int,
        reason: String
    ) async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(method, path)

            #expect(reply.status.code == status)
            #expect(reply.fields[.contentType] == "application/scim+json")
            #expect(reply.text.contains(#""status":"\#(status)""#))
            #expect(reply.fields[RequestID.fieldName]?.utf8.count == 24)
        }
    }

    @Test func `a filter on meta.location compares with the listener's public address`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            let location = "https://scim.example/scim/v2/Users/\(id)"
            let found = await gateway.send(.get, "/Users?filter=meta.location+eq+%22\(location)%22")
            let other = await gateway.send(.get, "/Users?filter=meta.location+eq+%22https://x\(id)%22")

            #expect(found.text.contains(#""totalResults":1"#))
            #expect(other.text.contains(#""totalResults":0"#))
        }
    }

    @Test func `a body is not asked for while the token is refused`() async throws {
        try await withGateway { gateway in
            let reply = await gateway.send(
                .post,
                "/Users",
                token: "sgw_unknown",
                pull: { _ in
                    Issue.record("the body was pulled")
                }
            )

            #expect(reply.status == .unauthorized)
            #expect(reply.fields[.wwwAuthenticate] == "Bearer realm=\"scim\"")
        }
    }

    @Test func `a host that is not served is misdirected, after admission only`() async throws {
        try await withGateway { gateway in
            #expect(await gateway.send(.get, "/Users", host: "other.example").status.code == 421)
            #expect(
                await gateway.send(.get, "/Users", token: "x", host: "other.example").status == .unauthorized
            )
        }
    }

    @Test func `a revoked token is refused from the next request on`() async throws {
        try await withGateway { gateway in
            #expect(await gateway.send(.get, "/Users").status == .ok)

            gateway.revoke()

            #expect(await gateway.send(.get, "/Users").status == .unauthorized)
        }
    }
}

extension Reply {
    /// The body as text.
    var text: String {
        switch body {
        case .bytes(let buffer): String(buffer: buffer)
        }
    }
}
