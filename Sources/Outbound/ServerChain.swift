internal import COpenSSL

/// The certificates that a server sends or would send, its own first, and what is to be thought of them.
package struct ServerChain: Sendable {
    /// The certificates, at least one.
    package let certificates: [ServerCertificate]

    /// What is to be thought of a chain.
    package enum Verdict: Sendable, Equatable {
        /// It leads to an authority that is trusted, and is valid now.
        case trusted
        /// Its last certificate names an issuer that is neither in it nor trusted.
        case endsEarly(issuer: String)
        /// It ends with an authority that is not trusted.
        case unknownAuthority(String)
        /// One of its certificates has ended, or is not valid yet.
        case outOfDate
        /// The server's certificate is for other names.
        case otherName
        /// The file of authorities cannot be used.
        case noAuthorities
        /// Anything else, in OpenSSL's words.
        case refused(String)
    }

    init(_ certificates: [ServerCertificate]) {
        self.certificates = certificates
    }

    /// The server's own.
    package var leaf: ServerCertificate? { certificates.first }

    /// Judges the chain as a client would that trusts these authorities and calls that host, at a moment in seconds since
    /// 1970; nil is a client that does not look at names.
    ///
    /// Nothing is fetched: an issuer that is not in the chain is not looked for. So do Entra and most programs.
    package func verdict(for host: String?, _ route: Route, now: Int64) -> Verdict {
        OpenSSLThread.withDefault(route.library) { judged(for: host, route, now: now) }
    }

    private func judged(for host: String?, _ route: Route, now: Int64) -> Verdict {
        let store = unsafe X509_STORE_new()
        defer { unsafe X509_STORE_free(store) }
        let file = route.authorities ?? Route.systemAuthorities
        guard unsafe X509_STORE_load_file(store, file) == 1 else { return .noAuthorities }
        let owned = certificates.compactMap(OwnedCertificate.init)
        // The stack below holds bare pointers: without this the optimiser lets the certificates go after their last mention.
        defer { withExtendedLifetime(owned) {} }
        let stack = unsafe OPENSSL_sk_new_null()
        let verification = unsafe X509_STORE_CTX_new()
        defer {
            unsafe X509_STORE_CTX_free(verification)
            unsafe OPENSSL_sk_free(stack)
        }
        for certificate in owned {
            unsafe OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.pointer))
        }
        guard owned.count == certificates.count, let leaf = owned.first,
            unsafe X509_STORE_CTX_init(verification, store, leaf.pointer, stack) == 1
        else { return .refused("damaged certificate") }
        let rules = unsafe X509_STORE_CTX_get0_param(verification)
        unsafe X509_VERIFY_PARAM_set_time(rules, Int(now))
        // An issuer that is trusted need not be a root: libcurl sees it so, too.
        unsafe X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        if let host {
            // An address is compared with addresses, a name with names.
            if unsafe X509_VERIFY_PARAM_set1_ip_asc(rules, host) != 1 {
                unsafe X509_VERIFY_PARAM_set1_host(rules, host, 0)
            }
        }
        guard unsafe X509_verify_cert(verification) != 1 else { return .trusted }
        return unsafe meaning(of: X509_STORE_CTX_get_error(verification))
    }

    private func meaning(of error: Int32) -> Verdict {
        switch error {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            guard let last = certificates.last else { return .refused("empty chain") }
            return last.isSelfIssued ? .unknownAuthority(last.subject) : .endsEarly(issuer: last.issuer)
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: return .outOfDate
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: return .otherName
        default:
            return unsafe .refused(String(cString: X509_verify_cert_error_string(Int(error))))
        }
    }
}

/// A certificate that OpenSSL made of DER, for as long as a judgement takes.
@safe
private final class OwnedCertificate {
    // SAFETY: made in init, freed in deinit, used by one function in between.
    let pointer: OpaquePointer

    init?(_ certificate: ServerCertificate) {
        let read = unsafe certificate.der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_X509(nil, &next, bytes.count)
        }
        guard let read = unsafe read else { return nil }
        unsafe pointer = read
    }

    deinit {
        unsafe X509_free(pointer)
    }
}

extension ServerChain {
    /// The certificates of a PEM file, as a server sends them that has it; nil when it holds none.
    package init?(file: String) {
        guard let bio = unsafe BIO_new_file(file, "r") else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe BIO_free(bio) }
        var found: [ServerCertificate] = []
        while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
            unsafe found.append(ServerCertificate(certificate))
            unsafe X509_free(certificate)
        }
        ERR_clear_error()
        guard !found.isEmpty else { return nil }
        certificates = found
    }
}
