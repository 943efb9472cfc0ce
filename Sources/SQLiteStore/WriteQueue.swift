import Store
import Synchronization

/// All writes of one database file, one after another, in groups: the owner of the file's one writing connection.
///
/// ```
/// job → waiting → [a worker: BEGIN … job, job … COMMIT → answers] → back to the end of the workers' line
/// ```
///
/// The group is whatever came while the last commit was on its way to the disk; there is no timer. Any of the workers
/// may take the queue, never two at once, so that a busy tenant holds one worker for one group and no neighbour waits
/// for more than that. The jobs of loads stand in a line of their own, which takes turns with the other when both wait.
// SAFETY: `database`, `taken` and `wasLoad` are touched only by the turn that runs. There is one at most
// (`isScheduled`), and the mutex around that flag orders one turn before the next.
final class WriteQueue: @unchecked Sendable {
    private let opening: @Sendable () throws -> SQLiteDatabase
    private let readers: ReaderPool
    private let threads: SQLiteThreads
    private let limits: SQLiteLimits
    private let state: Mutex<State>
    private var database: SQLiteDatabase?
    private var taken: ArraySlice<WriteJob> = []
    private var wasLoad = false
    private var checkpointAt: Int

    /// What the tasks that wait and the turn that runs share.
    fileprivate struct State {
        var waiting: [WriteJob] = []
        /// The jobs of loads that wait.
        var loads: ArraySlice<WriteJob> = []
        /// Whether a turn runs or stands in the workers' line.
        var isScheduled = false
        /// Whether the file must be opened anew and checked before the next use.
        var isInDoubt = false
        /// Why no job is taken, or nil.
        var refusal: StoreError?
        /// Who waits for the end.
        var closers: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
        var counts = WriteCounts()
    }

    /// What follows a turn.
    private enum Sequel {
        case anotherTurn
        case rest
        case end
    }

    /// A queue around a writer that is open.
    ///
    /// `opening` opens the file anew, after an error that puts it in doubt.
    init(
        database: SQLiteDatabase,
        readers: ReaderPool,
        threads: SQLiteThreads,
        limits: SQLiteLimits,
        opening: @escaping @Sendable () throws -> SQLiteDatabase
    ) {
        self.database = database
        self.readers = readers
        self.threads = threads
        self.limits = limits
        self.opening = opening
        checkpointAt = limits.logPages
        state = Mutex(State())
    }

    /// Does a change in the next transaction; returns when it is durable.
    ///
    /// - Throws: ``StoreError``: what `body` throws, or `.unavailable` when the transaction could not be committed.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            add(CollectionOfOne(WriteJob(answering: continuation, body)))
        }
        return try result.get()
    }

    /// Does a change for each item, each on its own account, in few transactions; returns when all are answered.
    ///
    /// Another write that comes meanwhile waits for one group as large as any (``SQLiteLimits/batchJobs``), not for all.
    ///
    /// - Returns: For each item, in order, why its change was not made; nil when it is durable.
    func performEach<Item: Sendable>(
        of items: some Collection<Item>,
        _ body: @escaping @Sendable (SQLiteDatabase, Item) throws -> Void
    ) async -> [StoreError?] {
        guard !items.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            let answers = WriteAnswers(of: items.count, continuation)
            let jobs = items.enumerated().map { number, item in
                WriteJob(
                    answering: { answers.take($0, of: number) },
                    { database in try body(database, item) }
                )
            }
            add(jobs, asLoad: true)
        }
    }

    /// Has the file opened anew and checked, when `isNew` (a reader met damage) or when an earlier try came to nothing.
    func mend(isNew: Bool) {
        let mustSchedule = state.withLock { state in
            if state.refusal != nil { return false }
            if isNew { state.isInDoubt = true }
            return state.isInDoubt && state.schedule()
        }
        if mustSchedule { threads.add(self) }
    }

    /// Does what waits, writes the log into the file, and closes it.
    func close() async {
        await withCheckedContinuation { continuation in
            let (isClosed, mustSchedule) = state.withLock { state in
                if state.isClosed { return (true, false) }
                if state.refusal == nil { state.refusal = .unavailable("The database is closing.") }
                state.closers.append(continuation)
                return (false, state.schedule())
            }
            if isClosed { continuation.resume() }
            if mustSchedule { threads.add(self) }
        }
    }

    /// How many jobs wait for a turn that takes them.
    var waitingJobs: Int { state.withLock { $0.waiting.count + $0.loads.count } }

    /// How much was written.
    var counts: WriteCounts { state.withLock { $0.counts } }

    /// Puts jobs in line, all at once: the turn that takes the first finds the others.
    private func add(_ jobs: some Collection<WriteJob>, asLoad: Bool = false) {
        let (taken, refusal, mustSchedule) = state.withLock { state -> (Int, StoreError, Bool) in
            if let refusal = state.refusal { return (0, refusal, false) }
            let taken = min(jobs.count, limits.waitingJobs - state.waiting.count - state.loads.count)
            if asLoad { state.loads += jobs.prefix(taken) } else { state.waiting += jobs.prefix(taken) }
            return (taken, .unavailable("Too many writes are waiting."), taken > 0 && state.schedule())
        }
        for job in jobs.dropFirst(taken) { job.fail(refusal) }
        if mustSchedule { threads.add(self) }
    }
}

/// What a queue has done since it was opened.
package struct WriteCounts: Sendable, Equatable {
    /// Transactions that were committed.
    package internal(set) var commits = 0
    /// Jobs in them.
    package internal(set) var jobs = 0
    /// Transactions that failed.
    package internal(set) var failures = 0
}

