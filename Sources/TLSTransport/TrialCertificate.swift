internal import COpenSSL
package import Crypto

/// A certificate that a machine makes for itself, to try the gateway with: no client trusts it
/// unasked.
///
/// Its key is on P-256, which every profile allows.
package struct TrialCertificate: Sendable {
    /// The certificate, PEM.
    package let certificate: [UInt8]
    /// Its private key, PEM, not encrypted.
    package let key: [UInt8]

    /// Makes one for these names, valid from a moment on.
    ///
    /// A name is as OpenSSL's configuration writes it: `DNS:localhost`, `IP:127.0.0.1`
    /// (x509v3_config(5)). `now` is in seconds since 1970.
    /// - Throws: `.noTLS` when OpenSSL does not make it.
    package init(
        names: [String],
        library: LibraryContext,
        now: Int64,
        days: Int64
    ) throws(TLSConfigurationError) {
        OpenSSLErrorQueue.clear()
        guard let key = unsafe Self.makeKey(library) else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        let owner = unsafe PrivateKey(adopting: key)
        guard let made = unsafe library.withPointer({ unsafe X509_new_ex($0, nil) }) else {
            throw .noTLS(OpenSSLErrorQueue.drain())
        }
        let certificate = unsafe Certificate(adopting: made)
        let digest = unsafe library.withPointer { unsafe EVP_MD_fetch($0, "SHA256", nil) }
        defer { unsafe EVP_MD_free(digest) }
        let serial = library.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 1
        // MBSTRING_FLAG alone is MBSTRING_UTF8.
        let isMade =
            unsafe X509_set_version(made, 2) == 1
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial) == 1
            && ASN1_TIME_set(X509_getm_notBefore(made), Int(now)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(made), Int(now + days * 86_400)) != nil
            && X509_set_pubkey(made, owner.pointer) == 1
            && X509_NAME_add_entry_by_txt(
                X509_get_subject_name(made),
                "CN",
                MBSTRING_FLAG,
                "scim-gateway trial",
                -1,
                -1,
                0
            ) == 1
            && X509_set_issuer_name(made, X509_get_subject_name(made)) == 1
            && Self.add(names.joined(separator: ","), to: made)
            && X509_sign(made, owner.pointer, digest) > 0
        guard isMade else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        self.certificate = try unsafe Self.pem { unsafe PEM_write_bio_X509($0, certificate.pointer) == 1 }
        self.key = try unsafe Self.pem {
            unsafe PEM_write_bio_PrivateKey($0, owner.pointer, nil, nil, 0, nil, nil) == 1
        }
    }

    private static func makeKey(_ library: LibraryContext) -> OpaquePointer? {
        let maker = unsafe library.withPointer { unsafe EVP_PKEY_CTX_new_from_name($0, "EC", nil) }
        guard let maker = unsafe maker else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(maker) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(maker) == 1,
            unsafe EVP_PKEY_CTX_set_group_name(maker, "P-256") == 1,
            unsafe EVP_PKEY_generate(maker, &key) == 1
        else { return nil }
        return unsafe key
    }

    /// Adds the subject alternative names, RFC 5280 §4.2.1.6.
    private static func add(_ names: String, to certificate: OpaquePointer) -> Bool {
        let extensionValue = unsafe X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, names)
        guard let extensionValue = unsafe extensionValue else { return false }
        defer { unsafe X509_EXTENSION_free(extensionValue) }
        return unsafe X509_add_ext(certificate, extensionValue, -1) == 1
    }

    /// What OpenSSL writes.
    private static func pem(_ write: (OpaquePointer) -> Bool) throws(TLSConfigurationError) -> [UInt8] {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        defer { unsafe BIO_free(bio) }
        guard unsafe write(bio) else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        var bytes = [UInt8](repeating: 0, count: mostBytes)
        let count = unsafe BIO_read(bio, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    /// Bytes of a PEM text that is made here: a P-256 certificate has under 1 KiB.
    private static let mostBytes = 16_384
}
