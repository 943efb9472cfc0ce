/// Where a listener's certificate and its private key are.
package struct TLSFiles: Sendable, Equatable {
    /// Path of a PEM file: the server's certificate first, then those that issued it.
    package let certificate: String
    /// Path of a PEM file with the private key, not encrypted.
    ///
    /// May be the same file.
    package let key: String

    /// The two files.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
