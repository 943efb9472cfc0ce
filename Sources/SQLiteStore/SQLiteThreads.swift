import Linux
import NIOPosix
import Store
import Synchronization

/// The threads of all databases: those that commit, and those that search and open files.
final class SQLiteThreads: Sendable {
    /// For the bounds on work.
    let now: MonotonicClock
    /// Taken at each waking: the pools have no place to say it once for a thread.
    private let precedence = ThreadPrecedence.standingBack
    private let writers: NIOThreadPool
    private let writeLine: Mutex<WriteLine<WriteQueue>>
    private let readers: NIOThreadPool
    private let line: Mutex<ReadLine<@Sendable (_ isOpen: Bool) -> Void>>

    /// Starts them.
    init(limits: SQLiteLimits, now: @escaping MonotonicClock) {
        writers = NIOThreadPool(numberOfThreads: limits.writerThreads)
        readers = NIOThreadPool(numberOfThreads: limits.readerThreads)
        self.now = now
        line = Mutex(ReadLine(threads: limits.readerThreads))
        writeLine = Mutex(WriteLine(workers: limits.writerThreads))
        writers.start()
        readers.start()
    }

    /// Runs blocking work on a file that gives a result, on one of the threads for reading, in the file's turn.
    func read<Value: Sendable>(
        _ file: String,
        _ body: @escaping @Sendable () -> Result<Value, StoreError>
    ) async -> Result<Value, StoreError> {
        // SAFETY: resumed once: the line hands each job out once, and whoever takes one runs it once. A checked
        // continuation would be resumed inside the runtime, where no sanitizer sees what the answer is ordered by.
        unsafe await withUnsafeContinuation { continuation in
            line.withLock { line in
                line.add(
                    { isOpen in
                        unsafe continuation.resume(
                            returning: isOpen ? body() : .failure(.unavailable("The stores are closed."))
                        )
                    },
                    of: file
                )
            }
            readers.submit { state in self.work(isOpen: state == .active) }
        }
    }

    /// Reads until none is left that may run now: one that waits for its file's share is run by whoever ends that.
    private func work(isOpen: Bool) {
        precedence.take()
        while let (job, file) = line.withLock({ $0.next() }) {
            job(isOpen)
            line.withLock { $0.ended(file) }
        }
    }

    /// Lets a queue have a turn that has none yet.
    func add(_ queue: WriteQueue) {
        guard writeLine.withLock({ $0.add(queue) }) else { return }
        // When the threads are ending this runs on the thread that submits, and still answers everyone.
        writers.submit { _ in self.write() }
    }

    /// Takes turns until no queue waits: a thread that is at work need not be woken for the next one.
    private func write() {
        precedence.take()
        while let queue = writeLine.withLock({ $0.next() }) {
            if queue.takeTurn() { writeLine.withLock { $0.addAgain(queue) } }
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
