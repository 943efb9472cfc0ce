internal import COpenSSL
package import Crypto

/// Everything that the TLS connections of one listener share: policy, certificate, key, ticket
/// keys.
///
/// Immutable. A renewed certificate is a new context, swapped in for new connections; running ones
/// keep theirs. (The word context is OpenSSL's: SSL_CTX(3).)
@safe
package final class TLSServerContext: Sendable {
    /// What was asked for.
    package let policy: TLSPolicy
    /// The last second at which the certificate is valid, since 1970.
    package let notAfter: Int64
    /// The last second at which all files are right, since 1970: lists of revoked certificates end, too.
    let rightUntil: Int64
    /// The DNS names that the certificate is for.
    package let subjects: [String]
    /// Certificates that are sent, the server's own included; 1 means that the file has no
    /// issuer's.
    package let chainLength: Int
    /// Whether the certificate names itself as its issuer: nobody else vouches for it.
    package let isSelfIssued: Bool
    /// SHA-256 of the server's own certificate: what an operator compares with
    /// `openssl x509 -fingerprint -sha256`.
    package let fingerprint: [UInt8]
    /// The certificates that are sent.
    let chain: CertificateChain
    /// Tells whether other files would make the same context.
    let contentDigest: [UInt8]

    // SAFETY: configured in init, before anyone else has it, and never changed afterwards; SSL_new,
    // which is all that other threads do with it, only counts references and reads
    // (openssl-threads(7)). Freed in deinit; each SSL holds a reference of its own, and each
    // TLSSession one to this object.
    private nonisolated(unsafe) let pointer: OpaquePointer
    // SAFETY: its bytes are written in its init and only read by the callback.
    private nonisolated(unsafe) let selection: ProtocolSelection
    /// The SSL_CTX's callback points to it.
    private let calledNames: CalledNames?
    /// The SSL_CTX was made in this one.
    let library: LibraryContext
    /// The SSL_CTX's callback points to it.
    private let tickets: TicketKeys?
    /// The SSL_CTX's callback points to it.
    private let clients: ClientVerification?
    /// The SSL_CTX's callback points to it.
    private let staple: StapleSource?

    /// Reads the files and sets up TLS.
    ///
    /// Blocks: not for an event loop.
    ///
    /// `tickets` are the keys under which sessions can be resumed; without them none is, nor where
    /// clients are asked for certificates. `staple` is what is sent about the certificate. `now` is
    /// in seconds since 1970, to judge the certificate's dates by.
    /// - Throws: `TLSConfigurationError`, the first thing that is wrong.
    package init(
        policy: TLSPolicy,
        files: TLSFiles,
        library: LibraryContext,
        tickets: TicketKeys?,
        staple: StapleInForce? = nil,
        now: Int64
    ) throws(TLSConfigurationError) {
        let loaded = try CertificateFiles.reading(files, library: library)
        try CertificateRules(policy: policy, files: files, now: now).check(loaded)
        guard let selection = ProtocolSelection(policy.applicationProtocols) else {
            throw PolicySetup.refusal("application protocols need 1…255 bytes each, and one at least")
        }
        let clients = ClientVerification(policy)
        let tickets = clients == nil ? tickets : nil
        OpenSSLErrorQueue.clear()
        guard
            let pointer = unsafe library.withPointer({ unsafe SSL_CTX_new_ex($0, nil, TLS_server_method()) })
        else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        do throws(TLSConfigurationError) {
            try unsafe PolicySetup(pointer: pointer, policy: policy, tickets: tickets).apply()
            try unsafe Self.install(loaded, of: files, in: pointer)
            try unsafe clients?.install(in: pointer, loaded.clientAuthorities)
        } catch {
            unsafe SSL_CTX_free(pointer)
            throw error
        }
        unsafe selection.install(in: pointer)
        let calledNames = CalledNames(policy.serverNames)
        unsafe calledNames?.install(in: pointer)
        let chain = CertificateChain(loaded)
        let source = staple.map { StapleSource($0, about: chain.leaf) }
        unsafe source?.install(in: pointer)
        unsafe Wire.countMessages(in: pointer)
        self.policy = policy
        // The rules refused a certificate whose dates cannot be read.
        self.notAfter = loaded.leaf.notAfter ?? 0
        self.rightUntil = min(notAfter, loaded.clientAuthorities?.end ?? .max)
        self.subjects = loaded.leaf.dnsNames
        self.chainLength = 1 + loaded.issuers.count
        self.isSelfIssued = loaded.leaf.isSelfIssued
        self.fingerprint = library.sha256(chain.leaf)
        self.chain = chain
        self.contentDigest = loaded.digest
        unsafe self.pointer = pointer
        unsafe self.selection = selection
        self.calledNames = calledNames
        self.library = library
        self.tickets = tickets
        self.clients = clients
        self.staple = source
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// A fresh SSL object of this context, owned by the caller; nil when there is no memory.
    func makeSSL() -> OpaquePointer? {
        unsafe SSL_new(pointer)
    }

    private static func install(
        _ loaded: CertificateFiles,
        of files: TLSFiles,
        in pointer: OpaquePointer
    ) throws(TLSConfigurationError) {
        OpenSSLErrorQueue.clear()
        // The security level of the policy judges here: a SHA-1 signature, a short key of an
        // issuer.
        guard unsafe SSL_CTX_use_certificate(pointer, loaded.leaf.pointer) == 1,
            loaded.issuers.allSatisfy({ unsafe gateway_SSL_CTX_add1_chain_cert(pointer, $0.pointer) == 1 })
        else {
            throw TLSConfigurationError(
                .badCertificate,
                file: files.certificate,
                message: "OpenSSL refuses the chain (\(OpenSSLErrorQueue.drain().joined(separator: "; ")))",
                fix: "have it issued again with SHA-256 and keys of today's sizes"
            )
        }
        guard unsafe SSL_CTX_use_PrivateKey(pointer, loaded.key.pointer) == 1,
            unsafe SSL_CTX_check_private_key(pointer) == 1
        else {
            throw TLSConfigurationError(
                .badKey,
                file: files.key,
                message: "OpenSSL refuses the key (\(OpenSSLErrorQueue.drain().joined(separator: "; ")))",
                fix: "make a new key and have a certificate issued for it"
            )
        }
    }
}
