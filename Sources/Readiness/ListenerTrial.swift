import CloudProfiles
import Configuration
import Crypto
package import SCIM
import TLSTransport
package import Tenancy

/// A listener's TLS, made from its files as a start would make it, to shake hands with in memory.
///
/// It shows that certificate, key, chain and profile fit while no gateway runs. Of names, ports and what lies between it
/// shows nothing.
package struct ListenerTrial: Sendable {
    private let server: TLSServerContext
    private let client: LibraryContext
    private let groups: [String]

    /// What came of making it.
    package enum Making: Sendable {
        /// It can be tried.
        case ready(ListenerTrial)
        /// The listener would not be served: why, and what to do.
        case unserved(String, fix: String)
    }

    /// Makes the TLS of a listener, the n-th of the settings counted from 0.
    ///
    /// Loads FIPS modules and reads files: blocks, not for an event loop.
    package static func make(_ settings: GatewaySettings, listener number: Int, now: Timestamp) -> Making {
        let listener = settings.listeners[number]
        let name = listener.profile.value
        switch ProfileLibrary.made(for: name, settings.fips(of: name)) {
        case .made(let library, _): return make(listener, number, library, now)
        case .notMet(let reason):
            return .unserved("\(name.rawValue) would not be served", fix: reason)
        case .failed(let error):
            return .unserved("OpenSSL cannot be used: \(error)", fix: "check its installation")
        }
    }

    private static func make(
        _ listener: GatewaySettings.Listener,
        _ number: Int,
        _ library: LibraryContext,
        _ now: Timestamp
    ) -> Making {
        do throws(TLSConfigurationError) {
            // All that the listener has must be right, its clients' authorities and its OCSP response, too.
            _ = try CertificateInForce(
                policy: TLSPolicy(.named(listener.profile.value), of: listener, number: number),
                files: TLSFiles(listener),
                library: library,
                tickets: nil,
                clock: { now.milliseconds / 1_000 }
            )
            // The client of a trial calls no name and has no certificate.
            let policy = TLSPolicy(.named(listener.profile.value))
            let server = try TLSServerContext(
                policy: policy,
                files: TLSFiles(certificate: listener.certificate.value, key: listener.key.value),
                library: library,
                tickets: nil,
                now: now.milliseconds / 1_000
            )
            return .ready(ListenerTrial(server: server, client: try client.get(), groups: policy.groups))
        } catch {
            let what = error.file.isEmpty ? error.message : "\(error.file): \(error.message)"
            return .unserved(what, fix: error.fix)
        }
    }

    /// What clients have, whatever module ours must have; one for all, as a context is never freed.
    private static let client = Result<LibraryContext, TLSConfigurationError> {
        () throws(TLSConfigurationError) in try FIPSCheck.ordinaryClient()
    }

    /// Whether a client gets through that offers these suites, by OpenSSL's names, and that version alone.
    ///
    /// A version that the machine's OpenSSL is not asked to speak here, which is any below `TLSv1.2`, is none.
    package func takes(_ suites: [String], version: String) -> Bool {
        guard let version = TLSVersion(rawValue: version) else { return false }
        let trial = HandshakeTrial(version: version, suites: suites, groups: groups)
        if case .agreed = trial.attempt(with: server, from: client) { return true }
        return false
    }
}
