internal import Glibc

/// An exclusive lock on a file for as long as this value lives (flock(2)); the file tells who holds
/// it.
///
/// ```
/// 812
/// /run/scim-gateway/admin.sock
/// /etc/scim-gateway/gateway.yaml
/// ```
///
/// The kernel frees the lock when the process ends, however it ends, so a file left behind locks
/// nobody out. The file is never removed: another process could hold a lock on the removed one
/// while a third locks the new one.
package final class FileLock: Sendable {
    /// The locked file.
    package let path: String
    private let descriptor: Int32

    /// Who holds a lock, as far as the file tells: the holder writes it just after locking.
    package struct Holder: Sendable, Equatable {
        /// The holder's process id.
        package let process: Int32?
        /// Where its admin socket is.
        package let adminSocket: String?
        /// The settings file that it was started with, as ``SettingsPlace`` names it.
        package let settings: String?

        /// A holder as far as it is known.
        package init(process: Int32?, adminSocket: String?, settings: String?) {
            self.process = process
            self.adminSocket = adminSocket
            self.settings = settings
        }
    }

    /// Why a lock was not got.
    package enum Refusal: Error, Sendable, Equatable {
        /// Another process (or another part of this one) has it.
        case held(Holder)
        /// The file could not be opened, locked or written.
        case failed(SystemError)
    }

    /// Takes the lock without waiting, and writes this process's id, the path of its admin socket
    /// and its settings file into the lock's file, which is made (0600) when it is not there.
    ///
    /// - Throws: `held` with what the file says, or `failed` with the system's reason.
    package init(path: String, adminSocket: String, settings: String) throws(Refusal) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(SystemError(call: "open", object: path, code: errno)) }
        do throws(Refusal) {
            try Self.lock(descriptor, path)
            try Self.write(
                "\(getpid())\n\(adminSocket)\n\(SettingsPlace.name(of: settings))\n",
                to: descriptor,
                path
            )
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Emptied first, so that whoever looks afterwards sees no holder. A failure leaves the old
        // text, which the free lock contradicts.
        _ = ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Who holds the lock on a file now; nil when nobody does, or the file is not there.
    ///
    /// - Throws: the system's reason when the file cannot be opened.
    package static func holder(of path: String) throws(SystemError) -> Holder? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw SystemError(call: "open", object: path, code: errno) }
            return nil
        }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        guard errno == EWOULDBLOCK else { throw SystemError(call: "flock", object: path, code: errno) }
        return written(in: descriptor)
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws(Refusal) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: throw .held(written(in: descriptor))
            default: throw .failed(SystemError(call: "flock", object: path, code: errno))
            }
        }
    }

    private static func write(_ text: String, to descriptor: Int32, _ path: String) throws(Refusal) {
        let bytes = Array(text.utf8)
        guard ftruncate(descriptor, 0) == 0, unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        else {
            throw .failed(SystemError(call: "write", object: path, code: errno))
        }
    }

    private static func written(in descriptor: Int32) -> Holder {
        var bytes = [UInt8](repeating: 0, count: LinuxLimits.lockFileBytes)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        let lines = bytes.prefix(max(0, count)).split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        return Holder(
            process: texts.first.flatMap { Int32($0) },
            adminSocket: texts.dropFirst().first.flatMap { $0.isEmpty ? nil : $0 },
            settings: texts.dropFirst(2).first.flatMap { $0.isEmpty ? nil : $0 }
        )
    }
}
