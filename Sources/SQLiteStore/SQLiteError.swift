import CSQLite

/// A result code of SQLite that is not success: the number, its fixed text, and what was being done.
///
/// Never a value.
struct SQLiteError: Error {
    /// The extended result code (sqlite.org/rescode.html).
    let code: Int32
    /// What was being done, such as `commit`.
    let step: StaticString

    /// The low byte of the code: its class.
    var primary: Int32 { code & 0xFF }

    /// Whether the connection's own limit on work stopped it.
    var isInterruption: Bool { primary == SQLITE_INTERRUPT }

    /// Whether the file or the disk under it is in doubt, so that the database must be opened anew and checked.
    var puttingFileInDoubt: Bool {
        [SQLITE_IOERR, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB].contains(primary)
    }

    /// Whether the file itself is not, or no longer, a sound database.
    var isDamage: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }

    /// Whether another process has the file locked: within this one, a file has a single writer, and readers take no locks.
    var isHeldElsewhere: Bool { primary == SQLITE_BUSY }

    /// What a store's own limit throws when it stops a search between two rows.
    static let interruption = SQLiteError(code: SQLITE_INTERRUPT, step: "search")
}

extension SQLiteError: Equatable {
    /// The same code.
    static func == (left: SQLiteError, right: SQLiteError) -> Bool { left.code == right.code }
}

extension SQLiteError: CustomStringConvertible {
    /// Safe for anyone: `SQLite error 13 (database or disk is full) at commit`.
    var description: String {
        let meaning = unsafe sqlite3_errstr(code).map { unsafe String(cString: $0) } ?? "unknown"
        return "SQLite error \(code) (\(meaning)) at \(step)"
    }
}
