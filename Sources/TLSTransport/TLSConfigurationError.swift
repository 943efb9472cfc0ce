/// Why a listener's TLS cannot be set up.
///
/// The operator's to mend; trying again without a change is useless.
///
/// Shape of the description: `tls/key.pem: key does not belong to the certificate`, then `fix: …`
/// on a line.
package struct TLSConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The closed set of findings.
    package enum Code: String, Sendable {
        /// There is no such file.
        case missingFile
        /// The file is there and cannot be read: rights, a folder, an I/O error.
        case unreadableFile
        /// The file is larger than any certificate chain.
        case fileTooLarge
        /// The file holds no PEM block of the kind wanted.
        case notPEM
        /// A certificate that OpenSSL does not understand or refuses.
        case badCertificate
        /// A private key that OpenSSL does not understand or refuses.
        case badKey
        /// The private key asks for a passphrase.
        case encryptedKey
        /// The key is not the certificate's.
        case keyDoesNotMatch
        /// The certificate, or the OCSP response, has ended.
        case expired
        /// The certificate, or the OCSP response, has not begun.
        case notYetValid
        /// A key shorter than the policy's minimum for its kind.
        case weakKey
        /// A key on a curve, or of a kind, that the policy does not allow.
        case keyNotAllowed
        /// What is in the place of an OCSP response is none that a client would take.
        case badResponse
        /// The OCSP response says that the certificate must not be used.
        case revoked
        /// The certificate is of no use to clients without an OCSP response, and none is named.
        case responseMissing
        /// A certificate in the place of a client authority's is none.
        case notAuthority
        /// The policy names something that this OpenSSL does not have.
        case badPolicy
        /// OpenSSL could not make its object: out of memory.
        case noTLS
    }

    /// What is wrong.
    ///
    /// Two errors are equal when their codes are.
    package let code: Code
    /// The file it is about; empty for the policy.
    package let file: String
    /// What is wrong, one sentence without the file's name.
    package let message: String
    /// What to do about it.
    package let fix: String

    /// A finding.
    package init(_ code: Code, file: String, message: String, fix: String) {
        self.code = code
        self.file = file
        self.message = message
        self.fix = fix
    }

    /// The finding as the operator reads it, two lines.
    package var description: String {
        "\(file.isEmpty ? "TLS policy" : file): \(message)\n  fix: \(fix)"
    }

    /// Whether the codes are the same; sentences are for people.
    package static func == (left: TLSConfigurationError, right: TLSConfigurationError) -> Bool {
        left.code == right.code
    }
}

extension TLSConfigurationError {
    /// OpenSSL does not make one of the objects that TLS needs.
    static func noTLS(_ reasons: [String]) -> TLSConfigurationError {
        TLSConfigurationError(
            .noTLS,
            file: "",
            message: "OpenSSL does not make what TLS needs (\(reasons.joined(separator: "; ")))",
            fix: "check the machine's memory and its OpenSSL installation"
        )
    }
}
