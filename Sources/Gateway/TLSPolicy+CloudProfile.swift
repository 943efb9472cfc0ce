import CloudProfiles
import TLSTransport

extension TLSPolicy {
    /// What a cloud profile demands of TLS, for the listener of that profile.
    init(_ profile: CloudProfile) {
        let demands = profile.tls
        func names(_ list: String) -> [String] { list.split(separator: ":").map(String.init) }
        self.init(
            minimumVersion: .tls12,
            cipherList: names(demands.cipherList),
            cipherSuites: names(demands.cipherSuites),
            groups: names(demands.groups),
            signatureAlgorithms: names(demands.signatureAlgorithms),
            prioritizesChaCha: demands.prioritizesChaCha,
            minimumRSABits: demands.minimumRSABits,
            requiresExtendedMasterSecret: demands.requiresExtendedMasterSecret,
            applicationProtocols: ProtocolChoice.HTTPVersion.offered.map(\.name),
            sessionIDContext: profile.name.rawValue
        )
    }
}
