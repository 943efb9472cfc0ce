import CloudProfiles
import Logging
import SCIM
import Store
import Tenancy

/// Brings the uses of tokens, which requests note in memory, into the control database of their profile.
///
/// In the background: no request waits for it. What a killed process had not brought there yet is lost, a few seconds at
/// most; the first use of a token, on which the end of its predecessor hangs, is brought at once.
struct TokenUseKeeping: Sendable {
    let runtime: ProfileRuntime
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often uses are kept: an fsync per profile then, which nobody notices.
    static let interval = Duration.seconds(5)

    /// Works until the task is cancelled.
    func run() async {
        let wakes = runtime.tokenWakes
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Ends when the sleep is cancelled: then nobody is to be woken any more.
                while (try? await clock.sleep(for: Self.interval)) != nil { wakes.wake() }
            }
            // A database that refuses is told once, not every few seconds.
            var isKept = true
            for await _ in wakes.stream { isKept = await keep(tellingFailure: isKept) }
            tasks.cancelAll()
        }
    }

    /// Keeps what is not kept yet; false when the database refuses.
    func keep(tellingFailure: Bool = true) async -> Bool {
        let tokens = runtime.directory.tokens
        let unsaved = tokens.compactMapValues(\.life.use.unsaved)
        guard !unsaved.isEmpty else { return true }
        do throws(StoreError) {
            try await runtime.control.keep(unsaved)
            for (id, record) in unsaved { tokens[id]?.life.use.saved(record) }
            return true
        } catch {
            if tellingFailure {
                logger.storeUnavailable(
                    "the last uses of tokens cannot be kept",
                    error,
                    at: ["scim.profile": "\(runtime.profile.name.rawValue)"]
                )
            }
            return false
        }
    }
}

/// Wakes one waiting task, however often it is called meanwhile.
struct Wakes: Sendable {
    /// An element for each time to wake.
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Nobody is woken yet.
    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Wakes the task that waits, or the next that does.
    func wake() {
        continuation.yield()
    }
}
