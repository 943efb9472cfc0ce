import COpenSSL
import TLSTransport

/// An OpenSSL client over memory: the other side of a `TLSSession`, without sockets.
@safe
final class ClientSession {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    /// The alert with which the server ended the connection, by its number; nil while it has not.
    private(set) var alert: Int?

    struct Options {
        var newest = TLSVersion.tls13
        var hasExtendedMasterSecret = true
        var applicationProtocols: [String] = []
        var groups: String?
        /// What is called in server_name.
        var serverName: String?
        /// What is to be resumed.
        var resumed: Resumable?
        /// Whether an OCSP response is asked for.
        var asksForStaple = false
        /// The certificate, with its chain, that is shown to a server that asks.
        var certificate: TLSFiles?
    }

    /// A session that a client has kept, with its ticket.
    @safe
    final class Resumable {
        fileprivate let pointer: OpaquePointer

        fileprivate init(adopting pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe SSL_SESSION_free(pointer)
        }

        /// Bytes of the ticket; 0 without one.
        var ticketBytes: Int {
            var (start, count): (UnsafePointer<UInt8>?, Int) = (nil, 0)
            unsafe SSL_SESSION_get0_ticket(pointer, &start, &count)
            return count
        }

        /// Changes one bit of the ticket.
        func damage(at index: Int) {
            var (start, count): (UnsafePointer<UInt8>?, Int) = (nil, 0)
            unsafe SSL_SESSION_get0_ticket(pointer, &start, &count)
            guard let start = unsafe start, index < count else { return }
            unsafe UnsafeMutablePointer(mutating: start)[index] ^= 1
        }
    }

    struct NoMemory: Error {}

    init(_ options: Options = Options()) throws {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw NoMemory() }
        let version = options.newest == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
        _ = unsafe gateway_SSL_CTX_set_max_proto_version(context, version)
        if let groups = options.groups { _ = unsafe gateway_SSL_CTX_set1_groups_list(context, groups) }
        guard let ssl = unsafe SSL_new(context) else { throw NoMemory() }
        // SSL_OP_NO_EXTENDED_MASTER_SECRET is SSL_OP_BIT(0).
        if !options.hasExtendedMasterSecret { unsafe SSL_set_options(ssl, 1) }
        if let name = options.serverName {
            unsafe name.withCString { name in
                let kind = Int(TLSEXT_NAMETYPE_host_name)
                _ = unsafe SSL_ctrl(
                    ssl,
                    SSL_CTRL_SET_TLSEXT_HOSTNAME,
                    kind,
                    UnsafeMutablePointer(mutating: name)
                )
            }
        }
        if let resumed = options.resumed { _ = unsafe SSL_set_session(ssl, resumed.pointer) }
        if options.asksForStaple {
            _ = unsafe SSL_ctrl(
                ssl,
                SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE,
                Int(TLSEXT_STATUSTYPE_ocsp),
                nil
            )
        }
        if let files = options.certificate {
            // It is the server that is to refuse a weak one.
            unsafe SSL_set_security_level(ssl, 0)
            guard unsafe SSL_use_certificate_chain_file(ssl, files.certificate) == 1,
                unsafe SSL_use_PrivateKey_file(ssl, files.key, SSL_FILETYPE_PEM) == 1
            else { throw NoMemory() }
        }
        let names = options.applicationProtocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !names.isEmpty { _ = unsafe SSL_set_alpn_protos(ssl, names, UInt32(names.count)) }
        unsafe self.context = context
        unsafe self.ssl = ssl
        guard let incoming = unsafe BIO_new(BIO_s_mem()), let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            throw NoMemory()
        }
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
        unsafe SSL_set_bio(ssl, incoming, outgoing)
        unsafe SSL_set_connect_state(ssl)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    /// Ciphertext of the server.
    func receive(_ bytes: [UInt8]) {
        _ = unsafe BIO_write(incoming, bytes, Int32(bytes.count))
    }

    /// Ciphertext for the server.
    func takeCiphertext() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(outgoing)))
        guard !bytes.isEmpty else { return [] }
        _ = unsafe BIO_read(outgoing, &bytes, Int32(bytes.count))
        return bytes
    }

    /// Whether the handshake is complete.
    func shakeHands() -> Bool {
        ERR_clear_error()
        defer { noteAlert() }
        return unsafe SSL_do_handshake(ssl) == 1
    }

    /// OpenSSL's reasons for alerts are their numbers and a thousand.
    private func noteAlert() {
        let number = Int(ERR_GET_REASON(ERR_peek_last_error())) - 1000
        if alert == nil, number > 0 { alert = number }
    }

    /// Whether the server took the session that was to be resumed.
    var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// The session for a next time; read first what the server sent after the handshake.
    var resumable: Resumable? {
        // A copy: the original is of no more use once its connection ends without close_notify.
        unsafe SSL_SESSION_dup(SSL_get_session(ssl)).map { unsafe Resumable(adopting: $0) }
    }

    /// The OCSP response that the server stapled, DER; nil without one.
    var staple: [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe withUnsafeMutablePointer(to: &bytes) { bytes in
            unsafe SSL_ctrl(ssl, SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, bytes)
        }
        guard count > 0 else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The server's certificate, DER; empty before the handshake.
    var serverCertificate: [UInt8] {
        guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return [] }
        defer { unsafe X509_free(certificate) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe i2d_X509(certificate, nil)))
        unsafe bytes.withUnsafeMutableBufferPointer { room in
            var end = room.baseAddress
            _ = unsafe i2d_X509(certificate, &end)
        }
        return bytes
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe SSL_write(ssl, $0.baseAddress, Int32($0.count)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(Int(count))
        }
    }

    /// All plaintext that is there.
    func read() -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            ERR_clear_error()
            let count = unsafe SSL_read(ssl, &piece, Int32(piece.count))
            noteAlert()
            guard count > 0 else { return all }
            all += piece[..<Int(count)]
        }
    }

    /// The next write changes our key, and asks the server to change its.
    func updateKey() {
        _ = unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        _ = unsafe SSL_do_handshake(ssl)
    }

    func sayCloseNotify() {
        _ = unsafe SSL_shutdown(ssl)
    }

    var hasSeenCloseNotify: Bool {
        unsafe SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0
    }
}
