internal import COpenSSL

/// SHA-256 of bytes that come in parts (FIPS 180-4): of a file that is too large to hold.
///
/// One part after another, by one thread at a time.
@safe
package final class RunningDigest {
    // SAFETY: made in init, used by this object alone, freed in deinit.
    private let computation: OpaquePointer?

    /// A digest of nothing yet.
    init(_ digest: OpaquePointer) {
        unsafe computation = EVP_MD_CTX_new()
        let isStarted = unsafe EVP_DigestInit_ex2(computation, digest, nil) == 1
        // As for the digest at once: no byte of a peer causes it, and there is no answer without it.
        precondition(isStarted, "EVP_DigestInit_ex2 failed: \(OpenSSLErrorQueue.drain())")
    }

    deinit {
        unsafe EVP_MD_CTX_free(computation)
    }

    /// Takes the next bytes.
    package func add(_ bytes: [UInt8]) {
        let isAdded = unsafe bytes.withUnsafeBytes { part in
            unsafe EVP_DigestUpdate(computation, part.baseAddress, part.count) == 1
        }
        precondition(isAdded, "EVP_DigestUpdate failed: \(OpenSSLErrorQueue.drain())")
    }

    /// The digest of all of them: 32 bytes.
    ///
    /// To be called once.
    package func end() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: LibraryContext.digestLength) { output, count in
            let isEnded = unsafe EVP_DigestFinal_ex(computation, output.baseAddress, nil) == 1
            precondition(isEnded, "EVP_DigestFinal_ex failed: \(OpenSSLErrorQueue.drain())")
            count = LibraryContext.digestLength
        }
    }
}

extension LibraryContext {
    /// A SHA-256 that takes its bytes in parts.
    package func digesting() -> RunningDigest { unsafe RunningDigest(digest) }
}
