import TLSTransport

/// The two policies of the profiles that differ most.
extension TLSPolicy {
    static let commercial = TLSPolicy(
        minimumVersion: .tls12,
        maximumVersion: .tls13,
        cipherList: [
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        ],
        cipherSuites: ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
        groups: ["X25519", "P-256", "P-384"],
        signatureAlgorithms: [
            "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA512", "RSA-PSS+SHA256", "RSA-PSS+SHA384",
            "RSA-PSS+SHA512",
            "RSA+SHA256", "RSA+SHA384", "RSA+SHA512",
        ],
        prioritizesChaCha: true,
        minimumRSABits: 2048,
        minimumCurveBits: 256,
        requiresExtendedMasterSecret: false,
        applicationProtocols: ["http/1.1"],
        sessionIDContext: "commercial",
        serverNames: [],
        clientCertificates: .off
    )

    static let gccHigh = TLSPolicy(
        minimumVersion: .tls12,
        maximumVersion: .tls13,
        cipherList: [
            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
        ],
        cipherSuites: ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"],
        groups: ["P-256", "P-384"],
        signatureAlgorithms: [
            "ECDSA+SHA256", "ECDSA+SHA384", "RSA-PSS+SHA256", "RSA-PSS+SHA384", "RSA+SHA256", "RSA+SHA384",
        ],
        prioritizesChaCha: false,
        minimumRSABits: 2048,
        minimumCurveBits: 256,
        requiresExtendedMasterSecret: true,
        applicationProtocols: ["http/1.1"],
        sessionIDContext: "gcc-high",
        serverNames: [],
        clientCertificates: .off
    )

    func changed(_ change: (inout TLSPolicy) -> Void) -> TLSPolicy {
        var policy = self
        change(&policy)
        return policy
    }
}
