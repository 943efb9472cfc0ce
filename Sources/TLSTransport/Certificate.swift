internal import COpenSSL
internal import Glibc

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
        unsafe Self.seconds(X509_get0_notBefore(pointer))
    }

    /// The last second at which it is valid, since 1970; nil when the field is damaged.
    var notAfter: Int64? {
        unsafe Self.seconds(X509_get0_notAfter(pointer))
    }

    /// Whether it names itself as its issuer.
    var isSelfIssued: Bool {
        unsafe X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0
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

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return unsafe Int64(timegm(&parts))
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

    /// What kind of key it is, with what a policy judges it by.
    enum Kind: Equatable {
        case rsa(bits: Int)
        case ec(curve: String, bits: Int)
        case other
    }

    /// The key's kind.
    var kind: Kind {
        switch unsafe gateway_EVP_PKEY_get_base_id(pointer) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: unsafe .rsa(bits: Int(EVP_PKEY_get_bits(pointer)))
        case EVP_PKEY_EC: unsafe .ec(curve: curve, bits: Int(EVP_PKEY_get_bits(pointer)))
        default: .other
        }
    }

    /// Whether the certificate is about this key.
    func belongs(to certificate: Certificate) -> Bool {
        unsafe X509_check_private_key(certificate.pointer, pointer) == 1
    }

    private var curve: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.curveNameBytes) { room in
            var length = 0
            let result = unsafe EVP_PKEY_get_group_name(pointer, room.baseAddress, room.count, &length)
            guard result == 1, let start = room.baseAddress else { return "" }
            return unsafe String(cString: start)
        }
    }

    /// Room for a curve's name, bytes: the longest that OpenSSL has is under 40.
    private static let curveNameBytes = 80
}
