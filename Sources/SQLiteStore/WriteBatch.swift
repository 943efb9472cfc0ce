import Store

/// One transaction of several jobs: each in its own savepoint, all answered after the one commit.
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
        database.extent = WriteExtent()
        do throws(SQLiteError) {
            try database.execute("BEGIN IMMEDIATE")
            answers.append(try attempt(first))
            while hasRoom(after: now() - began, mayGrow), let job = next() {
                jobs.append(job)
                answers.append(try attempt(job))
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

    /// Commits, and sees to it that no reader has anything at hand of before, when the answers are given.
    private func commit() throws(SQLiteError) {
        let extent = database.extent
        shelf.commitBegins(extent)
        // A commit that failed is one that changed nothing, or it is not known what it did.
        defer { shelf.commitEnded(extent) }
        try database.execute("COMMIT")
    }

    /// A job that fails on its own account is undone alone.
    ///
    /// Its answer waits for the commit all the same: what it was refused for may be a change of this very
    /// batch.
    private func attempt(_ job: WriteJob) throws(SQLiteError) -> WriteJob.Answer {
        try database.execute("SAVEPOINT job")
        do {
            database.extent.jobBegins()
            let answer = try job.run(database)
            database.extent.jobEnded()
            try database.execute("RELEASE job")
            return answer
        } catch {
            if let error = error as? SQLiteError, error.puttingFileInDoubt || !database.isInTransaction {
                throw error
            }
            try database.execute("ROLLBACK TO job")
            try database.execute("RELEASE job")
            let reason = StoreError(error)
            return { job.fail(reason) }
        }
    }

    private func abandon(because error: SQLiteError) {
        // SQLite has rolled back already after some errors. Where the rollback fails, the file is opened anew.
        if database.isInTransaction { try? database.execute("ROLLBACK") }
        for job in jobs { job.fail(StoreError(error)) }
    }
}
