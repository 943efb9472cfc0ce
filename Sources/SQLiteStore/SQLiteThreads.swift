import NIOPosix
import Store

/// The threads of all databases: those that commit, and those that search and open files.
final class SQLiteThreads: Sendable {
    /// Each takes the queue that has waited longest, for one group of writes.
    let writers: NIOThreadPool
    /// For the bounds on work.
    let now: MonotonicClock
    private let readers: NIOThreadPool

    /// Starts them.
    init(limits: SQLiteLimits, now: @escaping MonotonicClock) {
        writers = NIOThreadPool(numberOfThreads: limits.writerThreads)
        readers = NIOThreadPool(numberOfThreads: limits.readerThreads)
        self.now = now
        writers.start()
        readers.start()
    }

    /// Runs blocking work that gives a result, on one of the threads for reading.
    func read<Value: Sendable>(_ body: @escaping @Sendable () -> Result<Value, StoreError>) async
        -> Result<Value, StoreError>
    {
        await withCheckedContinuation { continuation in
            readers.submit { state in
                switch state {
                case .active: continuation.resume(returning: body())
                case .cancelled:
                    continuation.resume(returning: .failure(.unavailable("The stores are closed.")))
                }
            }
        }
    }

    /// Ends them, after the work that they have.
    ///
    /// - Throws: when a thread cannot be joined.
    func stop() async throws {
        try await readers.shutdownGracefully()
        try await writers.shutdownGracefully()
    }
}
