import Tenancy

/// Whom a listener believes about the addresses of its clients.
struct ProxyTrust: Sendable {
    /// Whether a header must be there.
    let isRequired: Bool
    /// From where one is believed.
    let networks: [Network]

    /// Trust as the settings have it; nil when no header is believed from anywhere.
    init?(_ proxy: GatewaySettings.Proxy) {
        guard proxy.mode != .off else { return nil }
        isRequired = proxy.mode == .required
        networks = proxy.trusted
    }

    /// What is to be done with a new connection.
    enum Judgement: Equatable {
        /// A header is read, and must be there when it says so.
        case read(isRequired: Bool)
        /// The connection is the client's own.
        case direct
        /// It is closed.
        case refused
    }

    /// Judges a connection by the address that it comes from.
    ///
    /// Bytes of a stranger are never read as a header: they would be its own word about itself.
    func judgement(of peer: Peer) -> Judgement {
        let isTrusted = peer.address.map { address in networks.contains { $0.contains(address) } } ?? false
        if isTrusted { return .read(isRequired: isRequired) }
        return isRequired ? .refused : .direct
    }
}
