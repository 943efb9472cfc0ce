internal import COpenSSL
internal import Crypto
package import NIOCore

/// How far one call into a session got.
///
/// "More bytes are needed" is not an error.
package enum TLSStep: Sendable, Equatable {
    /// Done.
    case complete
    /// Nothing more can be done before the peer has sent more.
    case incomplete
    /// The peer has said close_notify: nothing more will come.
    case closed
    /// The session is of no more use.
    ///
    /// An alert may wait in `takeCiphertext`.
    case failed(TLSFailure)
}

/// One TLS connection, server side: ciphertext in, plaintext out, and back.
///
/// It knows no channel and no clock.
///
/// After every call `takeCiphertext` may hold bytes for the peer (handshake, tickets, alerts, key
/// updates), also after a failure. Not Sendable: it belongs to one event loop.
@safe
package final class TLSSession {
    private let ssl: OpaquePointer
    private let wire: Wire
    private let postHandshakeMessages: Int
    private let requiresExtendedMasterSecret: Bool
    /// The SSL's callbacks point into it.
    private let context: TLSServerContext

    /// A fresh session that waits for a ClientHello.
    ///
    /// The limit on messages after the handshake is as in `TLSLimits`.
    /// - Throws: `.noSession` when there is no memory.
    package init(
        context: TLSServerContext,
        allocator: ByteBufferAllocator = ByteBufferAllocator(),
        postHandshakeMessages: Int = TLSLimits().postHandshakeMessages
    ) throws(TLSFailure) {
        OpenSSLErrorQueue.clear()
        let wire = Wire(allocator: allocator)
        guard let bio = unsafe wire.makeBIO(in: context.library) else {
            throw TLSFailure(.noSession, opensslReasons: OpenSSLErrorQueue.drain())
        }
        guard let ssl = unsafe context.makeSSL() else {
            unsafe BIO_free(bio)
            throw TLSFailure(.noSession, opensslReasons: OpenSSLErrorQueue.drain())
        }
        // One BIO for both ways; the SSL owns it from here on.
        unsafe SSL_set_bio(ssl, bio, bio)
        unsafe SSL_set_accept_state(ssl)
        unsafe wire.countMessages(of: ssl)
        unsafe self.ssl = ssl
        self.wire = wire
        self.postHandshakeMessages = postHandshakeMessages
        self.requiresExtendedMasterSecret = context.policy.requiresExtendedMasterSecret
        self.context = context
    }

    deinit {
        unsafe SSL_free(ssl)
    }

    /// Takes bytes of the peer; `doHandshake` or `readPlaintext` use them.
    package func consumeCiphertext(_ bytes: ByteBuffer) {
        wire.append(bytes)
    }

    /// Ciphertext that has been given and not been looked at, bytes.
    package var ciphertextAtHand: Int {
        wire.input.readableBytes
    }

    /// Whether `readPlaintext` could give something without more bytes of the peer.
    package var hasInput: Bool {
        unsafe wire.input.readableBytes > 0 || SSL_has_pending(ssl) == 1
    }

    /// What has to go to the peer; nil when nothing has.
    package func takeCiphertext() -> ByteBuffer? {
        wire.takeOutput()
    }

    /// Goes on with the handshake.
    package func doHandshake() -> TLSStep {
        OpenSSLErrorQueue.clear()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else { return step(after: result, failure: .handshakeFailed) }
        wire.handshakeMessages = 0
        return hasWantedMasterSecret ? .complete : .failed(TLSFailure(.extendedMasterSecretMissing))
    }

    /// Decrypts one piece, at most a record, into the buffer's free room, which must not be empty.
    package func readPlaintext(into buffer: inout ByteBuffer) -> TLSStep {
        OpenSSLErrorQueue.clear()
        var result: Int32 = 0
        unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { room in
            var count = 0
            result = unsafe SSL_read_ex(ssl, room.baseAddress, room.count, &count)
            return count
        }
        if wire.handshakeMessages > postHandshakeMessages { return .failed(TLSFailure(.tooManyMessages)) }
        return result == 1 ? .complete : step(after: result, failure: .badRecord)
    }

    /// Encrypts from the buffer's front, at most `limit` bytes, and moves its reader index past
    /// what is done.
    ///
    /// After `.incomplete` the same bytes must come again, first; more may follow them.
    package func encrypt(_ buffer: inout ByteBuffer, atMost limit: Int) -> TLSStep {
        var rest = min(limit, buffer.readableBytes)
        guard rest > 0 else { return .complete }
        wire.reserveOutput(rest + (rest / Self.recordBytes + 1) * Self.recordOverhead)
        while rest > 0 {
            OpenSSLErrorQueue.clear()
            var result: Int32 = 0
            let count = unsafe buffer.readWithUnsafeReadableBytes { bytes in
                var written = 0
                result = unsafe SSL_write_ex(ssl, bytes.baseAddress, min(rest, Self.recordBytes), &written)
                return written
            }
            guard result == 1 else { return step(after: result, failure: .badRecord) }
            rest -= count
        }
        return .complete
    }

    /// Says close_notify.
    ///
    /// `.complete` when the peer has said it, too; else `.incomplete`.
    package func shutdown() -> TLSStep {
        OpenSSLErrorQueue.clear()
        switch unsafe SSL_shutdown(ssl) {
        case 1: return .complete
        case 0: return .incomplete
        case let result: return step(after: result, failure: .badRecord)
        }
    }

    /// What the handshake agreed on; meaningful once `doHandshake` was complete.
    package var agreement: TLSHandshakeCompleted {
        TLSHandshakeCompleted(
            alpn: selectedProtocol,
            version: unsafe SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12,
            cipher: unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) }
                ?? "",
            group: unsafe SSL_group_to_name(ssl, gateway_SSL_get_negotiated_group(ssl))
                .map { unsafe String(cString: $0) },
            isResumed: unsafe SSL_session_reused(ssl) == 1,
            clientFingerprint: clientFingerprint
        )
    }

    /// A handshake with a certificate that was not found right is never complete.
    private var clientFingerprint: [UInt8]? {
        guard let certificate = unsafe SSL_get0_peer_certificate(ssl) else { return nil }
        return context.library.sha256(unsafe Certificate.der(certificate))
    }

    private var selectedProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &length)
        guard let name = unsafe name, length > 0 else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The client was asked at its ClientHello already; this is what was negotiated.
    private var hasWantedMasterSecret: Bool {
        guard requiresExtendedMasterSecret, unsafe SSL_version(ssl) == TLS1_2_VERSION else { return true }
        return unsafe gateway_SSL_get_extms_support(ssl) == 1
    }

    /// Reads what a call meant that did not succeed.
    ///
    /// SSL_get_error(3).
    private func step(after result: Int32, failure: TLSFailure.Code) -> TLSStep {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .incomplete
        case SSL_ERROR_ZERO_RETURN: return .closed
        // WANT_WRITE cannot be: the wire takes everything. The others are failures whatever their
        // name.
        default: return .failed(TLSFailure(failure, opensslReasons: OpenSSLErrorQueue.drain()))
        }
    }

    /// Plaintext of a full record, bytes: RFC 8446 §5.1.
    private static let recordBytes = 16_384
    /// More than any record of ours has around its plaintext, bytes: header 5, explicit nonce 8,
    /// type 1, tag 16.
    private static let recordOverhead = 64
}
