internal import COpenSSL

/// A library context of OpenSSL: its own algorithms, its own random generator, nothing shared with
/// another one.
///
/// Each cloud profile has one, and does everything with keys, digests and randomness in it: what a
/// profile must not use, its context does not have. Nothing in the gateway uses OpenSSL's global
/// context. (The word context is OpenSSL's: OSSL_LIB_CTX(3).)
///
/// It lives as long as the process: make one for each profile, at start, not one for each use.
/// Every thread that has drawn random bytes in a context clears its part up when it ends, and in
/// OpenSSL 3.0 it does so even when the context was freed before, by another thread: a crash in a
/// thread that did nothing wrong. The only cure in OpenSSL (OPENSSL_thread_stop_ex on each of those
/// threads) is out of reach on threads of a pool, so that the context is not freed at all. A few
/// tens of KiB each, and some of the 1,024 thread-local keys that a process has: a few hundred contexts
/// use them up, and then no random byte can be drawn.
@safe
package final class LibraryContext: Sendable {
    /// Whose context this is, for people: `commercial`.
    package let name: String
    /// What the FIPS module told of itself; nil in a context with OpenSSL's ordinary algorithms.
    package let fips: FIPSModule.Evidence?

    // SAFETY: an OSSL_LIB_CTX may be used by many threads at once (openssl-threads(7)). These
    // pointers are set in init, never changed and never freed. EVP_MD, EVP_MAC and EVP_CIPHER are
    // immutable once fetched.
    private nonisolated(unsafe) let library: OpaquePointer
    nonisolated(unsafe) let digest: OpaquePointer
    nonisolated(unsafe) let mac: OpaquePointer
    nonisolated(unsafe) let cipher: OpaquePointer

    /// A context with OpenSSL's ordinary algorithms ("default"), the old ones ("legacy") left out.
    ///
    /// The machine's openssl.cnf is not read: an edit of that file must not change what the gateway
    /// accepts.
    /// - Throws: `CryptoError` when OpenSSL refuses; only a broken installation or lack of memory
    ///   does that.
    package convenience init(name: String) throws(CryptoError) {
        try self.init(name: name, module: nil)
    }

    /// A context in which a FIPS module does everything: every digest, every random byte, every TLS session.
    /// - Throws: `CryptoError` `.noFIPSModule` when the module is not to be had, or fails its self-tests.
    package convenience init(name: String, in module: FIPSModule) throws(CryptoError) {
        try self.init(name: name, module: module)
    }

    private init(name: String, module: FIPSModule?) throws(CryptoError) {
        Self.start()
        OpenSSLErrorQueue.clear()
        guard let library = unsafe OSSL_LIB_CTX_new() else {
            throw CryptoError(code: .noLibraryContext, opensslReasons: OpenSSLErrorQueue.drain())
        }
        if let module {
            fips = try unsafe module.load(into: library)
        } else {
            fips = nil
            guard unsafe OSSL_PROVIDER_load(library, "default") != nil else {
                throw CryptoError(code: .noAlgorithms, opensslReasons: OpenSSLErrorQueue.drain())
            }
        }
        // Fetched once: a fetch takes a lock and a look-up, several times the cost of hashing a
        // token.
        guard let digest = unsafe EVP_MD_fetch(library, "SHA256", nil),
            let mac = unsafe EVP_MAC_fetch(library, "HMAC", nil),
            let cipher = unsafe EVP_CIPHER_fetch(library, "AES-256-GCM", nil)
        else {
            throw CryptoError(code: .missingAlgorithm, opensslReasons: OpenSSLErrorQueue.drain())
        }
        self.name = name
        unsafe self.library = library
        unsafe self.digest = digest
        unsafe self.mac = mac
        unsafe self.cipher = cipher
    }

    /// Lends the `OSSL_LIB_CTX *` to a neighbour that wraps another part of OpenSSL.
    ///
    package func withPointer<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result {
        try unsafe body(library)
    }

    /// SHA-256 of the bytes: 32 bytes.
    ///
    /// FIPS 180-4.
    package func sha256(_ bytes: [UInt8]) -> [UInt8] {
        sha256(bytes.span)
    }

    /// SHA-256 of the bytes: 32 bytes.
    ///
    /// FIPS 180-4.
    package func sha256(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: Self.digestLength) { output, count in
                let result = unsafe EVP_Digest(
                    input.baseAddress,
                    input.count,
                    output.baseAddress,
                    nil,
                    digest,
                    nil
                )
                // Fails only without memory, or in a module whose self-test failed: no byte of a
                // peer causes it, and going on without a digest would be worse than stopping.
                precondition(result == 1, "EVP_Digest failed: \(OpenSSLErrorQueue.drain())")
                count = Self.digestLength
            }
        }
    }

    /// HMAC-SHA-256 of the bytes under the key: 32 bytes.
    ///
    /// RFC 2104, FIPS 198-1.
    package func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        hmacSHA256(key: key.span, bytes.span)
    }

    /// HMAC-SHA-256 of the bytes under the key: 32 bytes.
    ///
    /// RFC 2104, FIPS 198-1.
    package func hmacSHA256(key: Span<UInt8>, _ bytes: Span<UInt8>) -> [UInt8] {
        let computation = unsafe EVP_MAC_CTX_new(mac)
        defer { unsafe EVP_MAC_CTX_free(computation) }
        return unsafe [UInt8](unsafeUninitializedCapacity: Self.digestLength) { output, count in
            var length = 0
            let isStarted = unsafe key.withUnsafeBufferPointer { key in
                unsafe Self.startHMAC(computation, key: key)
            }
            let isFed = unsafe bytes.withUnsafeBufferPointer { input in
                unsafe EVP_MAC_update(computation, input.baseAddress, input.count) == 1
            }
            let isDone =
                unsafe EVP_MAC_final(computation, output.baseAddress, &length, Self.digestLength) == 1
            // As for SHA-256: not caused by input, and there is no answer without it.
            precondition(
                isStarted && isFed && isDone && length == Self.digestLength,
                "HMAC failed: \(OpenSSLErrorQueue.drain())"
            )
            count = length
        }
    }

    /// Hands a computation its key.
    static func startHMAC(_ computation: OpaquePointer?, key: UnsafeBufferPointer<UInt8>) -> Bool {
        // With a nil key OpenSSL would keep the key of before: an empty key still needs an address.
        var nothing: UInt8 = 0
        return unsafe withUnsafePointer(to: &nothing) { nothing in
            unsafe gateway_EVP_MAC_init_SHA256(computation, key.baseAddress ?? nothing, key.count) == 1
        }
    }

    /// Random bytes of the context's generator, fit for keys and tokens.
    ///
    /// RAND_bytes_ex(3).
    package func randomBytes(_ count: Int) -> [UInt8] {
        // An array without room is the same object for all: its count would be written where other threads read it.
        guard count != 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            // No entropy means no secrets: there is nothing sensible to answer then.
            precondition(
                unsafe RAND_bytes_ex(library, output.baseAddress, count, 0) == 1,
                "RAND_bytes failed: \(OpenSSLErrorQueue.drain())"
            )
            filled = count
        }
    }

    /// Fills memory with random bytes that are to stay secret: a key's.
    ///
    /// RAND_priv_bytes_ex(3): another generator than the one whose output everybody sees.
    func fill(_ memory: UnsafeMutableBufferPointer<UInt8>) {
        let isFilled = unsafe RAND_priv_bytes_ex(library, memory.baseAddress, memory.count, 0) == 1
        precondition(isFilled, "RAND_priv_bytes failed: \(OpenSSLErrorQueue.drain())")
    }

    /// Bytes of a SHA-256 digest.
    package static let digestLength = 32

    /// libcrypto's start, once a process, before anything else can start it with its own defaults.
    private static func start() {
        _ = isStarted
    }

    /// Without the machine's configuration file, and without clean-up at exit: threads that still
    /// run then would use what was cleaned.
    private static let isStarted = OPENSSL_init_crypto(gateway_OPENSSL_INIT_options(), nil) == 1
}
