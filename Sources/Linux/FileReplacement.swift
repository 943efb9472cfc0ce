internal import Glibc

/// Puts a file in a folder whole or not at all: written beside its place, made durable, and then renamed into it.
package enum FileReplacement {
    /// What is there in the place of the new file.
    package enum Place: Sendable {
        /// Nothing may be: what is there is never overwritten.
        case free
        /// The file that gets new contents; owner, group and mode stay.
        case taken
    }

    /// Writes a file.
    ///
    /// A new file is 0640: tenants' files name no secret, and others than the gateway need not read them.
    ///
    /// - Throws: the system's reason; `EEXIST` when a free place is taken. Nothing is changed then.
    package static func write(_ bytes: [UInt8], to path: String, _ place: Place) throws(SystemError) {
        let beside = beside(path)
        let descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(call: "open", object: beside, code: errno) }
        do throws(SystemError) {
            defer { close(descriptor) }
            try fill(descriptor, bytes, beside)
            try adopt(descriptor, path, place)
            guard fsync(descriptor) == 0 else {
                throw SystemError(call: "fsync", object: beside, code: errno)
            }
            try move(beside, to: path, place)
        } catch {
            _ = unsafe unlink(beside)
            throw error
        }
        try settle(path)
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes { part in
                unsafe Glibc.write(descriptor, part.baseAddress, part.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(call: "write", object: path, code: errno) }
            done += count
        }
    }

    /// Takes over owner, group and mode of the file that is replaced.
    private static func adopt(_ descriptor: Int32, _ path: String, _ place: Place) throws(SystemError) {
        guard case .taken = place else {
            guard fchmod(descriptor, 0o640) == 0 else {
                throw SystemError(call: "fchmod", object: path, code: errno)
            }
            return
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw SystemError(call: "lstat", object: path, code: errno)
        }
        // A link would be replaced by a file, and what it leads to would stay as it is.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SystemError(call: "replace", object: path, code: ELOOP)
        }
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0,
            fchmod(descriptor, status.st_mode & 0o7777) == 0
        else {
            throw SystemError(call: "fchown", object: path, code: errno)
        }
    }

    private static func move(_ beside: String, to path: String, _ place: Place) throws(SystemError) {
        switch place {
        case .taken:
            guard unsafe rename(beside, path) == 0 else {
                throw SystemError(call: "rename", object: path, code: errno)
            }
        case .free:
            // link(2) fails when the name is taken, which rename(2) would not.
            guard unsafe link(beside, path) == 0 else {
                throw SystemError(call: "link", object: path, code: errno)
            }
            _ = unsafe unlink(beside)
        }
    }

    /// Makes the new name itself durable.
    private static func settle(_ path: String) throws(SystemError) {
        let folder = folder(of: path)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(call: "open", object: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", object: folder, code: errno) }
    }

    /// `tenants/.contoso.yaml.812`: a name that no reader of the folder takes for a tenant's file.
    private static func beside(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return "\(folder(of: path))/.\(name).\(getpid())"
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
