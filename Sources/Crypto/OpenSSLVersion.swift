internal import COpenSSL

/// Which OpenSSL the process runs with, as the loaded library says, not as the headers said.
package enum OpenSSLVersion {
    /// The library's own line: `OpenSSL 3.0.22 25 Aug 2026`.
    package static var text: String {
        unsafe OpenSSL_version(OPENSSL_VERSION).map { unsafe String(cString: $0) } ?? "OpenSSL"
    }

    /// The number alone: `3.0.22`.
    package static var number: String {
        unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map { unsafe String(cString: $0) } ?? ""
    }
}
