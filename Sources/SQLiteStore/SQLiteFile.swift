import Store

/// One open database file: its writer with the queue before it, and its readers.
final class SQLiteFile: Sendable {
    /// All writes.
    let writes: WriteQueue
    /// All reads.
    let readers: ReaderPool
    /// The figures.
    let limits: SQLiteLimits
    private let path: String
    private let threads: SQLiteThreads

    /// Opens the file, makes it when it is missing, and brings it up to the newest version.
    ///
    /// Blocks.
    ///
    /// - Throws: ``StoreError`` `.unusable` for a file that is damaged or too new; ``SQLiteError`` for other errors.
    init(path: String, history: SchemaHistory, limits: SQLiteLimits, threads: SQLiteThreads) throws {
        let opening: @Sendable () throws -> SQLiteDatabase = {
            let database = try SQLiteDatabase(path: path, role: .writer, limits: limits)
            try history.migrate(database)
            return database
        }
        let writer = try opening()
        let readers = ReaderPool(path: path, limits: limits)
        try readers.warmUp()
        readers.accept()
        self.limits = limits
        self.path = path
        self.threads = threads
        self.readers = readers
        writes = WriteQueue(
            database: writer,
            readers: readers,
            workers: threads.writers,
            limits: limits,
            now: threads.now,
            opening: opening
        )
    }

    /// Reads on the caller's thread, within a few steps.
    ///
    /// Gives nil when it takes more, or when no connection is idle: then the read belongs on a thread.
    ///
    /// - Throws: ``StoreError``.
    func readNow<Result>(_ body: (SQLiteDatabase) throws -> Result) throws(StoreError) -> Result? {
        do {
            return try readers.read(.onlyIdle, .steps(limits.loopSteps), body)
        } catch {
            if let error = error as? SQLiteError, error.isInterruption { return nil }
            throw reported(error)
        }
    }

    /// Reads on a thread of the pool, within the time for a search.
    ///
    /// - Throws: ``StoreError``; `.tooCostly` when the time is up.
    func readOnThread<Value: Sendable>(_ body: @escaping @Sendable (SQLiteDatabase) throws -> Value)
        async throws(StoreError) -> Value
    {
        let cancellation = Cancellation()
        let result: Result<Value, StoreError> = await withTaskCancellationHandler {
            await threads.read(path) { self.searched(cancellation, body) }
        } onCancel: {
            cancellation.request()
        }
        return try result.get()
    }

    private func searched<Value>(_ cancellation: Cancellation, _ body: (SQLiteDatabase) throws -> Value)
        -> Result<Value, StoreError>
    {
        let deadline = threads.now().advanced(by: limits.searchTime)
        let rest = WorkAllowance.Rest.until(deadline, threads.now, cancellation, span: limits.searchTime)
        do {
            let value = try readers.read(.mayOpen, rest, body)
            guard let value else { return .failure(.unavailable("No connection could be opened.")) }
            return .success(value)
        } catch {
            if let error = error as? SQLiteError, error.isInterruption { return .failure(.tooCostly) }
            return .failure(reported(error))
        }
    }

    /// Has the file checked when an error puts it in doubt, and names the error to the caller.
    private func reported(_ error: any Error) -> StoreError {
        writes.mend(isNew: (error as? SQLiteError)?.puttingFileInDoubt ?? false)
        return StoreError(error)
    }
}
