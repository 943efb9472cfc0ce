internal import Glibc

/// How much room the file system of a folder has for this process (statvfs(3)).
package struct FolderSpace: Sendable, Equatable {
    /// Bytes that may still be written.
    package let freeBytes: Int
    /// Files that may still be made; nil where the file system does not count them.
    package let freeFiles: Int?

    /// Reads it.
    ///
    /// - Throws: the system's reason.
    package init(of folder: String) throws(SystemError) {
        var room = statvfs()
        guard unsafe statvfs(folder, &room) == 0 else {
            throw SystemError(call: "statvfs", object: folder, code: errno)
        }
        freeBytes = Int(clamping: UInt64(room.f_bavail) * UInt64(room.f_frsize))
        freeFiles = room.f_files == 0 ? nil : Int(clamping: room.f_favail)
    }
}
