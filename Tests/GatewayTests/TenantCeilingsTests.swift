import Synchronization
import Tenancy
import Testing

@testable import Gateway

@Suite("A tenant's request ceiling")
struct TenantCeilingsTests {
    private let limits = TenantLimits(requestsPerSecond: 10, burst: 2, queueTime: .milliseconds(250))

    @Test func `a burst passes at once, what is above it waits, what would wait too long is refused`() async {
        let clock = HandClock()
        let ceilings = TenantCeilings(clock: clock)

        var refusals: [Int?] = []
        for _ in 0..<7 { refusals.append(await ceilings.pass(Tenant.ID("a"), limits)) }

        #expect(refusals == [nil, nil, nil, nil, nil, 1, 1])
        #expect(clock.slept == [.milliseconds(100), .milliseconds(200)])
    }

    @Test func `one tenant's flood does not touch another's`() async {
        let ceilings = TenantCeilings(clock: HandClock())
        for _ in 0..<7 { _ = await ceilings.pass(Tenant.ID("a"), limits) }

        #expect(await ceilings.pass(Tenant.ID("b"), limits) == nil)
    }

    @Test func `time gives the ceiling back`() async {
        let clock = HandClock()
        let ceilings = TenantCeilings(clock: clock)
        for _ in 0..<7 { _ = await ceilings.pass(Tenant.ID("a"), limits) }

        clock.advance(by: .seconds(1))

        #expect(await ceilings.pass(Tenant.ID("a"), limits) == nil)
    }
}

/// A clock that stands still: sleeping is only noted.
final class HandClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex((now: Instant(offset: .zero), slept: [Duration]()))

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }
    var slept: [Duration] { state.withLock { $0.slept } }

    func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: duration) }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        state.withLock { $0.slept.append($0.now.duration(to: deadline)) }
    }
}
