import Store

/// One transaction of several jobs, each on its own account, all answered after the one commit.
///
/// A savepoint for each job would cost a copy of every page that the job writes, and nearly every job succeeds, or fails
/// before it has written anything. So there is none, until a job fails that has written something: then the transaction
/// begins anew, all its jobs run again, and each has a savepoint of its own.
struct WriteBatch {
    /// The tenant's writer.
    let database: SQLiteDatabase
    /// How many jobs and how much work.
    let limits: SQLiteLimits
    /// For the bound on work.
    let now: MonotonicClock
    /// What readers have at hand of the file.
    let shelf: LearnerShelf
    private var answers: [WriteJob.Answer] = []
    private var jobs: [WriteJob] = []
    private var hasSavepoints = false

    /// How a batch ended.
    enum Outcome {
        /// So many jobs are in the file, or were refused on their own account.
        case committed(jobs: Int)
        /// None of its changes was made; every job was answered `.unavailable`.
        case failed(SQLiteError)
    }

    /// A batch on that connection.
    init(
        database: SQLiteDatabase,
        limits: SQLiteLimits,
        now: @escaping MonotonicClock,
        shelf: LearnerShelf
    ) {
        self.database = database
        self.limits = limits
        self.now = now
        self.shelf = shelf
    }

    /// Runs the first job and others until there is no more, or enough, then commits and answers.
    ///
    /// A load's batch may grow as long as `mayGrow` says so.
    mutating func run(_ first: WriteJob, next: () -> WriteJob?, mayGrow: () -> Bool) -> Outcome {
        let began = now()
        jobs = [first]
        do throws(SQLiteError) {
            try begin()
            try take(first)
            while hasRoom(after: now() - began, mayGrow), let job = next() {
                jobs.append(job)
                try take(job)
            }
            try commit()
        } catch {
            abandon(because: error)
            return .failed(error)
        }
        for answer in answers { answer() }
        return .committed(jobs: jobs.count)
    }

    private func hasRoom(after worked: Duration, _ mayGrow: () -> Bool) -> Bool {
        if jobs.count < limits.batchJobs, worked < limits.batchTime { return true }
        return mayGrow() && jobs.count < limits.loadJobs && worked < limits.loadTime
    }

    /// Commits, and sees to it that readers have nothing at hand of before, and what was written, when the answers are
    /// given.
    private func commit() throws(SQLiteError) {
        let extent = database.extent
        shelf.commitBegins(extent)
        do {
            // A commit that failed is one that changed nothing, or it is not known what it did.
            defer { shelf.commitEnded(extent) }
            try database.execute("COMMIT")
        }
        shelf.keepWritten(extent)
    }

    private func begin() throws(SQLiteError) {
        database.memory = WriterMemory()
        database.extent = WriteExtent()
        try database.execute("BEGIN IMMEDIATE")
    }

    /// Runs the newest of the jobs, or all of them once more when what it did must be undone.
    private mutating func take(_ job: WriteJob) throws(SQLiteError) {
        if let answer = try hasSavepoints ? attemptInSavepoint(job) : attempt(job) {
            return answers.append(answer)
        }
        try database.execute("ROLLBACK")
        hasSavepoints = true
        answers = []
        try begin()
        for job in jobs { answers.append(try attemptInSavepoint(job)) }
    }

    /// The job's answer; nil when it failed on its own account and has left something to be undone.
    ///
    /// The answer waits for the commit in any case: what it was refused for may be a change of this very transaction.
    private func attempt(_ job: WriteJob) throws(SQLiteError) -> WriteJob.Answer? {
        let before = database.allChanges
        do {
            database.jobBegins()
            let answer = try job.run(database)
            database.extent.jobEnded()
            return answer
        } catch {
            let refusal = try refusal(of: job, because: error)
            return database.allChanges == before ? refusal : nil
        }
    }

    /// The job's answer; when it failed on its own account, it is undone alone.
    private func attemptInSavepoint(_ job: WriteJob) throws(SQLiteError) -> WriteJob.Answer {
        try database.execute("SAVEPOINT job")
        do {
            database.jobBegins()
            let answer = try job.run(database)
            database.extent.jobEnded()
            try database.execute("RELEASE job")
            return answer
        } catch {
            let refusal = try refusal(of: job, because: error)
            database.memory = WriterMemory()
            try database.execute("ROLLBACK TO job")
            try database.execute("RELEASE job")
            return refusal
        }
    }

    /// The answer to a job that failed on its own account.
    ///
    /// - Throws: the error that ends the whole transaction.
    private func refusal(of job: WriteJob, because error: any Error) throws(SQLiteError) -> WriteJob.Answer {
        if let error = error as? SQLiteError, error.puttingFileInDoubt || !database.isInTransaction {
            throw error
        }
        let reason = StoreError(error)
        return { job.fail(reason) }
    }

    private func abandon(because error: SQLiteError) {
        // SQLite has rolled back already after some errors. Where the rollback fails, the file is opened anew.
        if database.isInTransaction { try? database.execute("ROLLBACK") }
        for job in jobs { job.fail(StoreError(error)) }
    }
}
