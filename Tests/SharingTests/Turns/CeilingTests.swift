import NIOCore
import Tenancy
import Testing

@testable import Sharing

@Suite("A tenant's request ceiling")
struct CeilingTests {
    private let limits = TenantLimits(requestsPerSecond: 10, burst: 2, queueTime: .zero)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `a burst passes at once, and then one at each tenth of a second`() {
        var ceiling = Ceiling(now: start)

        for _ in 0..<3 {
            #expect(ceiling.opens(limits) <= start)
            ceiling.passed(limits, now: start)
        }

        #expect(ceiling.opens(limits) == start + .milliseconds(100))
        ceiling.passed(limits, now: start + .milliseconds(100))
        #expect(ceiling.opens(limits) == start + .milliseconds(200))
    }

    @Test func `time gives the burst back, and no more than the burst`() {
        var ceiling = Ceiling(now: start)
        for _ in 0..<3 { ceiling.passed(limits, now: start) }
        #expect(!ceiling.isIdle(now: start + .milliseconds(299)))
        #expect(ceiling.isIdle(now: start + .milliseconds(300)))

        let later = start + .hours(1)
        for _ in 0..<3 {
            #expect(ceiling.opens(limits) <= later)
            ceiling.passed(limits, now: later)
        }

        #expect(ceiling.opens(limits) == later + .milliseconds(100))
    }

    @Test func `a clock that has just begun has room for the burst`() {
        let ceiling = Ceiling(now: .uptimeNanoseconds(0))

        #expect(ceiling.opens(limits) == .uptimeNanoseconds(0))
    }
}
