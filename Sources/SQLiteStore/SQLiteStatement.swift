import CSQLite
import Glibc

/// One prepared statement of a ``SQLiteDatabase``, which owns it and outlives every use of it.
///
/// Use: bind, step until it gives false, reset. Columns count from 0, parameters from 1.
@safe
struct SQLiteStatement {
    // SAFETY: valid as long as the database that prepared it, which finalizes it in its deinit.
    private let handle: OpaquePointer
    /// Where a writer keeps what is bound; without one SQLite copies it.
    private let room: BindingRoom?

    /// Takes what `sqlite3_prepare_v3` gave.
    init(handle: OpaquePointer, room: BindingRoom?) {
        unsafe self.handle = handle
        self.room = room
    }

    /// Runs on to the next row; false when there is none.
    func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw SQLiteError(code: code, step: "step")
        }
    }

    /// Runs a statement that gives no rows, and makes it ready for the next use.
    func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    /// Ends the use: drops the row, lets go of the snapshot and of what was bound.
    func reset() {
        // The code of reset repeats that of the last step, which was handled there.
        _ = unsafe sqlite3_reset(handle)
        _ = unsafe sqlite3_clear_bindings(handle)
    }

    /// Frees it.
    ///
    /// Only its database calls this.
    func finalize() {
        _ = unsafe sqlite3_finalize(handle)
    }
}

// MARK: - Parameters

extension SQLiteStatement {
    /// Binds text as UTF-8; nil is NULL.
    ///
    /// The bytes are copied, into the room of a writer or by SQLite.
    func bind(_ index: Int32, _ text: String?) throws(SQLiteError) {
        guard var text else { return try check(unsafe sqlite3_bind_null(handle, index)) }
        let code = text.withUTF8 { bytes in
            if let kept = unsafe room?.keep(UnsafeRawBufferPointer(bytes)) {
                return unsafe csqlite_bind_kept_text(handle, index, kept, Int32(clamping: bytes.count))
            }
            // The base address of an empty string may be nil, which SQLite would take as NULL.
            guard let start = bytes.baseAddress else { return unsafe csqlite_bind_text(handle, index, "", 0) }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                unsafe csqlite_bind_text(handle, index, $0, Int32(clamping: bytes.count))
            }
        }
        try check(code)
    }

    /// Binds an integer; nil is NULL.
    func bind(_ index: Int32, _ number: Int64?) throws(SQLiteError) {
        guard let number else { return try check(unsafe sqlite3_bind_null(handle, index)) }
        try check(unsafe sqlite3_bind_int64(handle, index, number))
    }

    /// Binds bytes as a blob.
    ///
    /// They are copied, into the room of a writer or by SQLite.
    func bind(_ index: Int32, _ bytes: [UInt8]) throws(SQLiteError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
            if let kept = unsafe room?.keep(bytes) {
                return unsafe csqlite_bind_kept_blob(handle, index, kept, Int32(clamping: bytes.count))
            }
            return unsafe csqlite_bind_blob(handle, index, start, Int32(clamping: bytes.count))
        }
        try check(code)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(code: code, step: "bind") }
    }
}

// MARK: - Columns of the row at hand

extension SQLiteStatement {
    /// An integer; NULL is 0.
    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// An integer, or nil for NULL.
    func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// Text, or nil for NULL.
    func optionalText(_ column: Int32) -> String? {
        guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Text; NULL is the empty text.
    func text(_ column: Int32) -> String {
        optionalText(column) ?? ""
    }

    /// The bytes of a blob, copied once; NULL is no bytes.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let target = buffer.baseAddress { unsafe memcpy(target, start, count) }
            initialized = count
        }
    }

    /// Text, or nil for what is stored as something else.
    func optionalText(ifText column: Int32) -> String? {
        unsafe sqlite3_column_type(handle, column) == SQLITE_TEXT ? optionalText(column) : nil
    }

    /// Whether there is nothing.
    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }
}
