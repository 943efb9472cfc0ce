internal import Glibc

/// Folders and files that are made for their owner only, and never in the place of others.
package enum PrivateFolder {
    /// Makes a folder (0700).
    ///
    /// - Throws: the system's reason, also when something of that name is there.
    package static func make(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, mode_t(0o700)) == 0 else {
            throw SystemError(call: "mkdir", object: path, code: errno)
        }
    }

    /// Makes a file (0600) of these bytes, and waits until the disk has it.
    ///
    /// - Throws: as ``make(_:)``.
    package static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe open(path, flags, mode_t(0o600))
        guard descriptor >= 0 else { throw SystemError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(call: "write", object: path, code: errno) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", object: path, code: errno) }
    }
}

extension DiskFile {
    /// Hands a file's bytes over in parts, first to last: for files that are too large to hold.
    ///
    /// - Throws: the system's reason.
    package static func forEachPart(of path: String, _ body: ([UInt8]) -> Void) throws(SystemError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(call: "open", object: path, code: errno) }
        defer { close(descriptor) }
        var part = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(call: "read", object: path, code: errno) }
            if count == 0 { return }
            body(Array(part.prefix(count)))
        }
    }
}
