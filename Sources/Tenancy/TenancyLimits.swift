/// Bounds of what files may hold and of what is said about them.
package enum TenancyLimits {
    /// Bytes of one file.
    ///
    /// A tenant with hundreds of connections needs a tenth of it; parsing takes time with the size.
    package static let fileBytes = 262_144
    /// Levels of brackets in a file: its own shape needs five.
    ///
    /// The YAML parser recurses over them.
    package static let bracketDepth = 32
    /// Columns of indentation (dashes included) in a file, for the same reason.
    package static let indentColumns = 128
    /// Duplicated keys that are told one by one: each costs another parse.
    package static let duplicateKeys = 25
    /// Findings told of one file; the rest is counted.
    package static let findingsPerFile = 20
    /// Columns of a source line that a finding shows.
    package static let shownColumns = 160
    /// Characters of a value that a message quotes.
    package static let quotedCharacters = 60
    /// Bytes of free text, such as a display name.
    package static let textBytes = 256
    /// Bytes of a path: PATH_MAX less the final NUL.
    package static let pathBytes = 4_095
    /// Bytes of a value that a file holds for `${file:…}`: a secret, or a list of proxies.
    package static let outsideBytes = 65_536
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
