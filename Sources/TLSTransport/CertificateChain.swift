internal import Crypto

/// The certificates that a listener sends, as others look at them.
struct CertificateChain: Sendable {
    /// The server's own, DER.
    let leaf: [UInt8]
    /// Those that issued it, DER.
    let issuers: [[UInt8]]
    /// Whether clients are told to refuse it without a stapled OCSP response.
    let demandsStaple: Bool

    init(_ loaded: CertificateFiles) {
        leaf = loaded.leaf.der
        issuers = loaded.issuers.map(\.der)
        demandsStaple = loaded.leaf.demandsStaple
    }
}
