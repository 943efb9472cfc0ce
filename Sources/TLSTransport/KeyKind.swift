internal import COpenSSL

/// What kind of key it is, with what a policy judges it by.
enum KeyKind: Equatable {
    case rsa(bits: Int)
    case ec(curve: String, bits: Int)
    case other

    /// The kind of an EVP_PKEY.
    init(of key: OpaquePointer) {
        switch unsafe gateway_EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: self = unsafe .rsa(bits: Int(EVP_PKEY_get_bits(key)))
        case EVP_PKEY_EC: self = unsafe .ec(curve: Self.curve(of: key), bits: Int(EVP_PKEY_get_bits(key)))
        default: self = .other
        }
    }

    /// Whether a policy takes it in a certificate.
    func isAllowed(by policy: TLSPolicy) -> Bool {
        switch self {
        case .rsa(let bits): bits >= policy.minimumRSABits
        case .ec(let curve, let bits):
            policy.allows(curve: curve) && bits >= policy.minimumCurveBits
        case .other: false
        }
    }

    private static func curve(of key: OpaquePointer) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: curveNameBytes) { room in
            var length = 0
            let result = unsafe EVP_PKEY_get_group_name(key, room.baseAddress, room.count, &length)
            guard result == 1, let start = room.baseAddress else { return "" }
            return unsafe String(cString: start)
        }
    }

    /// Room for a curve's name, bytes: the longest that OpenSSL has is under 40.
    private static let curveNameBytes = 80
}

extension TLSPolicy {
    /// Whether a curve, by OpenSSL's short name (`prime256v1`), is one of the policy's (`P-256`).
    func allows(curve: String) -> Bool {
        let wanted = unsafe OBJ_sn2nid(curve)
        return wanted != NID_undef
            && groups.contains { unsafe EC_curve_nist2nid($0) == wanted || OBJ_sn2nid($0) == wanted }
    }
}
