import CloudProfiles
import Configuration
import Crypto
import Linux
import SCIM
import TLSTransport
import Tenancy

/// Looks at each listener's profile, and at the files that TLS needs there, as a start would, and tells what is wrong at
/// the place of their keys.
struct ListenerCheck {
    let settings: GatewaySettings
    let now: Timestamp

    /// What would keep a listener from being served.
    ///
    /// Loads FIPS modules and reads files: blocks, not for an event loop.
    var findings: [Finding] {
        var libraries: [CloudProfile.Name: LibraryContext] = [:]
        var found: [Finding] = []
        for (number, listener) in settings.listeners.enumerated() {
            let name = listener.profile.value
            if libraries[name] == nil {
                let (library, problem) = library(for: listener)
                libraries[name] = library
                if let problem { found.append(problem) }
            }
            if let library = libraries[name] { found += findings(of: listener, number, library) }
        }
        return found
    }

    /// The profile's library context, and what is to be said about it.
    ///
    /// Certificates of a profile that would not be served are looked at with OpenSSL's ordinary algorithms.
    private func library(for listener: GatewaySettings.Listener) -> (LibraryContext?, Finding?) {
        let (name, place) = (listener.profile.value, listener.profile.place)
        switch ProfileLibrary.made(for: name, settings.fips(of: name)) {
        case .made(let library, _):
            return (library, nil)
        case .notMet(let reason):
            let problem = Finding(.warning, "\(name.rawValue) would not be served: \(reason)", at: place)
            guard case .made(let library, _) = ProfileLibrary.made(for: name, .init(demand: .off)) else {
                return (nil, problem)
            }
            return (library, problem)
        case .failed(let error):
            return (nil, Finding(.error, "OpenSSL cannot be used: \(error)", at: place))
        }
    }

    private func findings(of listener: GatewaySettings.Listener, _ number: Int, _ library: LibraryContext)
        -> [Finding]
    {
        let clients = listener.clientCertificates
        let needed =
            [listener.certificate, listener.key] + (clients.mode == .off ? [] : [clients.authorities])
        let unreadable = needed.compactMap { $0 }.compactMap { problem(opening: $0, .error) }
        guard unreadable.isEmpty else { return unreadable }
        do throws(TLSConfigurationError) {
            let certificate = try CertificateInForce(
                policy: TLSPolicy(.named(listener.profile.value), of: listener, number: number),
                files: TLSFiles(listener),
                library: library,
                tickets: nil,
                clock: { [now] in now.milliseconds / 1_000 }
            )
            return warnings(about: certificate.context, listener) + stapleFindings(certificate, listener)
        } catch {
            return [finding(.error, error, listener)]
        }
    }

    /// What keeps the OCSP response from being stapled: the certificate is served without it.
    private func stapleFindings(_ certificate: CertificateInForce, _ listener: GatewaySettings.Listener)
        -> [Finding]
    {
        guard let problem = certificate.stapleProblem else { return [] }
        let unreadable = listener.ocspResponse.flatMap { self.problem(opening: $0, .warning) }
        return [unreadable ?? finding(.warning, problem, listener)]
    }

    /// That a file cannot be read, and by whom.
    private func problem(opening file: Placed<String>, _ severity: Finding.Severity) -> Finding? {
        DiskFile.problem(opening: file.value).map { problem in
            Finding(severity, "\(file.value): \(problem.sentence)", at: file.place, fix: problem.fix)
        }
    }

    /// A problem of TLS at the key that names its file.
    private func finding(
        _ severity: Finding.Severity,
        _ problem: TLSConfigurationError,
        _ listener: GatewaySettings.Listener
    ) -> Finding {
        Finding(
            severity,
            problem.code == .keyDoesNotMatch ? problem.message : "\(problem.file): \(problem.message)",
            at: listener.place(of: problem),
            fix: problem.fix
        )
    }

    private func warnings(about context: TLSServerContext, _ listener: GatewaySettings.Listener) -> [Finding]
    {
        let place = listener.certificate.place
        if context.isSelfIssued {
            return [
                Finding(
                    .warning,
                    "certificate is signed by itself; Entra will not trust it",
                    at: place,
                    fix: "have it issued by an authority that everybody knows"
                )
            ]
        }
        guard context.chainLength == 1 else { return [] }
        return [
            Finding(
                .warning,
                "certificate chain has no intermediate; Entra will not trust it",
                at: place,
                fix: "put the issuer's certificate after yours in the same file"
            )
        ]
    }
}
