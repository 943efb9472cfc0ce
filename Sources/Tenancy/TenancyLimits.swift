/// Bounds of what our files may hold.
package enum TenancyLimits {
    /// Bytes of a Unix socket's path: `sun_path` less the final NUL (unix(7)).
    package static let socketPathBytes = 107
    /// Listeners of the process.
    package static let listeners = 64
    /// Host names of a listener, trusted networks, allowed networks.
    package static let networks = 1_000
    /// Bytes of a file of service tags: that of the public cloud has some five million.
    package static let serviceTagBytes = 64 * 1_048_576
    /// Networks of one service tag; that of Entra has some two hundred.
    package static let serviceTagNetworks = 10_000
    /// Groups of a tenant.
    package static let groups = 1_000
    /// Connections of a tenant.
    package static let connections = 1_000
    /// Tokens that a file lists for one connection, ended ones included.
    package static let listedTokens = 100
    /// Tokens of one connection that open it at the same time: the present one and its successor.
    package static let liveTokens = 2
    /// Requests per second that no setting goes below: Microsoft's gallery demands 25.
    package static let requestsPerSecondFloor = 25
}
