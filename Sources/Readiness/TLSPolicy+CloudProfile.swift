package import CloudProfiles
import HTTPTransport
package import TLSTransport

extension TLSPolicy {
    /// What a cloud profile demands of TLS, for the listener of that profile.
    package init(_ profile: CloudProfile) {
        let demands = profile.tls
        func names(_ list: String) -> [String] { list.split(separator: ":").map(String.init) }
        self.init(
            // A name that we do not speak leaves only the newest version.
            minimumVersion: TLSVersion(rawValue: demands.minimumVersion) ?? .tls13,
            maximumVersion: TLSVersion(rawValue: demands.maximumVersion) ?? .tls13,
            cipherList: names(demands.cipherList),
            cipherSuites: names(demands.cipherSuites),
            groups: names(demands.groups),
            signatureAlgorithms: names(demands.signatureAlgorithms),
            prioritizesChaCha: demands.prioritizesChaCha,
            minimumRSABits: demands.minimumRSABits,
            minimumCurveBits: demands.minimumCurveBits,
            requiresExtendedMasterSecret: demands.requiresExtendedMasterSecret,
            applicationProtocols: HTTPVersion.offered.map(\.name),
            sessionIDContext: profile.name.rawValue,
            serverNames: [],
            clientCertificates: .off
        )
    }
}
