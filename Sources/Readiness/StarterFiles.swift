import CloudProfiles
import Crypto
package import SCIM
import TLSTransport
import Tenancy

/// What `config init` writes: settings, one tenant, and a certificate to try them with.
package enum StarterFiles {
    /// One file.
    package struct File: Sendable {
        /// Counted from the folder.
        package let path: String
        /// What it holds.
        package let bytes: [UInt8]
        /// Whether others than its owner must not read it.
        package let isSecret: Bool
    }

    /// The files, in the order in which people read them.
    ///
    /// - Throws: why there is no certificate: OpenSSL does not make one.
    package static func made(now: Timestamp) throws -> [File] {
        let certificate = try TrialCertificate(
            names: ["DNS:localhost", "IP:127.0.0.1", "IP:::1"],
            library: library(),
            now: now.milliseconds / 1_000,
            days: trialDays
        )
        return [
            File(path: "gateway.yaml", bytes: Array(StarterFile.gateway.text.utf8), isSecret: false),
            File(
                path: "tenants/contoso.yaml",
                bytes: Array(StarterFile.tenant("contoso").text.utf8),
                isSecret: false
            ),
            File(path: "tls/scim.pem", bytes: certificate.certificate, isSecret: false),
            File(path: "tls/scim.key", bytes: certificate.key, isSecret: true),
        ]
    }

    /// OpenSSL's ordinary algorithms: nobody is to trust what they make here.
    private static func library() throws -> LibraryContext {
        switch ProfileLibrary.made(for: .commercial, .init(demand: .off)) {
        case .made(let library, _): return library
        case .notMet(let reason): throw ConfigurationProblem(lines: ["error: \(reason)"])
        case .failed(let error): throw error
        }
    }

    /// How long the certificate is good for, days: a trial, and no excuse to go on with it.
    private static let trialDays: Int64 = 30
}
