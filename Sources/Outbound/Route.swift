package import Crypto

/// How a client finds a server and whom it trusts.
package struct Route: Sendable {
    /// A PEM file of authorities to trust in place of the system's; nil is the system's.
    package let authorities: String?
    /// Addresses in place of a look-up, as curl writes them: `scim.msp.example:443:127.0.0.1`.
    package let addresses: [String]
    /// The library context that the client's TLS computes in; nil is OpenSSL's own.
    let library: LibraryContext?

    /// Where Debian keeps the authorities that everybody knows: the `ca-certificates` package.
    package static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// A route with these exceptions from the ordinary one.
    package init(authorities: String? = nil, addresses: [String] = [], library: LibraryContext? = nil) {
        self.authorities = authorities
        self.addresses = addresses
        self.library = library
    }

    /// The address that stands in for a host's, if one does.
    package func address(of host: String, port: Int) -> String? {
        let start = "\(host):\(port):"
        return addresses.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
}
