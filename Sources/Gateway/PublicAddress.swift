package import NIOCore
import SCIM
package import Tenancy

/// What a listener is called from outside.
package struct PublicAddress: Sendable {
    /// `https://scim.msp.example`: before every location, no trailing slash.
    package let publicURL: String
    /// The host names that are served, in lower case; empty serves any.
    private let hosts: Set<String>
    /// What a request calls that follows the public URL, where its host is served: compared as it comes, since to cut the
    /// port off and to fold and hash the rest took 3,000 instructions of a GET's 180,000.
    private var usualAuthority: String?

    /// An address as the settings give it.
    package init(publicURL: String, hosts: [String]) {
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.hosts = Set(hosts.map { $0.lowercased() })
        usualAuthority = nil
        let authority = self.publicURL.split(separator: "/", maxSplits: 2).last.map { String($0) }
        if let authority, serves(authority: authority) { usualAuthority = authority }
    }

    /// Whether `Host` or `:authority` names this listener: the port does not matter (RFC 9110 §7.2).
    package func serves(authority: String?) -> Bool {
        guard !hosts.isEmpty else { return true }
        guard let authority else { return false }
        if let usualAuthority, TextOrder.isSameBytes(authority, usualAuthority) { return true }
        return hosts.contains(Self.host(of: authority).lowercased())
    }

    /// The host without its port; an IPv6 address keeps its brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }
}

/// Who is at the other end of a connection.
package struct Peer: Sendable {
    /// The socket's peer address: the only source of it; no header is believed.
    ///
    /// Nil for a local socket.
    package let address: IPAddress?
    /// The address as the log shows it.
    package let text: String
    /// SHA-256 of the certificate that it showed, in hexadecimal; nil where nobody is asked for one.
    private(set) var certificate: String?
    /// `1.2` or `1.3`; nil where there is no TLS.
    private(set) var tlsVersion: String?
    /// The number of the event loop that its connection is on.
    private(set) var loop = 0
    /// The token that it has shown on this connection.
    let shown = ShownToken()

    /// The peer at an address.
    package init(address: String?) {
        self.address = address.flatMap { IPAddress($0) }
        self.text = address ?? "-"
    }

    /// The peer of a channel.
    package init(of channel: any Channel) {
        self.init(address: channel.remoteAddress?.ipAddress)
    }

    /// The same peer, who showed a certificate of that fingerprint.
    func showing(certificate fingerprint: [UInt8]?) -> Peer {
        var peer = self
        peer.certificate = fingerprint.map(DigestText.text)
        return peer
    }

    /// The same peer, over that version of TLS.
    func over(tls version: String) -> Peer {
        var peer = self
        peer.tlsVersion = version
        return peer
    }

    /// The same peer, whose connection is on that event loop.
    func on(loop: Int) -> Peer {
        var peer = self
        peer.loop = loop
        return peer
    }
}
