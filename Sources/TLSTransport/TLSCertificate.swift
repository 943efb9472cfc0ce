/// Where a listener's certificate and its private key are.
package struct TLSCertificate: Sendable, Equatable {
    /// Path of a PEM file: the server's certificate first, then those that issued it.
    package let certificateFile: String
    /// Path of a PEM file with the private key, not encrypted.
    ///
    /// May be the same file.
    package let keyFile: String

    /// The two files.
    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
