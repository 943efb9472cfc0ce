import GatewayTesting
import HTTPTransport
import HTTPTypes
import NIOCore
import Tenancy
import Testing

@testable import Gateway
@testable import Sharing

@Suite("Turns of requests")
struct TurnExchangeTests {
    @Test func `whatever becomes of a request, its turn and its body's room are free again`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let replies = [
                await gateway.send(.get, "/Users/\(id)"),
                await gateway.send(.get, "/nothing"),
                await gateway.send(.get, "/Users", host: "other.example"),
                await gateway.send(.post, "/Users", body: "no JSON"),
                await gateway.send(.post, "/Groups", body: "{}"),
                await gateway.send(.post, "/Users") { $0(.failure(.tooLarge)) },
                await gateway.send(.put, "/Users/\(id)", body: #"{"schemas":[]}"#),
                await gateway.send(.get, "/Users", token: "sgw_no"),
            ]

            #expect(replies.map(\.status.code) == [200, 404, 421, 400, 403, 413, 400, 401])
            #expect(gateway.runtime.turns.counts == TurnCounts())
        }
    }

    @Test
    func `when as many of all wait as may, a request gets 503 at once, and is served when there is room`()
        async throws
    {
        var limits = TurnLimits()
        (limits.inWork, limits.waiting) = (1, 0)
        try await withGateway(turnLimits: limits) { gateway in
            let turns = gateway.runtime.turns
            let tenant = try #require(gateway.runtime.directory.tenants[Tenant.ID("northwind")])
            let busy = try await turns.turn(
                for: OperatorAccess.scope(tenant: tenant, profile: gateway.runtime.profile, operator: "test"),
                bodyBytes: 0
            )

            let refused = await gateway.send(.get, "/Users")
            #expect(refused.status.code == 503)
            #expect(refused.fields[.retryAfter] == "2")
            #expect(refused.fields[.contentType] == "application/scim+json")
            #expect(refused.pause == .seconds(2))
            turns.ended(busy)

            #expect(await gateway.send(.get, "/Users").status == .ok)
            #expect(turns.counts == TurnCounts(overloaded: 1))
        }
    }

    @Test func `a tenant that has as many waiting as may gets 429 at once, and its connection a pause`()
        async throws
    {
        var limits = TurnLimits()
        (limits.inWorkOfTenant, limits.waitingOfTenant) = (1, 0)
        try await withGateway(turnLimits: limits) { gateway in
            let turns = gateway.runtime.turns
            let tenant = try #require(gateway.runtime.directory.tenants[Tenant.ID("contoso")])
            let busy = try await turns.turn(
                for: OperatorAccess.scope(tenant: tenant, profile: gateway.runtime.profile, operator: "test"),
                bodyBytes: 0
            )

            let refused = await gateway.send(.get, "/Users")
            #expect(refused.status.code == 429)
            #expect(refused.fields[.retryAfter] == "1")
            #expect(refused.pause == .seconds(2))
            #expect(await gateway.send(.get, "/Users", token: gateway.neighbour.text).status == .ok)
            turns.ended(busy)

            #expect(await gateway.send(.get, "/Users").status == .ok)
        }
    }

    @Test func `a connection pauses after a 401, and after no other answer of one request`() async throws {
        try await withGateway { gateway in
            #expect(await gateway.send(.get, "/Users", token: "sgw_no").pause == .milliseconds(50))

            #expect(await gateway.send(.get, "/Users").pause == nil)
            #expect(await gateway.send(.get, "/nothing").pause == nil)
        }
    }

    @Test func `a request that has waited long enough gets 429, and its connection no pause`() async throws {
        let limits = TenantLimits(requestsPerSecond: 25, burst: 1, queueTime: .milliseconds(30))
        try await withGateway(limits: limits, clock: HastyClock()) { gateway in
            for _ in 0..<2 { #expect(await gateway.send(.get, "/Users").status == .ok) }

            let late = await gateway.send(.get, "/Users")

            #expect(late.status.code == 429)
            #expect(late.fields[.retryAfter] == "1")
            #expect(late.pause == nil)
            #expect(await gateway.send(.get, "/Users").status == .ok)
        }
    }
}
