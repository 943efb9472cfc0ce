/// What a handshake has agreed on.
///
/// `TLSHandler` fires it inbound as a user event, before any plaintext.
package struct TLSHandshakeCompleted: Sendable, Equatable {
    /// The application protocol, one of the policy's; nil when the client did not ask, which means
    /// HTTP/1.1.
    package let alpn: String?
    /// The version.
    package let version: TLSVersion
    /// OpenSSL's name of the suite: `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES128-GCM-SHA256`.
    package let cipher: String
    /// OpenSSL's name of the key exchange's group: `secp256r1`, `x25519`; nil when it has none for
    /// it.
    package let group: String?
    /// Whether an earlier session was resumed by its ticket.
    package let isResumed: Bool
    /// SHA-256 of the certificate that the client showed, and that was found right; nil without one.
    package let clientFingerprint: [UInt8]?

    /// The outcome of a handshake.
    package init(
        alpn: String?,
        version: TLSVersion,
        cipher: String,
        group: String?,
        isResumed: Bool,
        clientFingerprint: [UInt8]? = nil
    ) {
        self.alpn = alpn
        self.version = version
        self.cipher = cipher
        self.group = group
        self.isResumed = isResumed
        self.clientFingerprint = clientFingerprint
    }
}
