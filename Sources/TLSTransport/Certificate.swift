internal import COpenSSL
internal import Crypto

/// One X.509 certificate, parsed in a profile's library context.
@safe
final class Certificate {
    /// The X509 object; whoever adds it to a chain takes a reference of its own.
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    /// Reads one that came without a file; nil when it is damaged.
    init?(der: [UInt8], _ library: LibraryContext) {
        // Made first because only this way of making it takes the library context.
        var certificate = unsafe library.withPointer { unsafe X509_new_ex($0, nil) }
        let isRead = unsafe der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_X509(&certificate, &next, bytes.count) != nil
        }
        // What cannot be read was freed there.
        guard isRead, let read = unsafe certificate else { return nil }
        unsafe pointer = read
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// The first second at which it is valid, since 1970; nil when the field is damaged.
    var notBefore: Int64? {
        unsafe UTCTime.seconds(X509_get0_notBefore(pointer))
    }

    /// The last second at which it is valid, since 1970; nil when the field is damaged.
    var notAfter: Int64? {
        unsafe UTCTime.seconds(X509_get0_notAfter(pointer))
    }

    /// Whether that second is between its first and its last.
    func isValid(at now: Int64) -> Bool {
        guard let notBefore, let notAfter else { return false }
        return notBefore <= now && now <= notAfter
    }

    /// Whether it names itself as its issuer.
    var isSelfIssued: Bool {
        unsafe X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0
    }

    /// The certificate as it is signed and sent: DER.
    var der: [UInt8] { unsafe Self.der(pointer) }

    /// DER of a certificate that somebody else owns.
    static func der(_ pointer: OpaquePointer) -> [UInt8] {
        let count = unsafe Int(i2d_X509(pointer, nil))
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            var end = room.baseAddress
            filled = unsafe Int(i2d_X509(pointer, &end))
        }
    }

    /// The DNS names that it is for, in its order: the subject alternative names, RFC 5280
    /// §4.2.1.6.
    var dnsNames: [String] {
        guard let extensionValue = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else {
            return []
        }
        let names = OpaquePointer(extensionValue)
        defer { unsafe GENERAL_NAMES_free(names) }
        var found: [String] = []
        let count = unsafe OPENSSL_sk_num(names)
        for index in 0..<max(0, count) {
            guard let value = unsafe OPENSSL_sk_value(names, index) else { continue }
            let name = unsafe value.assumingMemoryBound(to: GENERAL_NAME.self)
            guard unsafe name.pointee.type == GEN_DNS, let text = unsafe name.pointee.d.dNSName else {
                continue
            }
            let bytes = unsafe UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(text),
                count: Int(ASN1_STRING_length(text))
            )
            found.append(unsafe String(decoding: bytes, as: UTF8.self))
        }
        return found
    }

    /// Whether it is one of an authority, which issues others.
    var isAuthority: Bool { unsafe X509_check_ca(pointer) > 0 }

    /// Whether clients are told to refuse it without a stapled OCSP response: the TLS feature
    /// status_request, RFC 7633.
    var demandsStaple: Bool {
        guard let value = unsafe X509_get_ext_d2i(pointer, NID_tlsfeature, nil, nil) else { return false }
        let features = OpaquePointer(value)
        defer { unsafe TLS_FEATURE_free(features) }
        return (0..<max(0, unsafe OPENSSL_sk_num(features))).contains { index in
            let feature = unsafe OPENSSL_sk_value(features, index)
            return unsafe ASN1_INTEGER_get(feature?.assumingMemoryBound(to: ASN1_INTEGER.self))
                == Int(TLSEXT_TYPE_status_request)
        }
    }

    /// Whether it is the issuer of another: by name, and by signature.
    func hasIssued(_ other: Certificate) -> Bool {
        unsafe X509_check_issued(pointer, other.pointer) == X509_V_OK
            && X509_verify(other.pointer, X509_get0_pubkey(pointer)) == 1
    }

    /// Whether an authority may have it answer about certificates: RFC 6960 §4.2.2.2.
    var isOfResponder: Bool {
        unsafe X509_get_extension_flags(pointer) & UInt32(EXFLAG_XKUSAGE) != 0
            && X509_get_extended_key_usage(pointer) & UInt32(XKU_OCSP_SIGN) != 0
    }
}

/// One private key, parsed in a profile's library context.
@safe
final class PrivateKey {
    /// The EVP_PKEY object; whoever stores it takes a reference of its own.
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// The key's kind.
    var kind: KeyKind { unsafe KeyKind(of: pointer) }

    /// Whether the certificate is about this key.
    func belongs(to certificate: Certificate) -> Bool {
        unsafe X509_check_private_key(certificate.pointer, pointer) == 1
    }
}
