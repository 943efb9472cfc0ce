import Store
import Synchronization

/// The read-only connections of one open database: taken for one read, given back after it.
///
/// At most so many idle ones are kept. A read that finds none idle opens one only on a thread that may block.
final class ReaderPool: Sendable {
    /// What need not be read.
    let shelf: LearnerShelf
    private let path: String
    private let limits: SQLiteLimits
    private let state: Mutex<State>

    private struct State {
        var idle: [SQLiteDatabase] = []
        /// Counts openings of the file: a reader of an earlier one is not kept.
        var generation = 0
        /// Why nothing can be read, or nil.
        var refusal: StoreError?
    }

    /// What a caller may do when no reader is idle.
    enum Patience {
        /// Nothing: it is on an event loop.
        case onlyIdle
        /// Open another one: it is on a thread of ours.
        case mayOpen
    }

    /// A pool for the file at that path.
    ///
    /// It reads nothing before ``accept()``.
    init(path: String, limits: SQLiteLimits, shelf: LearnerShelf) {
        self.shelf = shelf
        self.path = path
        self.limits = limits
        state = Mutex(State(refusal: .unavailable("The database is not open.")))
    }

    /// Runs one read on a connection that nobody else has meanwhile.
    ///
    /// - Throws: what `body` throws; ``SQLiteError`` when a connection cannot be opened.
    /// - Returns: nil when no connection was idle and none may be opened.
    func read<Result>(
        _ patience: Patience,
        _ rest: WorkAllowance.Rest,
        _ body: (SQLiteDatabase) throws -> Result
    ) throws -> Result? {
        let (idle, generation) = try take()
        guard let reader = try idle ?? (patience == .mayOpen ? open() : nil) else { return nil }

        reader.allowance.rest = rest
        do {
            let result = try body(reader)
            giveBack(reader, generation)
            return result
        } catch {
            // A connection that has seen damage is dropped: its cache is not to be trusted.
            if (error as? SQLiteError)?.puttingFileInDoubt != true { giveBack(reader, generation) }
            throw error
        }
    }

    /// Lets reads through, after the writer has opened the file.
    func accept() {
        state.withLock { $0.refusal = nil }
        shelf.open()
    }

    /// Opens one reader ahead, so that the first read on an event loop finds it.
    func warmUp() throws(SQLiteError) {
        let reader = try open()
        giveBack(reader, state.withLock { $0.generation })
    }

    /// Closes the idle readers, and those in use when they come back.
    ///
    /// Reads are refused with that error.
    func refuse(_ refusal: StoreError) {
        shelf.shutDown()
        let closing = state.withLock { state in
            state.generation += 1
            state.refusal = refusal
            defer { state.idle = [] }
            return state.idle
        }
        // Closing does I/O: here, outside of the lock, with the last reference.
        _ = consume closing
    }

    private func take() throws -> (SQLiteDatabase?, generation: Int) {
        let (refusal, reader, generation) = state.withLock { state in
            (state.refusal, state.refusal == nil ? state.idle.popLast() : nil, state.generation)
        }
        if let refusal { throw refusal }
        return (reader, generation)
    }

    private func giveBack(_ reader: SQLiteDatabase, _ generation: Int) {
        reader.allowance.rest = .unlimited
        // A read whose work was over may have been stopped at its COMMIT as well: the next BEGIN would fail, and the
        // snapshot keep the log from being reset. One that cannot be rolled back is dropped.
        guard !reader.isInTransaction || (try? reader.execute("ROLLBACK")) != nil else { return }
        state.withLock { state in
            guard state.generation == generation, state.idle.count < limits.idleReaders else { return }
            state.idle.append(reader)
        }
    }

    private func open() throws(SQLiteError) -> SQLiteDatabase {
        try SQLiteDatabase(path: path, role: .reader, limits: limits)
    }
}
