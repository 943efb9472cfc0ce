import CSQLite

/// What must hold on every connection before its first use.
struct SQLiteSettings {
    /// The connection.
    let database: SQLiteDatabase
    /// What it is for.
    let role: SQLiteDatabase.Role
    /// The figures.
    let limits: SQLiteLimits

    /// Sets and confirms all of it.
    ///
    /// - Throws: ``SQLiteError`` when a setting is not taken; `SQLITE_NOTADB` when the file is no database.
    func apply() throws(SQLiteError) {
        harden()
        try restrict()
        // Before the first PRAGMA that touches the file: two openers that meet at the recovery of a log would
        // otherwise get SQLITE_BUSY at once.
        try database.wait(milliseconds: limits.busyMilliseconds)
        switch role {
        case .writer: try prepareWriter()
        case .reader: try prepareReader()
        }
    }

    /// Limits far above what we use, far below what a crafted file or statement could demand.
    private func harden() {
        database.limit(SQLITE_LIMIT_LENGTH, to: 8 << 20)
        database.limit(SQLITE_LIMIT_SQL_LENGTH, to: 64 << 10)
        database.limit(SQLITE_LIMIT_EXPR_DEPTH, to: 100)
        database.limit(SQLITE_LIMIT_VARIABLE_NUMBER, to: 999)
        database.limit(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, to: 1 << 10)
        database.limit(SQLITE_LIMIT_WORKER_THREADS, to: 0)
    }

    /// A file's own schema can run nothing, and nothing can damage the file by SQL.
    private func restrict() throws(SQLiteError) {
        try database.turn(SQLITE_DBCONFIG_DEFENSIVE, on: true)
        try database.turn(SQLITE_DBCONFIG_TRUSTED_SCHEMA, on: false)
        try database.turn(SQLITE_DBCONFIG_DQS_DML, on: false)
        try database.turn(SQLITE_DBCONFIG_DQS_DDL, on: false)
        try database.turn(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on: role == .reader)
    }

    private func prepareWriter() throws(SQLiteError) {
        try share()
        if try database.integer("PRAGMA page_count") == 0 {
            // What is being made has nothing that a journal file could bring back: without one the change to WAL is one
            // sync of the file, not four with the folder's, in all half of what making a tenant's database costs.
            try require(database.text("PRAGMA journal_mode = MEMORY") == "memory")
        }
        try require(database.text("PRAGMA journal_mode = WAL") == "wal")
        // After the journal mode; and Debian's default for WAL is 2, but a default is no promise.
        try database.execute("PRAGMA synchronous = FULL")
        try require(database.integer("PRAGMA synchronous") == 2)
        try database.execute("PRAGMA foreign_keys = ON")
        try require(database.integer("PRAGMA foreign_keys") == 1)
        try database.execute("PRAGMA secure_delete = ON")
        try require(database.integer("PRAGMA secure_delete") == 1)
        // 32 MiB: a log that grew under a long read is cut back to it.
        try database.execute("PRAGMA journal_size_limit = 33554432")
        // 2 MiB: one connection keeps the inner pages of a tenant of 100,000 learners.
        try database.execute(
            limits.keepsFileInMemory ? "PRAGMA cache_size = -524288" : "PRAGMA cache_size = -2000"
        )
    }

    private func prepareReader() throws(SQLiteError) {
        try share()
        try database.execute("PRAGMA query_only = ON")
        try require(database.integer("PRAGMA query_only") == 1)
        try database.execute("PRAGMA wal_autocheckpoint = 0")
        // 1 MiB; each commit of the writer empties it all the same.
        try database.execute("PRAGMA cache_size = -1000")
    }

    private func share() throws(SQLiteError) {
        try database.execute("PRAGMA cell_size_check = ON")
        // A mapped reader faults the whole file in again after each commit.
        try database.execute("PRAGMA mmap_size = 0")
        try database.execute("PRAGMA temp_store = MEMORY")
    }

    private func require(_ isTaken: Bool) throws(SQLiteError) {
        guard isTaken else { throw SQLiteError(code: SQLITE_ERROR, step: "configure") }
    }
}

/// What concerns the library as a whole.
enum SQLiteLibrary {
    /// Sets what can be set before the library's first use only; later calls do nothing.
    static func configure() { _ = configured }

    /// It fails when something else in the process used SQLite before us; memory is then counted, which only costs.
    private static let configured: Int32 = csqlite_config_without_memory_status()
}
