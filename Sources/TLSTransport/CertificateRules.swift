internal import COpenSSL

/// What a policy demands of a listener's certificate and key, checked before a client can find out.
struct CertificateRules {
    let policy: TLSPolicy
    let files: TLSFiles
    /// Seconds since 1970.
    let now: Int64

    /// Passes, or throws the first finding; the gravest are looked for first.
    func check(_ loaded: CertificateFiles) throws(TLSConfigurationError) {
        guard loaded.key.belongs(to: loaded.leaf) else {
            throw TLSConfigurationError(
                .keyDoesNotMatch,
                file: files.key,
                message: "key does not belong to the certificate (\(files.certificate))",
                fix: "renewals usually write both; compare: openssl x509 -in … -noout -pubkey | "
                    + "openssl pkey -in … -pubout"
            )
        }
        try checkDates(of: loaded.leaf)
        try checkKey(loaded.key.kind)
        try loaded.clientAuthorities?.check(now: now)
    }

    private func checkDates(of certificate: Certificate) throws(TLSConfigurationError) {
        guard let notBefore = certificate.notBefore, let notAfter = certificate.notAfter else {
            throw TLSConfigurationError(
                .badCertificate,
                file: files.certificate,
                message: "certificate has a damaged date",
                fix: "have it issued again"
            )
        }
        guard now <= notAfter else {
            throw TLSConfigurationError(
                .expired,
                file: files.certificate,
                message: "certificate ended on \(UTCTime.day(notAfter))",
                fix: "renew it, then run: scim-gateway reload"
            )
        }
        guard now >= notBefore else {
            throw TLSConfigurationError(
                .notYetValid,
                file: files.certificate,
                message: "certificate is valid from \(UTCTime.day(notBefore)) only",
                fix:
                    "wait, use the one before it, or correct the machine's clock: it says \(UTCTime.day(now))"
            )
        }
    }

    private func checkKey(_ kind: KeyKind) throws(TLSConfigurationError) {
        switch kind {
        case .rsa(let bits) where bits >= policy.minimumRSABits:
            return
        case .rsa(let bits):
            throw TLSConfigurationError(
                .weakKey,
                file: files.key,
                message: "RSA key has \(bits) bits; the profile demands \(policy.minimumRSABits)",
                fix: "make a new key and have a certificate issued for it: "
                    + "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:\(policy.minimumRSABits)"
            )
        case .ec(let curve, _) where !policy.allows(curve: curve):
            throw keyNotAllowed("key is on the curve \(curve); the profile allows \(allowedCurves)")
        case .ec(_, let bits) where bits >= policy.minimumCurveBits:
            return
        case .ec(_, let bits):
            throw TLSConfigurationError(
                .weakKey,
                file: files.key,
                message:
                    "elliptic-curve key has \(bits) bits; the profile demands \(policy.minimumCurveBits)",
                fix: "make a new key and have a certificate issued for it: "
                    + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-\(policy.minimumCurveBits)"
            )
        case .other:
            throw keyNotAllowed(
                "key is neither RSA nor on a curve that the profile allows (\(allowedCurves))"
            )
        }
    }

    private var allowedCurves: String {
        policy.groups.filter { unsafe EC_curve_nist2nid($0) != NID_undef }.joined(separator: ", ")
    }

    private func keyNotAllowed(_ message: String) -> TLSConfigurationError {
        TLSConfigurationError(
            .keyNotAllowed,
            file: files.key,
            message: message,
            fix: "make a new key and have a certificate issued for it: "
                + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-\(policy.minimumCurveBits)"
        )
    }
}
