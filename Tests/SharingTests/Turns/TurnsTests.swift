import CloudProfiles
import Synchronization
import Tenancy
import Testing

@testable import Sharing

@Suite("Turns")
struct TurnsTests {
    private let clock = HandClock()

    private func turns(_ change: (inout TurnLimits) -> Void = { _ in }) -> Turns {
        var limits = TurnLimits()
        change(&limits)
        return Turns(limits: limits, clock: clock)
    }

    @Test func `a request above the ceiling is told to come again only after it has waited`() async throws {
        let turns = turns()
        let slow = Tenant.scope("a", requestsPerSecond: 25, queueTime: .milliseconds(30))
        for _ in 0..<2 { _ = try await turns.turn(for: slow, bodyBytes: 0) }

        let waiting = Task { await outcome(turns, slow) }
        await clock.untilSomebodySleeps(within: .milliseconds(30))
        #expect(turns.counts.waiting == 1)
        #expect(turns.counts.refused == 0)
        clock.advance(by: .milliseconds(30))

        #expect(await waiting.value == .late(retryAfterSeconds: 1))
        #expect(turns.counts.refused == 1)
    }

    @Test func `a request above the ceiling begins when the ceiling opens`() async throws {
        let turns = turns()
        let slow = Tenant.scope("a", requestsPerSecond: 25, queueTime: .seconds(2))
        for _ in 0..<2 { _ = try await turns.turn(for: slow, bodyBytes: 0) }

        let waiting = Task { await outcome(turns, slow) }
        await clock.untilSomebodySleeps(within: .milliseconds(40))
        clock.advance(by: .milliseconds(40))

        #expect(await waiting.value == nil)
        #expect(turns.counts.waiting == 0)
    }

    @Test func `a turn that ends goes to who waits`() async throws {
        let turns = turns { $0.inWork = 1 }
        let first = try await turns.turn(for: Tenant.scope("a"), bodyBytes: 10)
        let waiting = Task { try await turns.turn(for: Tenant.scope("b"), bodyBytes: 20) }
        await clock.untilSomebodySleeps(within: .seconds(2))
        #expect(turns.counts == TurnCounts(inWork: 1, waiting: 1, bodyBytes: 10))

        turns.ended(first)

        let second = try await waiting.value
        #expect(turns.counts == TurnCounts(inWork: 1, waiting: 0, bodyBytes: 20))
        turns.ended(second)
        #expect(turns.counts == TurnCounts())
    }

    @Test func `a request whose client is gone leaves the line and takes no turn`() async throws {
        let turns = turns { $0.inWork = 1 }
        let first = try await turns.turn(for: Tenant.scope("a"), bodyBytes: 0)
        let waiting = Task { await outcome(turns, Tenant.scope("b")) }
        await clock.untilSomebodySleeps(within: .seconds(2))

        waiting.cancel()

        #expect(await waiting.value == .abandoned)
        #expect(turns.counts.waiting == 0)
        turns.ended(first)
        #expect(turns.counts == TurnCounts())
    }

    @Test func `a request whose client was gone before it came to wait does not wait`() async throws {
        let turns = turns { $0.inWork = 1 }
        _ = try await turns.turn(for: Tenant.scope("a"), bodyBytes: 0)

        let gone = await withTaskGroup(of: TurnRefusal?.self) { group -> TurnRefusal? in
            group.cancelAll()
            group.addTask { await outcome(turns, Tenant.scope("b")) }
            return await group.next() ?? nil
        }

        #expect(gone == .abandoned)
        #expect(turns.counts.waiting == 0)
    }

    @Test func `a body that is received gives the place to others, whatever becomes of it`() async throws {
        let turns = turns { $0.inWork = 1 }
        let slow = try await turns.turn(for: Tenant.scope("a"), bodyBytes: 10)

        await #expect(throws: Torn.self) {
            try await turns.receiving { () async throws(Torn) in
                #expect(turns.counts.inWork == 0)
                let other = try? await turns.turn(for: Tenant.scope("b"), bodyBytes: 0)
                if let other { turns.ended(other) }
                throw Torn()
            }
        }

        #expect(turns.counts == TurnCounts(inWork: 1, waiting: 0, bodyBytes: 10))
        turns.ended(slow)
        #expect(turns.counts == TurnCounts())
    }

    @Test func `a request whose next operation is refused keeps its turn`() async throws {
        let turns = turns()
        let turn = try await turns.turn(
            for: Tenant.scope("a", requestsPerSecond: 25, queueTime: .zero),
            bodyBytes: 10
        )
        try await turns.nextOperation(of: turn)

        await #expect(throws: TurnRefusal.tooMany(retryAfterSeconds: 1)) {
            try await turns.nextOperation(of: turn)
        }

        #expect(turns.counts == TurnCounts(inWork: 1, waiting: 0, bodyBytes: 10, refused: 1))
        turns.ended(turn)
        #expect(turns.counts.inWork == 0)
    }

    /// Why there was no turn; nil when there was one.
    private func outcome(_ turns: Turns, _ scope: TenantScope) async -> TurnRefusal? {
        do throws(TurnRefusal) {
            _ = try await turns.turn(for: scope, bodyBytes: 0)
            return nil
        } catch {
            return error
        }
    }
}

/// A body that ends too soon.
private struct Torn: Error {}

extension Tenant {
    /// A tenant with one request at once above its ceiling, seen by its operator.
    fileprivate static func scope(
        _ name: String,
        requestsPerSecond: Int = 1_000_000,
        queueTime: Duration = .seconds(2)
    ) -> TenantScope {
        let tenant = Tenant(
            id: Tenant.ID(name),
            displayName: name,
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: [],
            connections: [],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: requestsPerSecond, burst: 1, queueTime: queueTime)
        )
        return OperatorAccess.scope(tenant: tenant, profile: .named(.commercial), operator: "test")
    }
}
