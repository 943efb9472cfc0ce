internal import COpenSSL
package import Crypto
package import NIOCore

/// Reads which name a client calls, before it is decided whose TLS answers it.
///
/// The choice must come first: a session that changes its SSL_CTX later (SSL_set_SSL_CTX) keeps the
/// groups, versions and ticket keys of the first one. A session that is thrown away reads the
/// ClientHello, in whatever pieces and records it comes, and is stopped before it does anything
/// about it; so there is no second parser of TLS here. SSL_CTX_set_client_hello_cb(3).
@safe
package final class ServerNameReader: Sendable {
    // SAFETY: configured in init, before anyone else has it, and never changed afterwards; SSL_new
    // only counts references and reads (openssl-threads(7)). Freed in deinit.
    private nonisolated(unsafe) let pointer: OpaquePointer
    private let library: LibraryContext

    /// A reader for the listeners of one address.
    ///
    /// - Throws: `.noTLS` when there is no memory.
    package init(library: LibraryContext) throws(TLSConfigurationError) {
        OpenSSLErrorQueue.clear()
        guard
            let pointer = unsafe library.withPointer({ unsafe SSL_CTX_new_ex($0, nil, TLS_server_method()) })
        else { throw .noTLS(OpenSSLErrorQueue.drain()) }
        unsafe SSL_CTX_set_client_hello_cb(pointer, stopAtClientHello, nil)
        unsafe self.pointer = pointer
        self.library = library
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// Begins with a connection that has said nothing yet.
    ///
    /// - Throws: `.noSession` when there is no memory.
    package func begin() throws(TLSFailure) -> Reading {
        try Reading(self)
    }

    /// One connection's ClientHello.
    ///
    /// Not Sendable: it belongs to one event loop.
    @safe
    package final class Reading {
        private let ssl: OpaquePointer
        private let wire = Wire(allocator: ByteBufferAllocator())
        /// The content of the client's server_name, once the ClientHello is whole.
        fileprivate var content: [UInt8]?

        /// What the bytes so far tell.
        package enum Outcome: Sendable, Equatable {
            /// More are needed.
            case incomplete
            /// The name that is called; nil when there is none, or no ClientHello.
            ///
            /// Whoever answers by default finds out by itself what is wrong with the bytes.
            case complete(String?)
        }

        fileprivate init(_ reader: ServerNameReader) throws(TLSFailure) {
            OpenSSLErrorQueue.clear()
            guard let bio = unsafe wire.makeBIO(in: reader.library) else {
                throw TLSFailure(.noSession, opensslReasons: OpenSSLErrorQueue.drain())
            }
            guard let ssl = unsafe SSL_new(reader.pointer) else {
                unsafe BIO_free(bio)
                throw TLSFailure(.noSession, opensslReasons: OpenSSLErrorQueue.drain())
            }
            unsafe self.ssl = ssl
            unsafe SSL_set_bio(ssl, bio, bio)
            unsafe SSL_set_accept_state(ssl)
            unsafe gateway_SSL_set_app_data(ssl, Unmanaged.passUnretained(self).toOpaque())
        }

        deinit {
            unsafe SSL_free(ssl)
        }

        /// Takes further bytes of the client.
        package func read(_ bytes: ByteBuffer) -> Outcome {
            wire.append(bytes)
            OpenSSLErrorQueue.clear()
            let result = unsafe SSL_do_handshake(ssl)
            let error = unsafe SSL_get_error(ssl, result)
            OpenSSLErrorQueue.clear()
            switch error {
            case SSL_ERROR_WANT_READ: return .incomplete
            case SSL_ERROR_WANT_CLIENT_HELLO_CB:
                return .complete(content.flatMap { ServerName.reading(extension: $0) })
            default: return .complete(nil)
            }
        }
    }
}

/// SSL_CTX_set_client_hello_cb(3): notes server_name, and stops the session for good.
private func stopAtClientHello(
    _ ssl: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let address = unsafe gateway_SSL_get_app_data(ssl) else { return SSL_CLIENT_HELLO_ERROR }
    var content: UnsafePointer<UInt8>?
    var length = 0
    if unsafe SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_server_name), &content, &length) == 1 {
        let reading = unsafe Unmanaged<ServerNameReader.Reading>.fromOpaque(address).takeUnretainedValue()
        reading.content = unsafe Array(UnsafeBufferPointer(start: content, count: length))
    }
    return SSL_CLIENT_HELLO_RETRY
}
