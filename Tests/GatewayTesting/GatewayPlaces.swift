import Synchronization

/// How many gateways are open at once, of all tests that run side by side.
///
/// Each holds a dozen files and more open. With some 1,340 open in the process, Foundation's `Process`, which other tests
/// run, lists them past the end of its buffer and crashes (seen with Swift 6.3 on Debian 12).
package final class GatewayPlaces: Sendable {
    /// The places of this process.
    package static let shared = GatewayPlaces()

    private let state = Mutex((free: 8, waiting: [CheckedContinuation<Void, Never>]()))

    /// Waits for a place.
    package func take() async {
        await withCheckedContinuation { continuation in
            let hasPlace = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if hasPlace { continuation.resume() }
        }
    }

    /// Hands the place to who has waited longest.
    package func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
