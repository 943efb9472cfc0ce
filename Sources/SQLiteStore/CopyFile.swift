import Glibc
import Store

/// The file of a copy: made for its owner only, and never in the place of another.
struct CopyFile {
    private let path: String

    /// Makes an empty file.
    ///
    /// - Throws: ``StoreError`` `.unavailable` when there is one of that name, or it cannot be made.
    init(path: String) throws {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags, mode_t(0o600))
        guard descriptor >= 0 else { throw Self.refusal(of: "make") }
        close(descriptor)
        self.path = path
    }

    /// Fills it with a database, and syncs it with its folder: a copy that is told of is there.
    func fill(from source: SQLiteDatabase, limits: SQLiteLimits) throws {
        do {
            let target = try SQLiteDatabase(path: path, role: .writer, limits: limits)
            try source.copy(into: target)
            // Else pages stay in a log beside it, and the copy is two files.
            guard try target.checkpoint(.truncating) else {
                throw StoreError.unavailable("The copy is in use.")
            }
        }
        try Self.sync(path)
        try Self.sync(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
    }

    /// Takes a copy away that came to nothing.
    func remove() {
        // What is left of it is named in the error that led here.
        for ending in ["", "-wal", "-shm"] { _ = unsafe unlink(path + ending) }
    }

    private static func sync(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(of: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw refusal(of: "sync") }
    }

    private static func refusal(of step: String) -> StoreError {
        let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "unknown error"
        return .unavailable("Cannot \(step) the copy: \(reason).")
    }
}
