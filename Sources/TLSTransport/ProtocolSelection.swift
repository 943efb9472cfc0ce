internal import COpenSSL

/// The server's part of ALPN: which of the client's application protocols is taken.
///
/// RFC 7301 §3.2.
@safe
final class ProtocolSelection {
    /// Length-prefixed names, the form that OpenSSL compares.
    ///
    /// Its address must not change: the answer that the callback gives points into it.
    private let wire: UnsafeMutableBufferPointer<UInt8>

    /// A selection among the names, preferred first; each has 1…255 bytes.
    init?(_ names: [String]) {
        let encoded = names.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
        guard !names.isEmpty, names.allSatisfy({ (1...255).contains($0.utf8.count) }) else { return nil }
        unsafe wire = .allocate(capacity: encoded.count)
        _ = unsafe wire.initialize(from: encoded)
    }

    deinit {
        unsafe wire.deallocate()
    }

    /// Lets the contexts's sessions ask this object, which must outlive them.
    func install(in context: OpaquePointer) {
        unsafe SSL_CTX_set_alpn_select_cb(
            context,
            selectProtocol,
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// The first of ours that the client has, or a refusal: without overlap the handshake ends by
    /// the alert no_application_protocol.
    ///
    /// (Without the extension OpenSSL does not ask at all.)
    fileprivate func select(
        from client: UnsafeBufferPointer<UInt8>,
        into name: inout UnsafePointer<UInt8>?,
        _ length: inout UInt8
    ) -> Int32 {
        var chosen: UnsafeMutablePointer<UInt8>?
        let result = unsafe SSL_select_next_proto(
            &chosen,
            &length,
            wire.baseAddress,
            UInt32(wire.count),
            client.baseAddress,
            UInt32(client.count)
        )
        guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        unsafe name = UnsafePointer(chosen)
        return SSL_TLSEXT_ERR_OK
    }
}

/// SSL_CTX_set_alpn_select_cb(3): hands OpenSSL's question to the `ProtocolSelection`.
private func selectProtocol(
    _ ssl: OpaquePointer?,
    _ name: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ length: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let argument = unsafe argument, let name = unsafe name, let length = unsafe length else {
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    let selection = unsafe Unmanaged<ProtocolSelection>.fromOpaque(argument).takeUnretainedValue()
    let offer = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    return unsafe selection.select(from: offer, into: &name.pointee, &length.pointee)
}
