internal import Glibc

/// Who may do what with a file or folder (stat(2)).
package struct FileRights: Sendable, Equatable {
    /// The permission bits, such as 0o640.
    package let mode: UInt32
    /// Whether it is a folder.
    package let isFolder: Bool

    /// Reads them; a link is followed.
    ///
    /// - Throws: the system's reason.
    package init(of path: String) throws(SystemError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw SystemError(call: "stat", object: path, code: errno)
        }
        mode = status.st_mode & 0o7777
        isFolder = status.st_mode & S_IFMT == S_IFDIR
    }

    /// `0640`.
    package var text: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Whether everybody on the machine may read, change or enter it.
    package var isOpenToAll: Bool { mode & 0o007 != 0 }
    /// Whether everybody on the machine may change it.
    package var isChangeableByAll: Bool { mode & 0o002 != 0 }
}
