internal import COpenSSL
internal import Glibc

/// A certificate that a server sent, as values.
package struct ServerCertificate: Sendable, Equatable {
    /// DER.
    let der: [UInt8]
    /// The names of its subject, as RFC 2253 writes them: `CN=scim.msp.example`.
    package let subject: String
    /// The names of its issuer.
    package let issuer: String
    /// Whether it names itself as its issuer.
    package let isSelfIssued: Bool
    /// The last second at which it is valid, since 1970.
    package let notAfter: Int64
    /// The kind of its key: `RSA`, `EC`, or what OpenSSL calls it.
    package let keyKind: String
    /// Bits of its key.
    package let keyBits: Int

    /// Reads a certificate that OpenSSL has; it stays with its owner.
    init(_ certificate: OpaquePointer) {
        der = unsafe Self.der(certificate)
        subject = unsafe Self.text(X509_get_subject_name(certificate))
        issuer = unsafe Self.text(X509_get_issuer_name(certificate))
        isSelfIssued =
            unsafe X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0
        notAfter = unsafe Self.seconds(X509_get0_notAfter(certificate))
        let key = unsafe X509_get0_pubkey(certificate)
        keyBits = unsafe key.map { unsafe Int(EVP_PKEY_get_bits($0)) } ?? 0
        keyKind = unsafe key.map { unsafe Self.kind(of: $0) } ?? "unknown"
    }

    private static func kind(of key: OpaquePointer) -> String {
        switch unsafe gateway_EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: "RSA"
        case EVP_PKEY_EC: "EC"
        default: unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? "unknown"
        }
    }

    private static func der(_ certificate: OpaquePointer) -> [UInt8] {
        let count = unsafe Int(i2d_X509(certificate, nil))
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            var end = room.baseAddress
            filled = unsafe Int(i2d_X509(certificate, &end))
        }
    }

    private static func text(_ name: OpaquePointer?) -> String {
        guard let name = unsafe name, let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(bio) }
        guard unsafe X509_NAME_print_ex(bio, name, 0, gateway_XN_FLAG_RFC2253()) >= 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: nameBytes)
        let count = unsafe BIO_read(bio, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
    }

    private static func seconds(_ moment: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(moment, &parts) == 1 else { return 0 }
        return unsafe Int64(timegm(&parts))
    }

    /// Bytes of a name that are shown: longer ones are cut.
    private static let nameBytes = 256
}
