internal import COpenSSL

/// The names under which a listener may be called.
///
/// A client that calls another is refused with the alert unrecognized_name, one that calls none is
/// not: RFC 6066 §3.
@safe
final class CalledNames: Sendable {
    private let names: Set<String>

    /// These names; nil when any may be called.
    init?(_ names: [String]) {
        guard !names.isEmpty else { return nil }
        self.names = Set(names)
    }

    /// Lets the context's sessions ask this object, which must outlive them.
    func install(in context: OpaquePointer) {
        unsafe gateway_SSL_CTX_set_tlsext_servername_callback(
            context,
            judgeName,
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    fileprivate func allow(_ name: UnsafePointer<CChar>) -> Bool {
        let bytes = unsafe String(cString: name).utf8
        return ServerName.reading(name: bytes).map { names.contains($0) } ?? false
    }
}

/// SSL_CTX_set_tlsext_servername_callback(3).
private func judgeName(
    _ ssl: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let argument = unsafe argument,
        let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
    else { return SSL_TLSEXT_ERR_NOACK }
    let names = unsafe Unmanaged<CalledNames>.fromOpaque(argument).takeUnretainedValue()
    if unsafe names.allow(name) { return SSL_TLSEXT_ERR_OK }
    unsafe alert?.pointee = SSL_AD_UNRECOGNIZED_NAME
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
