internal import COpenSSL
internal import Crypto
internal import Glibc

/// A file of a listener's TLS read whole into memory that is wiped afterwards, with its faults told
/// apart.
@safe
final class WipedFile {
    /// Where it was read from.
    let path: String
    /// OpenSSL's reader of it, starting at the front.
    ///
    /// Valid as long as this object.
    let bio: OpaquePointer?

    // One piece of memory that never grows: growing would leave copies of a private key behind.
    private let memory: UnsafeMutableRawBufferPointer
    private let count: Int

    /// Most bytes of a file: a chain of ten certificates has 20 KiB.
    static let mostBytes = 1024 * 1024

    /// Reads the file.
    ///
    /// Blocks: not for an event loop.
    ///
    /// - Throws: `.missingFile`, `.unreadableFile`, `.fileTooLarge`.
    init(_ path: String) throws(TLSConfigurationError) {
        // Non-blocking, so that a FIFO in the place of a file does not hang the open.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.refusal(path, errno) }
        defer { close(descriptor) }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.mostBytes + 1, alignment: 1)
        do throws(TLSConfigurationError) {
            unsafe self.count = try Self.fill(memory, from: descriptor, path)
        } catch {
            unsafe memory.deallocate()
            throw error
        }
        self.path = path
        unsafe self.memory = unsafe memory
        unsafe self.bio = BIO_new_mem_buf(memory.baseAddress, Int32(count))
    }

    deinit {
        unsafe BIO_free(bio)
        unsafe OPENSSL_cleanse(memory.baseAddress, count)
        unsafe memory.deallocate()
    }

    /// Lets the reader start at the front again.
    func rewind() {
        _ = unsafe BIO_ctrl(bio, BIO_CTRL_RESET, 0, nil)
    }

    /// Whether the text occurs; for the first line of a PEM block.
    func contains(_ text: String) -> Bool {
        unsafe memory[..<count].firstRange(of: Array(text.utf8)) != nil
    }

    /// All bytes, for a file that holds no secret: nobody wipes these.
    var bytes: [UInt8] { unsafe Array(memory[..<count]) }

    /// SHA-256 of the whole file.
    func digest(in library: LibraryContext) -> [UInt8] {
        unsafe library.sha256(
            UnsafeRawBufferPointer(rebasing: memory[..<count]).bindMemory(to: UInt8.self).span
        )
    }

    private static func fill(
        _ memory: UnsafeMutableRawBufferPointer,
        from descriptor: Int32,
        _ path: String
    ) throws(TLSConfigurationError) -> Int {
        var count = 0
        while count < memory.count {
            let result = unsafe read(
                descriptor,
                memory.baseAddress?.advanced(by: count),
                memory.count - count
            )
            if result == 0 { return count }
            if result > 0 {
                count += result
            } else if errno != EINTR {
                throw refusal(path, errno)
            }
        }
        throw TLSConfigurationError(
            .fileTooLarge,
            file: path,
            message: "file has more than \(mostBytes / 1024) KiB",
            fix: "name a file of certificates, the key or an OCSP response: none is that large"
        )
    }

    private static func refusal(_ path: String, _ error: Int32) -> TLSConfigurationError {
        if error == ENOENT || error == ENOTDIR {
            return TLSConfigurationError(
                .missingFile,
                file: path,
                message: "file does not exist",
                fix: "correct the path, or put the file there"
            )
        }
        let reason = unsafe strerror(error).map { unsafe String(cString: $0) } ?? "error \(error)"
        return TLSConfigurationError(
            .unreadableFile,
            file: path,
            message: "file cannot be read: \(reason)",
            fix: "let the gateway's user read it: chgrp to its group and chmod 640, folders 750"
        )
    }
}
