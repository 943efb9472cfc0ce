/// What one cloud profile demands of TLS, as names that OpenSSL knows.
///
/// Nothing is left to OpenSSL's defaults: its default groups offer X25519 even where only FIPS
/// algorithms are wanted, and its default TLS 1.2 list offers static RSA and CBC. Every list is in
/// order of preference.
/// Shape: `cipherList: ["ECDHE-ECDSA-AES256-GCM-SHA384"], groups: ["P-256", "P-384"]`.
package struct TLSPolicy: Sendable, Equatable {
    /// The oldest version that is spoken.
    package var minimumVersion: TLSVersion
    /// The newest version that is spoken.
    package var maximumVersion: TLSVersion
    /// TLS 1.2 cipher suites by OpenSSL's names: SSL_CTX_set_cipher_list(3), one suite each, no
    /// keywords.
    package var cipherList: [String]
    /// TLS 1.3 cipher suites: `TLS_AES_256_GCM_SHA384`.
    package var cipherSuites: [String]
    /// Groups of the key exchange, and the curves that the certificate's key may lie on: `P-256`.
    package var groups: [String]
    /// Signature algorithms: `ECDSA+SHA256`, `RSA-PSS+SHA256`.
    ///
    /// SSL_CTX_set1_sigalgs_list(3).
    package var signatureAlgorithms: [String]
    /// Whether ChaCha20 goes first for a client that puts it first: a phone without AES
    /// instructions.
    package var prioritizesChaCha: Bool
    /// The shortest RSA key that the certificate may have, bits.
    package var minimumRSABits: Int
    /// The shortest key on a curve that the certificate may have, bits: 384 leaves only P-384 of P-256 and P-384.
    package var minimumCurveBits: Int
    /// Whether TLS 1.2 is refused to a client without the extended master secret, RFC 7627.
    ///
    /// (1.3 has it built in.)
    package var requiresExtendedMasterSecret: Bool
    /// What ALPN offers, preferred first: `http/1.1`.
    ///
    /// RFC 7301.
    package var applicationProtocols: [String]
    /// Which sessions may be resumed here: the profile's name and what tells the listener, 1…32
    /// bytes.
    ///
    /// SSL_CTX_set_session_id_context(3).
    package var sessionIDContext: String
    /// The only names that a client may call (server_name, RFC 6066 §3), as ``ServerName`` reads
    /// them; empty is any.
    package var serverNames: [String]
    /// Whether clients must show a certificate, too.
    package var clientCertificates: ClientCertificates

    /// What a listener asks of its clients besides a token.
    package enum ClientCertificates: Sendable {
        /// Nothing.
        case off
        /// A certificate that is right, or none.
        case optional
        /// A certificate that is right.
        case required
    }

    /// A policy; nothing has a default, as a forgotten line would then be a weak one.
    package init(
        minimumVersion: TLSVersion,
        maximumVersion: TLSVersion,
        cipherList: [String],
        cipherSuites: [String],
        groups: [String],
        signatureAlgorithms: [String],
        prioritizesChaCha: Bool,
        minimumRSABits: Int,
        minimumCurveBits: Int,
        requiresExtendedMasterSecret: Bool,
        applicationProtocols: [String],
        sessionIDContext: String,
        serverNames: [String],
        clientCertificates: ClientCertificates
    ) {
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.cipherList = cipherList
        self.cipherSuites = cipherSuites
        self.groups = groups
        self.signatureAlgorithms = signatureAlgorithms
        self.prioritizesChaCha = prioritizesChaCha
        self.minimumRSABits = minimumRSABits
        self.minimumCurveBits = minimumCurveBits
        self.requiresExtendedMasterSecret = requiresExtendedMasterSecret
        self.applicationProtocols = applicationProtocols
        self.sessionIDContext = sessionIDContext
        self.serverNames = serverNames
        self.clientCertificates = clientCertificates
    }
}