extension WriteQueue.State {
    /// Whether jobs wait in either line.
    fileprivate var hasJobs: Bool { !waiting.isEmpty || !loads.isEmpty }

    /// Whether a turn must be put in line now: there is none yet.
    fileprivate mutating func schedule() -> Bool {
        guard !isScheduled else { return false }
        isScheduled = true
        return true
    }
}

// MARK: - A worker's turn

extension WriteQueue {
    /// Does one group of what waits; true when there is more to do, in another turn.
    ///
    /// Only one of the workers calls it, and only when the queue's turn has come.
    func takeTurn() -> Bool {
        let isUsable = mendIfInDoubt()
        if isUsable { runBatch() } else { failAll() }
        keepLogShort()

        let sequel = state.withLock { state -> Sequel in
            if !taken.isEmpty || state.hasJobs { return .anotherTurn }
            if isUsable && state.isInDoubt { return .anotherTurn }
            if !state.closers.isEmpty { return .end }
            state.isScheduled = false
            return .rest
        }
        if sequel == .end { end() }
        return sequel == .anotherTurn
    }

    private func runBatch() {
        let isLoad = isLoadsTurn()
        guard let database, let first = isLoad ? nextOfLoads() : nextJob() else { return }
        var batch = WriteBatch(database: database, limits: limits, now: threads.now, shelf: readers.shelf)
        let outcome = batch.run(
            first,
            next: isLoad ? nextOfLoads : nextJob,
            mayGrow: { isLoad && !self.othersWait }
        )
        state.withLock { state in
            switch outcome {
            case .committed(let jobs):
                state.counts.commits += 1
                state.counts.jobs += jobs
            case .failed(let error):
                state.counts.failures += 1
                state.isInDoubt = state.isInDoubt || error.puttingFileInDoubt
            }
        }
    }

    private func nextJob() -> WriteJob? {
        if taken.isEmpty {
            taken = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting[...]
            }
        }
        return taken.popFirst()
    }

    private func nextOfLoads() -> WriteJob? {
        state.withLock { state in
            // A slice keeps what was taken from it.
            defer { if state.loads.isEmpty { state.loads = [] } }
            return state.loads.popFirst()
        }
    }

    /// Whether jobs wait that are no load's.
    private var othersWait: Bool { !taken.isEmpty || state.withLock { !$0.waiting.isEmpty } }

    /// Whether this turn is for loads: when both lines wait, the one that the last turn was not for.
    private func isLoadsTurn() -> Bool {
        let loadsWait = state.withLock { !$0.loads.isEmpty }
        wasLoad = loadsWait && !(wasLoad && othersWait)
        return wasLoad
    }

    /// Answers everything that waits: the file cannot be used now.
    private func failAll() {
        let reason = state.withLock { $0.refusal } ?? .unavailable("The database cannot be opened now.")
        while let job = nextJob() ?? nextOfLoads() { job.fail(reason) }
    }

    /// Checkpoints after the answers, never before them: at once when the log is long, and when nothing waits already
    /// when it is short, so that closing an idle tenant is cheap.
    private func keepLogShort() {
        guard let database, database.logPages > limits.idleLogPages else { return }
        let isIdle = taken.isEmpty && state.withLock { !$0.hasJobs }
        guard isIdle || database.logPages >= checkpointAt else { return }
        do throws(SQLiteError) {
            let isComplete = try database.checkpoint(.passive)
            // A reader holds an old snapshot: try again when the log has grown by as much again.
            checkpointAt = isComplete ? limits.logPages : database.logPages + limits.logPages
        } catch {
            guard error.puttingFileInDoubt else { return }
            state.withLock { $0.isInDoubt = true }
        }
    }
}

// MARK: - Doubt and end

extension WriteQueue {
    /// Opens the file anew and checks it when it is in doubt.
    ///
    /// False when it cannot be used now.
    private func mendIfInDoubt() -> Bool {
        guard state.withLock({ $0.isInDoubt }) else { return database != nil }

        // Readers first, the writer last: nobody but the writer may ever checkpoint.
        readers.refuse(.unavailable("The database is being checked."))
        database = nil
        do {
            let opened = try opening()
            let verdict = try opened.text("PRAGMA quick_check(1)")
            guard verdict == "ok" else {
                throw StoreError.unusable("The database file is damaged (quick_check).")
            }
            database = opened
            checkpointAt = limits.logPages
            state.withLock { $0.isInDoubt = false }
            readers.accept()
            return true
        } catch {
            setAside(because: error)
            return false
        }
    }

    /// After damage this one database is out of use; after anything else the next job tries again.
    private func setAside(because error: any Error) {
        let isDamaged = (error as? SQLiteError)?.isDamage ?? false
        var reason =
            isDamaged ? StoreError.unusable("The database file is damaged: \(error)") : StoreError(error)
        if case .unusable = reason {
        } else if error is SQLiteError {
            reason = .unavailable("The database cannot be opened: \(error)")
        }
        readers.refuse(reason)
        state.withLock { state in
            guard case .unusable = reason else { return }
            state.isInDoubt = false
            if state.refusal == nil { state.refusal = reason }
        }
    }

    private func end() {
        readers.refuse(.unavailable("The database is closed."))
        // Closing the last connection checkpoints too; this one also cuts the log. What fails here is in the log still,
        // and the next opening reads it from there.
        if let database { _ = try? database.checkpoint(.truncating) }
        database = nil
        let closers = state.withLock { state in
            state.isScheduled = false
            state.isClosed = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
