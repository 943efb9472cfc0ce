/// Where a listener's certificate is, and what belongs to it.
package struct TLSFiles: Sendable, Equatable {
    /// Path of a PEM file: the server's certificate first, then those that issued it.
    package let certificate: String
    /// Path of a PEM file with the private key, not encrypted.
    ///
    /// May be the same file.
    package let key: String
    /// Path of an OCSP response about the certificate, DER, which is stapled while it holds.
    package let response: String?
    /// Path of a PEM file with the authorities whose clients are let in, and what they have revoked;
    /// named where the policy asks for client certificates.
    package let clientAuthorities: String?

    /// These files.
    package init(
        certificate: String,
        key: String,
        response: String? = nil,
        clientAuthorities: String? = nil
    ) {
        self.certificate = certificate
        self.key = key
        self.response = response
        self.clientAuthorities = clientAuthorities
    }
}
