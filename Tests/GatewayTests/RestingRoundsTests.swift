import GatewayTesting
import Synchronization
import Testing

@testable import Gateway

@Suite("Work in the background, with rests")
struct RestingRoundsTests {
    @Test(arguments: [
        (took: [], rests: [30]),
        (took: [0, 3, 4, 0], rests: [30, 30, 30, 40, 30]),
        (took: [20], rests: [30, 200]),
    ])
    func `a rest is as long as the round demands, at least the interval, and comes before the first`(
        took: [Int],
        rests: [Int]
    ) async throws {
        let clock = CountingClock(sleeps: rests.count)
        let rounds = RestingRounds(clock: clock, interval: .seconds(30), restFactor: 10)
        let done = Mutex(0)

        await rounds.run {
            let number = done.withLock { count in
                count += 1
                return count - 1
            }
            // What is asked of this clock never fails.
            try? await clock.pass(.seconds(took[number]))
        }

        #expect(clock.slept == rests.map { .seconds($0) } && done.withLock { $0 } == took.count)
    }
}
