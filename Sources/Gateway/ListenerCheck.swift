import CloudProfiles
import Configuration
import Crypto
import Linux
import SCIM
import TLSTransport
import Tenancy

/// Looks at each listener's profile, certificate and key as a start would, and tells what is wrong at the place of
/// their keys.
struct ListenerCheck {
    let settings: GatewaySettings
    let now: Timestamp

    /// What would keep a listener from being served.
    ///
    /// Loads FIPS modules and reads files: blocks, not for an event loop.
    var findings: [Finding] {
        var libraries: [CloudProfile.Name: LibraryContext] = [:]
        var found: [Finding] = []
        for listener in settings.listeners {
            let name = listener.profile.value
            if libraries[name] == nil {
                let (library, problem) = library(for: listener)
                libraries[name] = library
                if let problem { found.append(problem) }
            }
            if let library = libraries[name] { found += findings(of: listener, library) }
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

    private func findings(of listener: GatewaySettings.Listener, _ library: LibraryContext) -> [Finding] {
        let unreadable = [listener.certificate, listener.key].compactMap { file in
            DiskFile.problem(opening: file.value).map { problem in
                Finding(.error, "\(file.value): \(problem.sentence)", at: file.place, fix: problem.fix)
            }
        }
        guard unreadable.isEmpty else { return unreadable }
        do throws(TLSConfigurationError) {
            let context = try TLSServerContext(
                policy: TLSPolicy(.named(listener.profile.value)),
                files: TLSFiles(certificate: listener.certificate.value, key: listener.key.value),
                library: library,
                tickets: nil,
                now: now.milliseconds / 1_000
            )
            return warnings(about: context, listener)
        } catch {
            let isAboutKey = error.file == listener.key.value && error.file != listener.certificate.value
            return [
                Finding(
                    .error,
                    error.code == .keyDoesNotMatch ? error.message : "\(error.file): \(error.message)",
                    at: (isAboutKey ? listener.key : listener.certificate).place,
                    fix: error.fix
                )
            ]
        }
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
