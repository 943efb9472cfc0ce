import Synchronization

/// A clock on which nobody waits, and that ends the work after some sleeps.
package final class CountingClock: Clock, Sendable {
    private let sleeps: Int
    private let time = HastyClock()
    private let noted = Mutex<[Duration]>([])

    /// How long each sleep was to be, the last one included, which ended the work.
    package var slept: [Duration] { noted.withLock { $0 } }
    /// The moment to which the sleepers have moved it.
    package var now: HastyClock.Instant { time.now }
    /// Any.
    package var minimumResolution: Duration { .zero }

    /// A clock whose sleep of that number is cancelled.
    package init(sleeps: Int) {
        self.sleeps = sleeps
    }

    /// Moves the clock there, or ends the work.
    package func sleep(until deadline: HastyClock.Instant, tolerance: Duration?) async throws {
        let count = noted.withLock { noted in
            noted.append(time.now.duration(to: deadline))
            return noted.count
        }
        guard count < sleeps else { throw CancellationError() }
        try await time.sleep(until: deadline, tolerance: tolerance)
    }

    /// Moves the clock as work does: nobody has slept.
    package func pass(_ duration: Duration) async throws {
        try await time.sleep(for: duration)
    }
}
