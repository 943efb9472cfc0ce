internal import Glibc

/// Reads whole small files and folders, with a bound and a reason that an operator can act on.
package enum DiskFile {
    /// Why a file or folder could not be read.
    package struct Problem: Error, Sendable, Equatable {
        /// What stands in the way.
        package let code: Code
        /// A sentence for the operator, such as
        /// `permission denied for uid 998 (scim-gateway); it is root:root 0600`.
        package let sentence: String
        /// What to do, such as `chgrp scim-gateway and chmod 0640`; nil when the sentence says it.
        package let fix: String?

        /// What stands in the way of reading.
        package enum Code: Sendable, Equatable {
            /// Nothing has that path.
            case missing
            /// This process's user may not read it.
            case notPermitted
            /// It is no regular file, or no folder where one is wanted.
            case wrongKind
            /// It is larger than the caller's bound.
            case tooLarge
            /// Anything else; the sentence has the system's words.
            case failed
        }

        /// A problem in one sentence.
        package init(code: Code, sentence: String, fix: String? = nil) {
            self.code = code
            self.sentence = sentence
            self.fix = fix
        }

        /// Same code.
        package static func == (left: Problem, right: Problem) -> Bool { left.code == right.code }
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: `tooLarge` when the file has more bytes than the bound; it is then not read to its
    /// end.
    package static func bytes(of path: String, atMost bound: Int) throws(Problem) -> [UInt8] {
        // Non-blocking, so that a FIFO in the place of a file does not hang the open.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw problem(errno, path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw problem(errno, path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Problem(code: .wrongKind, sentence: "it is not a regular file")
        }

        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe read(descriptor, &part, part.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw problem(errno, path)
            }
            bytes.append(contentsOf: part.prefix(count))
            guard bytes.count <= bound else {
                throw Problem(code: .tooLarge, sentence: "it has more than \(bound) bytes")
            }
        }
    }

    /// The names in a folder, without `.` and `..`, sorted by bytes.
    ///
    /// - Throws: `tooLarge` past ``LinuxLimits/folderEntries``.
    package static func names(in folder: String) throws(Problem) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw problem(errno, folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                // The kernel ends d_name with a NUL (readdir(3)).
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            errno = 0
            if name == "." || name == ".." { continue }
            names.append(name)
            guard names.count <= LinuxLimits.folderEntries else {
                throw Problem(
                    code: .tooLarge,
                    sentence: "it has more than \(LinuxLimits.folderEntries) entries"
                )
            }
        }
        guard errno == 0 else { throw problem(errno, folder) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Why a regular file cannot be opened for reading; nil when it can.
    ///
    /// Nothing is read: for files whose content is a secret.
    package static func problem(opening path: String) -> Problem? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return problem(errno, path) }
        close(descriptor)
        return nil
    }

    private static func problem(_ code: Int32, _ path: String) -> Problem {
        let reason = SystemError(call: "open", object: path, code: code).reason
        switch code {
        case ENOENT:
            return Problem(code: .missing, sentence: reason)
        case ENOTDIR, EISDIR, ELOOP:
            return Problem(code: .wrongKind, sentence: reason)
        case EACCES, EPERM:
            let user = EffectiveUser.current
            guard let owner = FileOwner(of: path) else {
                return Problem(
                    code: .notPermitted,
                    sentence: "\(reason) for \(user)",
                    fix: "let that user enter every folder above it: chmod o+x, or chgrp and chmod g+x"
                )
            }
            return Problem(
                code: .notPermitted,
                sentence: "\(reason) for \(user); it is \(owner)",
                fix: "chgrp \(EffectiveUser.currentGroup) and chmod \(owner.isFolder ? "0750" : "0640")"
            )
        default:
            return Problem(code: .failed, sentence: reason)
        }
    }
}

/// Whose a file is, and what others may do with it: `root:root 0600`.
private struct FileOwner: CustomStringConvertible {
    let description: String
    let isFolder: Bool

    /// Nil when not even that may be seen.
    init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        let padded = String(repeating: "0", count: max(0, 4 - mode.count)) + mode
        let user = EffectiveUser(id: status.st_uid)
        let group = EffectiveUser.groupName(of: status.st_gid)
        description = "\(user.name ?? String(user.id)):\(group) \(padded)"
        isFolder = status.st_mode & S_IFMT == S_IFDIR
    }
}
