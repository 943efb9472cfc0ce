import CSQLite

/// One open connection to one database file: the owner of one `sqlite3 *` and of its prepared statements.
///
/// There are two kinds (security.md's rule for SQLite before 3.51.3, whose WAL reset can lose data when a second
/// connection checkpoints): the *writer*, one per file, does all writes and all checkpoints; *readers* are read-only
/// and never checkpoint. The writer is opened before the readers and closed after them.
///
/// SQL is a `StaticString`: a value cannot be put into it, only bound.
// SAFETY: opened with SQLITE_OPEN_NOMUTEX; its owner (WriteQueue, ReaderPool) gives it to one thread at a time, with a
// mutex between one use and the next.
@safe
final class SQLiteDatabase: @unchecked Sendable {
    private let handle: OpaquePointer
    /// By the address of the SQL's text: a literal has one for the life of the process.
    private var statements: [UInt: SQLiteStatement] = [:]
    /// Bounds what one use may do.
    let allowance = WorkAllowance()
    /// What the transaction changes that is open; only a writer has one.
    var extent = WriteExtent()
    private let log = LogLength()
    /// Where a writer keeps what a job binds.
    private let room: BindingRoom?
    /// What the writer knows of the transaction at hand.
    var memory = WriterMemory()

    /// What a connection is for.
    enum Role {
        /// Writes and checkpoints; makes the file when it is missing.
        case writer
        /// Reads only.
        case reader
    }

    /// Opens the file and sets all that must hold for the connection's life.
    ///
    /// - Throws: ``SQLiteError`` when the file cannot be opened, is no database, or does not take a setting.
    init(path: String, role: Role, limits: SQLiteLimits) throws(SQLiteError) {
        SQLiteLibrary.configure()
        let access = role == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags, Self.filesOfOneProcess)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            // A failed open gives a connection all the same, to be closed.
            _ = unsafe sqlite3_close_v2(opened)
            throw SQLiteError(code: code, step: "open")
        }
        unsafe handle = unsafe opened
        room = role == .writer ? BindingRoom() : nil
        unsafe sqlite3_progress_handler(
            handle,
            Int32(WorkAllowance.stepsPerCall),
            stopWhenSpent,
            Unmanaged.passUnretained(allowance).toOpaque()
        )
        if role == .writer {
            // This takes the place of wal_autocheckpoint, which would checkpoint inside COMMIT, before the answers.
            _ = unsafe sqlite3_wal_hook(handle, noteLogLength, Unmanaged.passUnretained(log).toOpaque())
        }
        try SQLiteSettings(database: self, role: role, limits: limits).apply()
    }

    /// The way to files that one process has to itself (sqlite.org/vfs.html): the writer, which is there first, locks the file
    /// once and for its life, and the log's index is memory of ours.
    ///
    /// A reading then asks the kernel for no lock: less than half the cost of a look-up. And a second process that opens a
    /// live file in spite of the data root's lock is refused by SQLite, too.
    private static let filesOfOneProcess = "unix-excl"

    deinit {
        for statement in statements.values { statement.finalize() }
        // Nothing is left that could keep it open: every statement is in the table.
        _ = unsafe sqlite3_close_v2(handle)
        room?.free()
    }

    /// A job of the writer begins: nothing is known of what it changes, and nothing is bound.
    func jobBegins() {
        extent.jobBegins()
        room?.clear()
    }
}

// MARK: - Statements

extension SQLiteDatabase {
    /// The prepared statement of that text: prepared at its first use, kept for the connection's life.
    func prepared(_ sql: StaticString) throws(SQLiteError) -> SQLiteStatement {
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let statement = statements[key] { return statement }

        let statement = try prepare("\(sql)")
        statements[key] = statement
        return statement
    }

