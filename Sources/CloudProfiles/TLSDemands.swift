/// What TLS of a profile must be like, in the words of OpenSSL's own lists.
package struct TLSDemands: Sendable, Equatable {
    /// The lowest version: `TLSv1.2`.
    ///
    /// Entra's provisioning service speaks 1.2, so it is never above that.
    package let minimumVersion: String
    /// The highest version: `TLSv1.3`.
    package let maximumVersion: String
    /// TLS 1.2 suites in order of preference (SSL_CTX_set_cipher_list(3)).
    package let cipherList: String
    /// TLS 1.3 suites in order of preference (SSL_CTX_set_ciphersuites(3)).
    package let cipherSuites: String
    /// Groups in order of preference (SSL_CTX_set1_groups_list(3)).
    package let groups: String
    /// Signature algorithms, named one by one so that a library's default cannot bring SHA-1 back
    /// (SSL_CTX_set1_sigalgs_list(3)).
    package let signatureAlgorithms: String
    /// Whether a client that prefers ChaCha20 gets it (SSL_OP_PRIORITIZE_CHACHA).
    package let prioritizesChaCha: Bool
    /// Bits of an RSA key in our certificate, at least.
    package let minimumRSABits: Int
    /// Bits of an elliptic-curve key in our certificate, at least.
    package let minimumCurveBits: Int
    /// Whether a TLS 1.2 session without the extended master secret (RFC 7627) is closed.
    package let requiresExtendedMasterSecret: Bool
}

extension TLSDemands {
    /// RFC 9325 and Mozilla's intermediate list: AES-GCM and ChaCha20, forward secrecy only.
    static let commercial = TLSDemands(
        minimumVersion: "TLSv1.2",
        maximumVersion: "TLSv1.3",
        cipherList: [
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        ].joined(separator: ":"),
        cipherSuites: "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
        groups: "X25519:P-256:P-384",
        signatureAlgorithms: [
            "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA512", "ed25519", "RSA-PSS+SHA256", "RSA-PSS+SHA384",
            "RSA-PSS+SHA512", "RSA+SHA256", "RSA+SHA384", "RSA+SHA512",
        ].joined(separator: ":"),
        prioritizesChaCha: true,
        minimumRSABits: 2048,
        minimumCurveBits: 256,
        requiresExtendedMasterSecret: false
    )

    /// The four ECDHE AES-GCM suites that are in Microsoft's list as well as in SP 800-52r2.
    private static let gcmSuites = [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
    ].joined(separator: ":")

    /// ECDSA on P-256 and P-384, RSA-PSS and RSA PKCS#1 with SHA-256 and SHA-384; no EdDSA.
    private static let approvedSignatures = [
        "ECDSA+SHA256", "ECDSA+SHA384", "RSA-PSS+SHA256", "RSA-PSS+SHA384", "RSA+SHA256", "RSA+SHA384",
    ].joined(separator: ":")

    /// AES-GCM only, NIST curves only, for clouds without the demands of SP 800-52r2.
    static let approvedAlgorithms = TLSDemands(
        minimumVersion: "TLSv1.2",
        maximumVersion: "TLSv1.3",
        cipherList: gcmSuites,
        cipherSuites: "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
        groups: "P-256:P-384",
        signatureAlgorithms: approvedSignatures,
        prioritizesChaCha: false,
        minimumRSABits: 2048,
        minimumCurveBits: 256,
        requiresExtendedMasterSecret: false
    )

    /// SP 800-52r2 §3: as above, with stronger RSA keys and the extended master secret.
    static let governmentHigh = TLSDemands(
        minimumVersion: "TLSv1.2",
        maximumVersion: "TLSv1.3",
        cipherList: gcmSuites,
        cipherSuites: "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
        groups: "P-256:P-384",
        signatureAlgorithms: approvedSignatures,
        prioritizesChaCha: false,
        minimumRSABits: 3072,
        minimumCurveBits: 256,
        requiresExtendedMasterSecret: true
    )

    /// As GCC High, with the stronger of each pair first and only AES-256 in TLS 1.3 (towards RFC
    /// 9151).
    static let defense = TLSDemands(
        minimumVersion: "TLSv1.2",
        maximumVersion: "TLSv1.3",
        cipherList: gcmSuites,
        cipherSuites: "TLS_AES_256_GCM_SHA384",
        groups: "P-384:P-256",
        signatureAlgorithms: approvedSignatures,
        prioritizesChaCha: false,
        minimumRSABits: 3072,
        minimumCurveBits: 384,
        requiresExtendedMasterSecret: true
    )
}
