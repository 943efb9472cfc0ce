import Synchronization

/// A clock on which nobody waits: sleeping moves it.
package final class HastyClock: Clock, Sendable {
    /// A moment, counted from the first.
    package struct Instant: InstantProtocol {
        var offset: Duration

        /// The moment that long after.
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// How long it is until another.
        package func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether it is before the other.
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Instant(offset: .zero))

    /// None has slept yet.
    package init() {}

    /// The moment to which the sleepers have moved it.
    package var now: Instant { time.withLock { $0 } }
    /// Any.
    package var minimumResolution: Duration { .zero }

    /// Moves the clock there.
    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        time.withLock { $0 = max($0, deadline) }
    }
}
