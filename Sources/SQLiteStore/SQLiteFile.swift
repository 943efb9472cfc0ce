import Store

/// One open database file: its writer with the queue before it, and its readers.
final class SQLiteFile: Sendable {
    /// All writes.
    let writes: WriteQueue
    /// All reads.
    let readers: ReaderPool
    /// The figures.
    let limits: SQLiteLimits
    /// Where it is.
    let path: String
    private let threads: SQLiteThreads

    /// Opens the file, makes it when it is missing, and brings it up to the newest version.
    ///
    /// Blocks. `reading` has the writer before anybody else, on the thread that opens: what is needed first is had without
    /// a turn in the queue.
    ///
    /// - Throws: ``StoreError`` `.unusable` for a file that is damaged or too new, `.unavailable` for one that another process
    ///   has open; ``SQLiteError`` for other errors.
    static func opened<First>(
        _ path: String,
        _ history: SchemaHistory,
        limits: SQLiteLimits,
        threads: SQLiteThreads,
        shelf: LearnerShelf,
        reading: (SQLiteDatabase) throws -> First
    ) throws -> (SQLiteFile, First) {
        let limits = limits.ofFile(path)
        let opening: @Sendable () throws -> SQLiteDatabase = {
            do {
                let database = try SQLiteDatabase(path: path, role: .writer, limits: limits)
                try database.keepLogFiles()
                try history.migrate(database)
                return database
            } catch let error as SQLiteError where error.isHeldElsewhere {
                throw FileHolder(of: path).refusal
            }
        }
        let writer = try opening()
        let first = try reading(writer)
        let readers = ReaderPool(path: path, limits: limits, shelf: shelf)
        try readers.warmUp()
        readers.accept()
        let writes = WriteQueue(
            database: writer,
            readers: readers,
            threads: threads,
            limits: limits,
            opening: opening
        )
        return (SQLiteFile(path, readers, writes, limits, threads), first)
    }

    private init(
        _ path: String,
        _ readers: ReaderPool,
        _ writes: WriteQueue,
        _ limits: SQLiteLimits,
        _ threads: SQLiteThreads
    ) {
        self.path = path
        self.readers = readers
        self.writes = writes
        self.limits = limits
        self.threads = threads
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

    /// Opens a reader that belongs to the caller, on a thread of the pool, and prepares it.
    ///
    /// - Throws: ``StoreError``.
    func readerOfItsOwn(_ prepare: @escaping @Sendable (SQLiteDatabase) throws -> Void)
        async throws(StoreError) -> SQLiteDatabase
    {
        try await onThread { [path, limits] in
            let database = try SQLiteDatabase(path: path, role: .reader, limits: limits)
            try prepare(database)
            return database
        }
    }

    /// Reads on a thread of the pool, within the time for a search, on a reader that is the caller's own.
    ///
    /// - Throws: ``StoreError``; `.tooCostly` when the time is up.
    func read<Value: Sendable>(
        on database: SQLiteDatabase,
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Value
    ) async throws(StoreError) -> Value {
        try await onThread { [limits, threads] in
            let deadline = threads.now().advanced(by: limits.searchTime)
            database.allowance.rest = .until(deadline, threads.now, Cancellation(), span: limits.searchTime)
            defer { database.allowance.rest = .unlimited }
            return try body(database)
        }
    }

    /// Reads the file from the disk, however long that takes.
    ///
    /// What is damaged so that it cannot be read is a fault as well.
    func checked(_ body: @escaping @Sendable (SQLiteDatabase) throws -> [StoreFault])
        async throws(StoreError) -> [StoreFault]
    {
        try await onThread { [path, limits] in
            do {
                return try body(SQLiteDatabase(path: path, role: .reader, limits: limits))
            } catch let error as SQLiteError where error.isDamage {
                return [StoreFault("the file cannot be read: \(error)")]
            }
        }
    }

    /// Copies the file as it is at one moment to a file that is not there yet, for the owner only.
    func copy(to target: String) async throws(StoreError) {
        try await onThread { [path, limits] in
            let source = try SQLiteDatabase(path: path, role: .reader, limits: limits)
            let copy = try CopyFile(path: target)
            do {
                try copy.fill(from: source, limits: limits)
            } catch {
                copy.remove()
                throw error
            }
        }
    }

    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value)
        async throws(StoreError) -> Value
    {
        let result = await threads.read(path) { () -> Result<Value, StoreError> in
            do {
                return .success(try body())
            } catch {
                if let error = error as? SQLiteError, error.isInterruption { return .failure(.tooCostly) }
                return .failure(StoreError(error))
            }
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
