internal import COpenSSL

/// Answers the clients of one context that ask for an OCSP response (status_request): RFC 6066 §8
/// in TLS 1.2, RFC 8446 §4.4.2.1 in 1.3.
@safe
final class StapleSource: Sendable {
    private let staple: StapleInForce
    private let leaf: [UInt8]

    /// A source of what is said about that certificate, and about no other that came after it.
    init(_ staple: StapleInForce, about leaf: [UInt8]) {
        self.staple = staple
        self.leaf = leaf
    }

    /// Lets the context's sessions ask this object, which must outlive them.
    func install(in context: OpaquePointer) {
        unsafe gateway_SSL_CTX_set_tlsext_status_cb(
            context,
            stapleResponse,
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    fileprivate var response: [UInt8]? { staple.response(about: leaf) }
}

/// SSL_CTX_set_tlsext_status_cb(3).
private func stapleResponse(_ ssl: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let argument = unsafe argument,
        let response = unsafe Unmanaged<StapleSource>.fromOpaque(argument).takeUnretainedValue().response,
        unsafe gateway_SSL_set1_tlsext_status_ocsp_resp(ssl, response, response.count) == 1
    else { return SSL_TLSEXT_ERR_NOACK }
    return SSL_TLSEXT_ERR_OK
}
