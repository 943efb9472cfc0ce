internal import COpenSSL
internal import Synchronization

/// HMAC-SHA-256 under one key, for many texts (RFC 2104, FIPS 198-1).
///
/// The key is taken in once: that is most of what the code of a short text costs otherwise.
@safe
package final class KeyedHMAC: Sendable {
    // SAFETY: made in init and freed in deinit; used by one thread at a time, the one that has the turn.
    private nonisolated(unsafe) let computation: OpaquePointer?
    private let turn = Mutex(())

    /// The codes of that key.
    init(_ mac: OpaquePointer, key: [UInt8]) {
        unsafe computation = EVP_MAC_CTX_new(mac)
        let isKeyed = unsafe key.withUnsafeBufferPointer { key in
            unsafe LibraryContext.startHMAC(computation, key: key)
        }
        // As for the digest: no byte of a peer causes it, and there is no answer without it.
        precondition(isKeyed, "EVP_MAC_init failed: \(OpenSSLErrorQueue.drain())")
    }

    deinit {
        unsafe EVP_MAC_CTX_free(computation)
    }

    /// The code of the bytes: 32 bytes.
    package func code(of bytes: [UInt8]) -> [UInt8] {
        turn.withLock { _ in
            unsafe [UInt8](unsafeUninitializedCapacity: LibraryContext.digestLength) { output, count in
                var length = 0
                // Without a key: the one of before stays (EVP_MAC(3)).
                let isStarted = unsafe EVP_MAC_init(computation, nil, 0, nil) == 1
                let isFed = unsafe bytes.withUnsafeBufferPointer { input in
                    unsafe EVP_MAC_update(computation, input.baseAddress, input.count) == 1
                }
                let room = LibraryContext.digestLength
                let isDone = unsafe EVP_MAC_final(computation, output.baseAddress, &length, room) == 1
                precondition(
                    isStarted && isFed && isDone && length == room,
                    "HMAC failed: \(OpenSSLErrorQueue.drain())"
                )
                count = length
            }
        }
    }
}

extension LibraryContext {
    /// HMAC-SHA-256 under that key, in this context.
    package func hmacSHA256(key: [UInt8]) -> KeyedHMAC { unsafe KeyedHMAC(mac, key: key) }
}
