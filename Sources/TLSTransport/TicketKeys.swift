internal import COpenSSL
package import Crypto
internal import Synchronization

/// The keys under which one profile's session tickets are encrypted: the present one, and the one
/// before it.
///
/// A ticket of the present key is taken; one of the key before is taken and replaced; any other is
/// an unknown ticket, and the client shakes hands in full. So a ticket lives through one rotation
/// and never through two, and nobody who learns a key reads sessions older than that. Keys are in
/// memory only, and no other profile has them.
///
/// RFC 5077 §4 and SSL_CTX_set_tlsext_ticket_key_evp_cb(3): AES-256-CBC, then HMAC-SHA-256.
@safe
package final class TicketKeys: Sendable {
    private let library: LibraryContext
    // SAFETY: an EVP_CIPHER is immutable once fetched. Set in init, freed in deinit.
    private nonisolated(unsafe) let cipher: OpaquePointer
    private let ring: Mutex<Ring>

    private struct Ring {
        var present: TicketKey
        var previous: TicketKey?
    }

    /// How long a key makes tickets, and how long a ticket may be used, seconds.
    ///
    /// Equal, so that a ticket is good for as long as it says. Entra's cycles come every 40 minutes.
    package static let period = 2 * 60 * 60

    /// A ring with one fresh key.
    ///
    /// - Throws: `.noTLS` when the library context has no AES-256-CBC.
    package init(library: LibraryContext) throws(TLSConfigurationError) {
        OpenSSLErrorQueue.clear()
        guard let cipher = unsafe library.withPointer({ unsafe EVP_CIPHER_fetch($0, "AES-256-CBC", nil) })
        else {
            throw .noTLS(OpenSSLErrorQueue.drain())
        }
        self.library = library
        unsafe self.cipher = cipher
        ring = Mutex(Ring(present: TicketKey(library)))
    }

    deinit {
        unsafe EVP_CIPHER_free(cipher)
    }

    /// Makes tickets under a fresh key from now on; what was present is previous, and what was
    /// previous is gone.
    package func rotate() {
        let fresh = TicketKey(library)
        ring.withLock { ring in
            ring.previous = ring.present
            ring.present = fresh
        }
    }

    /// Lets the sessions of a context make and take tickets under these keys, which must outlive
    /// them.
    func install(in context: OpaquePointer) -> Bool {
        unsafe gateway_SSL_CTX_set_app_data(context, Unmanaged.passUnretained(self).toOpaque()) == 1
            && SSL_CTX_set_tlsext_ticket_key_evp_cb(context, useTicketKey) == 1
    }

    /// Prepares the encryption of a new ticket.
    fileprivate func encrypt(_ ticket: TicketCall) -> Int32 {
        let key = ring.withLock { $0.present }
        unsafe ticket.name.update(from: key.name, count: TicketKey.nameBytes)
        guard
            unsafe library.withPointer({ unsafe RAND_bytes_ex($0, ticket.vector, TicketKey.vectorBytes, 0) })
                == 1,
            unsafe EVP_EncryptInit_ex2(ticket.cipher, cipher, key.secret, ticket.vector, nil) == 1,
            unsafe key.setAuthentication(ticket.mac)
        else { return TicketAnswer.failed }
        return TicketAnswer.done
    }

    /// Prepares the decryption of a ticket that a client shows.
    fileprivate func decrypt(_ ticket: TicketCall) -> Int32 {
        let (present, previous) = ring.withLock { ($0.present, $0.previous) }
        let known = [present, previous].compactMap { $0 }
        guard let key = known.first(where: { unsafe $0.isNamed(ticket.name) }) else {
            return TicketAnswer.unknown
        }
        guard unsafe EVP_DecryptInit_ex2(ticket.cipher, cipher, key.secret, ticket.vector, nil) == 1,
            unsafe key.setAuthentication(ticket.mac)
        else { return TicketAnswer.failed }
        return key === present ? TicketAnswer.done : TicketAnswer.doneAndRenew
    }
}

/// One key: its public name, the secret that encrypts, and the one that authenticates; wiped at its
/// end.
@safe
private final class TicketKey: Sendable {
    // SAFETY: filled in init, before anyone else has it, and only read until deinit.
    private nonisolated(unsafe) let memory: UnsafeMutablePointer<UInt8>

    /// The name in front of each ticket, bytes; fixed by OpenSSL.
    static let nameBytes = 16
    /// A block of AES, bytes.
    static let vectorBytes = 16
    /// AES-256, and as much for HMAC-SHA-256, bytes.
    private static let secretBytes = 32
    private static let allBytes = nameBytes + 2 * secretBytes

    init(_ library: LibraryContext) {
        unsafe memory = .allocate(capacity: Self.allBytes)
        let result = unsafe library.withPointer { unsafe RAND_priv_bytes_ex($0, memory, Self.allBytes, 0) }
        // No entropy means no secrets: there is nothing sensible to go on with.
        precondition(result == 1, "RAND_priv_bytes failed: \(OpenSSLErrorQueue.drain())")
    }

    deinit {
        unsafe OPENSSL_cleanse(memory, Self.allBytes)
        unsafe memory.deallocate()
    }

    var name: UnsafeMutablePointer<UInt8> { unsafe memory }
    var secret: UnsafeMutablePointer<UInt8> { unsafe memory + Self.nameBytes }

    func isNamed(_ other: UnsafeMutablePointer<UInt8>) -> Bool {
        unsafe CRYPTO_memcmp(memory, other, Self.nameBytes) == 0
    }

    /// Gives the second secret to a ticket's MAC.
    func setAuthentication(_ mac: OpaquePointer) -> Bool {
        unsafe gateway_EVP_MAC_CTX_set_SHA256_key(mac, secret + Self.secretBytes, Self.secretBytes) == 1
    }
}

/// What OpenSSL hands over to have one ticket prepared.
@unsafe
private struct TicketCall {
    let name: UnsafeMutablePointer<UInt8>
    let vector: UnsafeMutablePointer<UInt8>
    let cipher: OpaquePointer
    let mac: OpaquePointer
}

/// What the callback says to OpenSSL.
private enum TicketAnswer {
    static let failed: Int32 = -1
    static let unknown: Int32 = 0
    static let done: Int32 = 1
    static let doneAndRenew: Int32 = 2
}

/// SSL_CTX_set_tlsext_ticket_key_evp_cb(3): hands OpenSSL's question to the `TicketKeys`.
private func useTicketKey(
    _ ssl: OpaquePointer?,
    _ name: UnsafeMutablePointer<UInt8>?,
    _ vector: UnsafeMutablePointer<UInt8>?,
    _ cipher: OpaquePointer?,
    _ mac: OpaquePointer?,
    _ isEncrypting: Int32
) -> Int32 {
    guard let keys = unsafe gateway_SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)),
        let name = unsafe name, let vector = unsafe vector, let cipher = unsafe cipher,
        let mac = unsafe mac
    else { return TicketAnswer.failed }
    let ticket = unsafe TicketCall(name: name, vector: vector, cipher: cipher, mac: mac)
    let ring = unsafe Unmanaged<TicketKeys>.fromOpaque(keys).takeUnretainedValue()
    return unsafe isEncrypting == 1 ? ring.encrypt(ticket) : ring.decrypt(ticket)
}
