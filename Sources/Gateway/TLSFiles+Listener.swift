import Configuration
import TLSTransport
import Tenancy

extension TLSFiles {
    /// The files that the settings name for a listener.
    init(_ listener: GatewaySettings.Listener) {
        let clients = listener.clientCertificates
        self.init(
            certificate: listener.certificate.value,
            key: listener.key.value,
            response: listener.ocspResponse?.value,
            clientAuthorities: clients.mode == .off ? nil : clients.authorities?.value
        )
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
