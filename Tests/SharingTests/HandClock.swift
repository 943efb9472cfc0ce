import Synchronization

/// A clock that stands until it is moved by hand; who sleeps wakes when it has been moved far enough.
final class HandClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [(until: Instant, wake: CheckedContinuation<Void, Never>)] = []
        var watchers: [(until: Instant, seen: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }

    /// Moves the clock and wakes those that have slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let woken = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return woken
        }
        for sleeper in woken { sleeper.wake.resume() }
    }

    /// Waits until somebody sleeps that wakes within so long.
    func untilSomebodySleeps(within duration: Duration) async {
        await withCheckedContinuation { continuation in
            let isSeen = state.withLock { state in
                let limit = state.now.advanced(by: duration)
                if state.sleepers.contains(where: { $0.until <= limit }) { return true }
                state.watchers.append((limit, continuation))
                return false
            }
            if isSeen { continuation.resume() }
        }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        await withCheckedContinuation { continuation in
            let (isOver, seen) = state.withLock { state in
                guard deadline > state.now else { return (true, state.watchers.prefix(0)) }
                state.sleepers.append((deadline, continuation))
                let cut = state.watchers.partition { deadline <= $0.until }
                let seen = state.watchers[cut...]
                state.watchers.removeSubrange(cut...)
                return (false, seen)
            }
            if isOver { continuation.resume() }
            for watcher in seen { watcher.seen.resume() }
        }
    }
}
