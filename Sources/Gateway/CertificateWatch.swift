import CloudProfiles
import Configuration
import Logging
import NIOPosix
import Readiness
package import SCIM
import TLSTransport
import Tenancy

/// Takes renewed certificates, client authorities and OCSP responses up while the gateway runs, and tells what came of
/// it.
struct CertificateWatch: Sendable {
    let core: GatewayCore
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often the files are looked at, some stat(2) a listener: a renewal is in force within a second.
    ///
    /// Looking, and not inotify(7), which does not see what is changed on a network's or behind a container's mount,
    /// nor a symbolic link further up in the path.
    static let interval = Duration.milliseconds(500)

    /// Works until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await core.refreshCertificates()
            for listener in core.servedListeners {
                for news in listener.certificate.takeNews() { tell(news, of: listener) }
            }
            do {
                try await clock.sleep(for: Self.interval)
            } catch {
                return
            }
        }
    }

    private func tell(_ news: CertificateInForce.News, of listener: GatewayCore.ServedListener) {
        var metadata: Logger.Metadata = [
            "server.address": "\(listener.settings.address.value)",
            "scim.profile": "\(listener.settings.profile.value.rawValue)",
            "certificate.ends": .string(listener.certificateEnds.rfc3339),
            "certificate.digest": .string(DigestText.text(listener.certificate.context.fingerprint)),
        ]
        switch news {
        case .renewed:
            metadata["event"] = "certificate.renewed"
            logger.notice("new connections get the renewed certificate", metadata: metadata)
        case .mended:
            metadata["event"] = "certificate.mended"
            logger.notice("the certificate's files are as they should be again", metadata: metadata)
        case .refused(let problem):
            metadata["event"] = "certificate.refused"
            metadata["error.type"] = .string(problem.code.rawValue)
            metadata["error.message"] = .string(listener.finding(problem))
            logger.error("the certificate in force is not that of its files", metadata: metadata)
        case .stapled:
            metadata["event"] = "ocsp.stapled"
            logger.notice("the certificate's OCSP response is stapled", metadata: metadata)
        case .notStapled(let problem):
            metadata["event"] = "ocsp.refused"
            metadata["error.type"] = .string(problem.code.rawValue)
            metadata["error.message"] = .string(listener.warning(problem))
            logger.warning("the certificate is served without an OCSP response", metadata: metadata)
        }
    }
}

extension GatewayCore {
    /// Looks at each listener's certificate; one that is wrong stays as it was.
    ///
    /// An operator who asks learns at once of files that are wrong; else they get time to be complete.
    func refreshCertificates(isAsked: Bool = false) async {
        let certificates = servedListeners.map(\.certificate)
        let look: @Sendable () -> Void = {
            for certificate in certificates { certificate.refresh(isAsked: isAsked) }
        }
        // The pool of the process is there as long as the process.
        try? await NIOThreadPool.singleton.runIfActive(look)
    }

    /// What is wrong with certificates now, as `config check` prints findings.
    package var certificateFindings: [String] {
        servedListeners.flatMap { listener in
            [
                listener.certificate.problem.map(listener.finding),
                listener.certificate.stapleProblem.map(listener.warning),
            ].compactMap { $0 }
        }
    }
}

extension GatewayCore.ServedListener {
    /// When the certificate in force ends.
    package var certificateEnds: Timestamp { Timestamp(milliseconds: certificate.context.notAfter * 1_000) }

    /// A problem of the certificate with the place of its setting: `gateway.yaml:7: error: tls/x.key: …`.
    func finding(_ problem: TLSConfigurationError) -> String {
        "\(settings.place(of: problem).fileAndLine): error: \(problem)"
    }

    /// The same of a problem that keeps nobody out: `gateway.yaml:9: warning: tls/x.ocsp: …`.
    func warning(_ problem: TLSConfigurationError) -> String {
        "\(settings.place(of: problem).fileAndLine): warning: \(problem)"
    }
}
