import Testing

@testable import Rehearsal

@Suite("Latencies, kind by kind")
struct LatencyTallyTests {
    @Test func `ranks are those of the answers, in milliseconds`() {
        var tally = LatencyTally()
        for number in (1...100).reversed() { tally.add(.create, microseconds: number * 1_000) }

        #expect(tally.rows == [.init(kind: .create, count: 100, p50: 50, p95: 95, p99: 99, most: 100)])
    }

    @Test func `one answer is every rank`() {
        var tally = LatencyTally()
        tally.add(.filter, microseconds: 1_260)

        #expect(tally.rows == [.init(kind: .filter, count: 1, p50: 1.3, p95: 1.3, p99: 1.3, most: 1.3)])
    }

    @Test func `two tallies add up, and kinds stay in the order of a life`() {
        var (one, other) = (LatencyTally(), LatencyTally())
        one.add(.delete, microseconds: 1)
        one.refuse(.create, "409")
        other.add(.filter, microseconds: 1)
        other.refuse(.create, "409")

        one.add(other)

        #expect(one.rows.map(\.kind) == [.filter, .delete])
        #expect(one.refusals.map(\.what) == ["create 409"] && one.refusalCount == 2)
    }
}
