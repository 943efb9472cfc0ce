internal import COpenSSL
internal import Crypto

/// Asks clients of a context for a certificate and judges it.
///
/// OpenSSL walks the chain: signatures and key sizes by the policy's security level, dates, purpose
/// `client`, up to an authority of the file, and the lists of what that has revoked. The client's own key must be one that the policy would
/// take in ours. (RFC 8446 §4.3.2, SSL_CTX_set_verify(3).)
///
/// No session is resumed where clients are asked: a ticket would let in whoever was right once,
/// after the authority has gone from the file.
@safe
final class ClientVerification: Sendable {
    private let policy: TLSPolicy

    /// The verification that a policy demands; nil when it asks for nothing.
    init?(_ policy: TLSPolicy) {
        guard policy.clientCertificates != .off else { return nil }
        self.policy = policy
    }

    /// Lets the context's sessions ask this object, which must outlive them.
    ///
    /// Any certificate of the file is trusted by itself, also one whose issuer is not there.
    func install(
        in context: OpaquePointer,
        _ authorities: ClientAuthorities?
    ) throws(TLSConfigurationError) {
        guard let authorities, let store = unsafe SSL_CTX_get_cert_store(context) else {
            throw PolicySetup.refusal("client certificates need a file of authorities")
        }
        for authority in authorities.certificates {
            guard unsafe X509_STORE_add_cert(store, authority.pointer) == 1,
                unsafe SSL_CTX_add_client_CA(context, authority.pointer) == 1
            else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        }
        for list in authorities.revocations {
            guard unsafe X509_STORE_add_crl(store, list.pointer) == 1 else {
                throw .noTLS(OpenSSLErrorQueue.drain())
            }
        }
        let revocation = authorities.revocations.isEmpty ? 0 : X509_V_FLAG_CRL_CHECK
        _ = unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN | revocation))
        let demand = policy.clientCertificates == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | demand, nil)
        unsafe SSL_CTX_set_verify_depth(context, Self.mostIssuers)
        unsafe SSL_CTX_set_cert_verify_callback(
            context,
            verifyClient,
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Whether the chain is right, and the client's own key one that the policy takes.
    fileprivate func isRight(_ verification: OpaquePointer) -> Bool {
        guard unsafe X509_verify_cert(verification) == 1 else { return false }
        if let own = unsafe X509_STORE_CTX_get0_cert(verification), let key = unsafe X509_get0_pubkey(own),
            unsafe KeyKind(of: key).isAllowed(by: policy)
        {
            return true
        }
        unsafe X509_STORE_CTX_set_error(verification, X509_V_ERR_EE_KEY_TOO_SMALL)
        return false
    }

    /// Certificates between a client's and an authority of the file, count.
    ///
    /// Real chains have one or two; each costs a signature to check.
    private static let mostIssuers: Int32 = 4
}

/// SSL_CTX_set_cert_verify_callback(3).
private func verifyClient(_ verification: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let verification = unsafe verification, let argument = unsafe argument else { return 0 }
    let verifier = unsafe Unmanaged<ClientVerification>.fromOpaque(argument).takeUnretainedValue()
    return unsafe verifier.isRight(verification) ? 1 : 0
}
