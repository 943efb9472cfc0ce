internal import COpenSSL

/// The demand for RFC 7627 in TLS 1.2: OpenSSL 3.0 has no option for it.
///
/// The ClientHello is looked at before anything is negotiated, so that a client without the
/// extension gets the alert that RFC 7627 §5.2 names, handshake_failure. A client that offers TLS
/// 1.3 gets 1.3, where the question does not arise. (`TLSSession` asks again when the handshake is
/// complete.)
enum ExtendedMasterSecret {
    /// Makes every session of the context demand it.
    static func require(in context: OpaquePointer) {
        unsafe SSL_CTX_set_client_hello_cb(context, checkClientHello, nil)
    }

    /// Whether the extension `supported_versions` (RFC 8446 §4.2.1) of a client names TLS 1.3.
    ///
    /// Shape: one byte of length, then two bytes a version. Anything malformed is no: OpenSSL
    /// refuses it later.
    static func offersTLS13(_ supportedVersions: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let length = unsafe supportedVersions.first, Int(length) == supportedVersions.count - 1 else {
            return false
        }
        for start in stride(from: 1, to: supportedVersions.count - 1, by: 2)
        where unsafe supportedVersions[start] == 0x03 && supportedVersions[start + 1] == 0x04 {
            return true
        }
        return false
    }

    /// The number of `extended_master_secret` among the TLS extensions.
    fileprivate static let number: UInt32 = 23
    /// The number of `supported_versions`.
    fileprivate static let supportedVersions: UInt32 = 43
}

/// SSL_CTX_set_client_hello_cb(3).
private func checkClientHello(
    _ ssl: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    var content: UnsafePointer<UInt8>?
    var length = 0
    if unsafe SSL_client_hello_get0_ext(ssl, ExtendedMasterSecret.number, &content, &length) == 1 {
        return SSL_CLIENT_HELLO_SUCCESS
    }
    if unsafe SSL_client_hello_get0_ext(ssl, ExtendedMasterSecret.supportedVersions, &content, &length) == 1,
        unsafe ExtendedMasterSecret.offersTLS13(UnsafeBufferPointer(start: content, count: length))
    {
        return SSL_CLIENT_HELLO_SUCCESS
    }
    unsafe alert?.pointee = SSL_AD_HANDSHAKE_FAILURE
    return SSL_CLIENT_HELLO_ERROR
}
