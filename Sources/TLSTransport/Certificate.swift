internal import COpenSSL

/// One X.509 certificate, parsed in a profile's library context.
@safe
final class Certificate {
    /// The X509 object; whoever adds it to a chain takes a reference of its own.
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
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

    /// The certificate as it is signed and sent: DER.
    var der: [UInt8] {
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
