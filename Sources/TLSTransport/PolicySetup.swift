internal import COpenSSL
internal import Crypto

/// Turns a policy into settings of an SSL_CTX, and refuses one that OpenSSL would only half follow.
@safe
struct PolicySetup {
    /// The SSL_CTX, not in use yet.
    let pointer: OpaquePointer
    /// What it shall do.
    let policy: TLSPolicy
    /// Under which keys sessions can be resumed; nil: none is.
    let tickets: TicketKeys?

    /// Sets everything; on an error the SSL_CTX must not be used.
    func apply() throws(TLSConfigurationError) {
        OpenSSLErrorQueue.clear()
        try setVersions()
        try setAlgorithms()
        setOptions()
        try setSessions()
        if policy.requiresExtendedMasterSecret {
            unsafe ExtendedMasterSecret.require(in: pointer)
        }
    }

    /// An error about the policy: no file to name.
    static func refusal(_ message: String) -> TLSConfigurationError {
        TLSConfigurationError(
            .badPolicy,
            file: "",
            message: message,
            fix: "correct the cloud profile, or install an OpenSSL that has what it names"
        )
    }

    private func setVersions() throws(TLSConfigurationError) {
        try expect(
            unsafe gateway_SSL_CTX_set_min_proto_version(pointer, policy.minimumVersion.number) == 1
                && gateway_SSL_CTX_set_max_proto_version(pointer, policy.maximumVersion.number) == 1
                && policy.minimumVersion <= policy.maximumVersion,
            "versions \(policy.minimumVersion.rawValue) to \(policy.maximumVersion.rawValue)"
        )
    }

    private func setAlgorithms() throws(TLSConfigurationError) {
        // 112 bits of security: no SHA-1 signatures, no RSA below 2,048. Said here and not left to
        // the build, as a distribution may have set less. SSL_CTX_set_security_level(3).
        unsafe SSL_CTX_set_security_level(pointer, 2)
        try expect(
            unsafe SSL_CTX_set_cipher_list(pointer, joined(policy.cipherList)) == 1,
            "cipher list \(joined(policy.cipherList))"
        )
        try expect(
            unsafe SSL_CTX_set_ciphersuites(pointer, joined(policy.cipherSuites)) == 1,
            "cipher suites \(joined(policy.cipherSuites))"
        )
        // OpenSSL skips names that it does not know as long as one is left: what it took is
        // compared.
        let wanted = Set(policy.cipherList + policy.cipherSuites)
        try expect(offered == wanted, "cipher suites \(wanted.symmetricDifference(offered).sorted())")
        try expect(
            unsafe gateway_SSL_CTX_set1_groups_list(pointer, joined(policy.groups)) == 1,
            "groups \(joined(policy.groups))"
        )
        try expect(
            unsafe gateway_SSL_CTX_set1_sigalgs_list(pointer, joined(policy.signatureAlgorithms)) == 1,
            "signature algorithms \(joined(policy.signatureAlgorithms))"
        )
    }

    private func setOptions() {
        var options =
            gateway_SSL_OP_NO_RENEGOTIATION() | gateway_SSL_OP_CIPHER_SERVER_PREFERENCE()
            | gateway_SSL_OP_NO_COMPRESSION()
        if policy.prioritizesChaCha { options |= gateway_SSL_OP_PRIORITIZE_CHACHA() }
        unsafe SSL_CTX_set_options(pointer, options)
        // Without RELEASE_BUFFERS an idle connection keeps 34 kB of buffers. The other two allow
        // the plaintext that waits for a retry to lie elsewhere, and to have grown.
        // SSL_CTX_set_mode(3).
        unsafe gateway_SSL_CTX_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ENABLE_PARTIAL_WRITE)
                | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
        )
    }

    /// Resumption by ticket only: no state of ours for a client, and no early data, which can be
    /// replayed.
    private func setSessions() throws(TLSConfigurationError) {
        unsafe gateway_SSL_CTX_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        let identity = Array(policy.sessionIDContext.utf8)
        try expect(
            unsafe !identity.isEmpty
                && SSL_CTX_set_session_id_context(pointer, identity, UInt32(identity.count)) == 1,
            "session id context of \(identity.count) bytes"
        )
        try setTickets()
        try expect(unsafe SSL_CTX_set_max_early_data(pointer, 0) == 1, "no early data")
    }

    private func setTickets() throws(TLSConfigurationError) {
        guard let tickets else {
            // Without the first, OpenSSL would make tickets under a key of its own; without the
            // second, TLS 1.3 would give out handles to a cache that is not there.
            unsafe SSL_CTX_set_options(pointer, gateway_SSL_OP_NO_TICKET())
            try expect(unsafe SSL_CTX_set_num_tickets(pointer, 0) == 1, "no tickets")
            return
        }
        try expect(unsafe tickets.install(in: pointer), "keys for tickets")
        try expect(unsafe SSL_CTX_set_num_tickets(pointer, 1) == 1, "one ticket")
        unsafe SSL_CTX_set_timeout(pointer, TicketKeys.period)
    }

    /// The suites that the context offers now, both versions.
    private var offered: Set<String> {
        let stack = unsafe SSL_CTX_get_ciphers(pointer)
        var names: Set<String> = []
        let count = unsafe OPENSSL_sk_num(stack)
        for index in 0..<max(0, count) {
            guard let cipher = unsafe OPENSSL_sk_value(stack, index),
                let name = unsafe SSL_CIPHER_get_name(OpaquePointer(cipher))
            else { continue }
            unsafe names.insert(String(cString: name))
        }
        return names
    }

    private func joined(_ names: [String]) -> String {
        names.joined(separator: ":")
    }

    private func expect(_ isSet: Bool, _ what: String) throws(TLSConfigurationError) {
        if isSet { return }
        let reasons = OpenSSLErrorQueue.drain().joined(separator: "; ")
        throw Self.refusal("OpenSSL does not accept \(what)" + (reasons.isEmpty ? "" : " (\(reasons))"))
    }
}
