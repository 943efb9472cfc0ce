internal import Dispatch

/// Runs Swift tasks on threads that stand back behind the event loops, for work that takes long at once.
///
/// A loop has other clients' requests to read: what takes it milliseconds delays them all. The threads are Dispatch's, as
/// many as there are processors. To get there and back takes some 50 µs.
package final class BackgroundExecutor: TaskExecutor {
    /// The one of this process: Dispatch's threads are everybody's.
    package static let shared = BackgroundExecutor()

    /// Threads that nothing else of ours uses: each class of service has its own.
    private let queue = DispatchQueue.global(qos: .utility)
    private let precedence = ThreadPrecedence.standingBack

    private init() {}

    /// Does work on these threads, all of it, and goes on where the task was.
    package func perform<Value, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result = await withTaskExecutorPreference(self) {
            await Self.moveToPreferredThread()
            return await Self.result(of: work)
        }
        await Self.moveToPreferredThread()
        return try result.get()
    }

    /// A task moves to where it would rather be when it calls what is nobody's in particular, and not before.
    @concurrent
    private static func moveToPreferredThread() async {}

    private static func result<Value, Failure: Error>(
        of work: () async throws(Failure) -> Value
    ) async -> Result<Value, Failure> {
        do throws(Failure) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }

    /// Queues a job.
    /// - Parameter job: The job.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [precedence] in
            precedence.take()
            // SAFETY: each job is enqueued once, and run once here.
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