    private func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw SQLiteError(code: code, step: "prepare")
        }
        return unsafe SQLiteStatement(handle: prepared, room: room)
    }

    /// What SQLite would do for a statement, one line a step: for the tests that every look-up uses its index.
    func plan(of sql: StaticString) throws(SQLiteError) -> [String] {
        let statement = try prepare("EXPLAIN QUERY PLAN \(sql)")
        defer { statement.finalize() }
        var steps: [String] = []
        while try statement.step() { steps.append(statement.text(3)) }
        return steps
    }

    /// Runs a statement without parameters and rows.
    func execute(_ sql: StaticString) throws(SQLiteError) {
        try prepared(sql).run()
    }

    /// Runs several statements, once: migrations.
    func run(script: StaticString) throws(SQLiteError) {
        let code = unsafe script.utf8Start.withMemoryRebound(
            to: CChar.self,
            capacity: script.utf8CodeUnitCount
        ) {
            unsafe sqlite3_exec(handle, $0, nil, nil, nil)
        }
        guard code == SQLITE_OK else { throw SQLiteError(code: code, step: "migrate") }
    }

    /// The integer that a statement gives: a PRAGMA, a count.
    func integer(_ sql: StaticString) throws(SQLiteError) -> Int64 {
        let statement = try prepared(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The text that a statement gives.
    func text(_ sql: StaticString) throws(SQLiteError) -> String {
        let statement = try prepared(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.text(0) : ""
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(unsafe sqlite3_changes(handle)) }

    /// How many rows were changed since the connection was opened, those of foreign keys and of what was undone later
    /// included: a number that stays says that nothing was written.
    var allChanges: Int64 { unsafe sqlite3_total_changes64(handle) }

    /// Whether a transaction is open.
    ///
    /// SQLite ends one by itself after some errors.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Sets the time to wait for another connection's lock.
    ///
    /// Before anything that may meet one.
    func wait(milliseconds: Int32) throws(SQLiteError) {
        let code = unsafe sqlite3_busy_timeout(handle, milliseconds)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, step: "busy timeout") }
    }

    /// Sets one of SQLite's own limits (sqlite.org/c3ref/limit.html).
    func limit(_ which: Int32, to value: Int32) {
        // It gives the former value; a value above the compiled-in bound is cut to it.
        _ = unsafe sqlite3_limit(handle, which, value)
    }

    /// Sets a switch of the connection (sqlite.org/c3ref/c_dbconfig_defensive.html) and confirms it.
    func turn(_ which: Int32, on value: Bool) throws(SQLiteError) {
        let code = unsafe csqlite_db_switch(handle, which, value ? 1 : 0)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, step: "configure") }
    }
}

// MARK: - Copies

extension SQLiteDatabase {
    /// Writes all pages into another database, in place of what it holds: one moment of this one
    /// (sqlite.org/c3ref/backup_finish.html).
    ///
    /// In one step: whoever writes meanwhile is not seen, and need not wait.
    func copy(into target: SQLiteDatabase) throws(SQLiteError) {
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw SQLiteError(code: unsafe sqlite3_errcode(target.handle), step: "begin the copy")
        }
        let code = unsafe sqlite3_backup_step(backup, -1)
        // Gives the error of the step once more, and frees the copy's state in any case.
        let ended = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, ended == SQLITE_OK else {
            throw SQLiteError(code: code == SQLITE_DONE ? ended : code, step: "copy")
        }
    }
}

// MARK: - The write-ahead log

extension SQLiteDatabase {
    /// How a checkpoint treats others.
    enum Checkpoint {
        /// As far as readers allow, waiting for none.
        case passive
        /// Wholly, and cuts the log to nothing.
        case truncating
    }

    /// Pages in the log after the last commit; 0 after a complete checkpoint.
    var logPages: Int { log.pages }

    /// Leaves the log and its index beside the file when it is closed, emptied.
    ///
    /// Making both anew is a quarter of what opening a store takes, and more where the disk is busy: the file system's
    /// journal is in the way, as that of taking them away is at each closing. They cost a closed tenant 32 KiB of disk.
    func keepLogFiles() throws(SQLiteError) {
        var isKept: Int32 = 1
        let code = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &isKept)
        guard code == SQLITE_OK, isKept == 1 else { throw SQLiteError(code: code, step: "configure") }
    }

    /// Copies the log into the file.
    ///
    /// Gives whether all of it is there now.
    ///
    /// Only the writer may do this.
    func checkpoint(_ kind: Checkpoint) throws(SQLiteError) -> Bool {
        var pages: Int32 = 0
        var copied: Int32 = 0
        let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, "main", mode, &pages, &copied)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, step: "checkpoint") }
        guard pages == copied else { return false }
        log.pages = 0
        return true
    }
}

/// What the log hook counts.
///
/// Only touched by the thread that uses the connection.
private final class LogLength {
    var pages = 0
}

/// SQLite calls this every ``WorkAllowance/stepsPerCall`` steps; another value than 0 stops the statement.
private func stopWhenSpent(_ allowance: UnsafeMutableRawPointer?) -> Int32 {
    guard let allowance = unsafe allowance else { return 0 }
    return unsafe Unmanaged<WorkAllowance>.fromOpaque(allowance).takeUnretainedValue().isSpentByCall() ? 1 : 0
}

/// SQLite calls this after each commit that went into the log.
private func noteLogLength(
    _ log: UnsafeMutableRawPointer?,
    _: OpaquePointer?,
    _: UnsafePointer<CChar>?,
    _ pages: Int32
) -> Int32 {
    if let log = unsafe log {
        unsafe Unmanaged<LogLength>.fromOpaque(log).takeUnretainedValue().pages = Int(pages)
    }
    return SQLITE_OK
}
