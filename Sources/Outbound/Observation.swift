internal import COpenSSL

/// What one transfer or handshake showed, as libcurl's and OpenSSL's callbacks told it.
final class Observation {
    private(set) var fields: [HTTPSField] = []
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    /// Version and suite of the last handshake.
    private(set) var agreement: (version: String, suite: String)?
    /// The certificates that the server sent in it.
    private(set) var certificates: [ServerCertificate] = []

    /// Forgets the transfer before; the connection may go on.
    func beginTransfer() {
        fields = []
        body = []
        isTooLarge = false
    }

    /// One line of the header block, with its line break.
    func take(line: some Collection<UInt8>) {
        // Bytes that are no UTF-8 are of no use to anybody who reads the answer.
        let text = String(decoding: line, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else {
            // A status line: what came before was an interim answer (RFC 9110 §15.2).
            if text.hasPrefix("HTTP/") { fields = [] }
            return
        }
        guard fields.count < OutboundLimits.fields else { return }
        let value = text[text.index(after: colon)...].filter { !$0.isNewline }
        fields.append(
            HTTPSField(String(text[..<colon]), String(value.drop { $0 == " " || $0 == "\t" }))
        )
    }

    /// A part of the body; false ends the transfer.
    func take(body part: some Collection<UInt8>) -> Bool {
        guard body.count + part.count <= OutboundLimits.bodyBytes else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: part)
        return true
    }

    /// A handshake is done.
    func agreed(_ ssl: OpaquePointer) {
        let version = unsafe String(cString: SSL_get_version(ssl))
        let suite = unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)))
        agreement = (version, suite)
        // On a client the chain holds the server's own certificate, too.
        let chain = unsafe SSL_get_peer_cert_chain(ssl)
        let count = unsafe chain.map { unsafe OPENSSL_sk_num($0) } ?? 0
        let found = (0..<max(0, count)).compactMap { index in
            unsafe OPENSSL_sk_value(chain, index).map { unsafe ServerCertificate(OpaquePointer($0)) }
        }
        // TLS 1.3 tells of each ticket as of a handshake.
        if !found.isEmpty { certificates = found }
    }
}
