import Glibc
import Store

/// Whoever has a database file open beside us, when SQLite finds it locked: an outside tool, as nobody else may open a live
/// one (`unix-excl` takes the whole file for as long as it is open).
struct FileHolder {
    /// The database file.
    let path: String
    /// Its process; nil where the system does not tell, as for one in another container.
    let process: Int32?

    /// Looks who holds a lock on the file.
    ///
    /// Only while no connection of ours has it open: to close any descriptor of a file gives up all locks that a process has
    /// on it (sqlite.org/howtocorrupt.html §2.2).
    init(of path: String) {
        self.path = path
        process = Self.lockingProcess(path)
    }

    /// Why the store cannot be opened, and how that is mended.
    var refusal: StoreError {
        let who = process.map { "Process \($0)" } ?? "Another process"
        let find = process.map { "ps -p \($0)" } ?? "fuser -v \(path)"
        return .unavailable(
            "\(who) has \(path) open. A live database is the gateway's alone: end that program (\(find)), "
                + "and the next request opens the file."
        )
    }

    /// Where SQLite locks a file, from the byte that waiting writers take on (sqlite.org/src/doc/trunk/src/os.h).
    private static let lockedBytes = (start: off_t(0x4000_0000), count: off_t(512))

    private static func lockingProcess(_ path: String) -> Int32? {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        (lock.l_start, lock.l_len) = lockedBytes
        guard unsafe fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK), lock.l_pid > 0
        else { return nil }
        return lock.l_pid
    }
}
