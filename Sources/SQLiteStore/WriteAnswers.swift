import Store
import Synchronization

/// The answers of several jobs, for the one who waits for all of them.
final class WriteAnswers: Sendable {
    private let state: Mutex<State>
    private let continuation: CheckedContinuation<[StoreError?], Never>

    private struct State {
        var refusals: [StoreError?]
        var missing: Int
    }

    /// Answers of so many jobs, 1 or more, none of which is there yet.
    init(of count: Int, _ continuation: CheckedContinuation<[StoreError?], Never>) {
        state = Mutex(State(refusals: Array(repeating: nil, count: count), missing: count))
        self.continuation = continuation
    }

    /// Takes the one answer of a job; the last one resumes who waits.
    func take(_ refusal: StoreError?, of number: Int) {
        let refusals = state.withLock { state -> [StoreError?]? in
            state.refusals[number] = refusal
            state.missing -= 1
            return state.missing == 0 ? state.refusals : nil
        }
        if let refusals { continuation.resume(returning: refusals) }
    }
}
