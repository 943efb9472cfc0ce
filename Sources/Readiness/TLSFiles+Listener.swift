package import CloudProfiles
package import Configuration
package import TLSTransport
package import Tenancy

extension TLSFiles {
    /// The files that the settings name for a listener.
    package init(_ listener: GatewaySettings.Listener) {
        let clients = listener.clientCertificates
        self.init(
            certificate: listener.certificate.value,
            key: listener.key.value,
            response: listener.ocspResponse?.value,
            clientAuthorities: clients.mode == .off ? nil : clients.authorities?.value
        )
    }
}

extension GatewaySettings.Listener {
    /// Where the settings name the file that a problem is about; the certificate's place for one that is about none.
    package func place(of problem: TLSConfigurationError) -> FilePlace {
        let named = [key, ocspResponse, clientCertificates.authorities].compactMap { $0 }
        return (named.first { $0.value == problem.file } ?? certificate).place
    }
}

extension TLSPolicy.ClientCertificates {
    /// What the settings ask of a listener's clients.
    init(_ mode: GatewaySettings.ClientCertificates.Mode) {
        switch mode {
        case .off: self = .off
        case .optional: self = .optional
        case .required: self = .required
        }
    }
}

extension TLSPolicy {
    /// What the profile demands, and what is the own of this listener, the n-th of the settings.
    package init(_ profile: CloudProfile, of listener: GatewaySettings.Listener, number: Int) {
        self.init(profile)
        // RFC 6066 §3: no session is resumed under another name, so not at another listener either.
        sessionIDContext += "/\(number)"
        if profile.fips == .required {
            serverNames = listener.hostNames.compactMap { ServerName.reading(name: $0.utf8) }
        }
        clientCertificates = ClientCertificates(listener.clientCertificates.mode)
    }
}
