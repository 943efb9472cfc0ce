package import SCIM

/// What a profile's control database holds: connections and tokens that were made by command.
package struct ControlContents: Sendable {
    /// The connections, in the order they were made.
    package var connections: [MadeConnection]
    /// Their tokens and those made for connections of files, ended ones included.
    package var tokens: [TokenRecord]
    /// The uses of tokens, those of files included.
    package var uses: [AccessToken.ID: TokenUseRecord]
    /// What was told of the ends of tokens.
    package var warnings: [AccessToken.ID: ExpiryWarning]
    /// The networks of Entra in the profile's cloud; nil before they are taken from a file.
    package var networks: NetworkList?

    /// A connection that a command made.
    package struct MadeConnection: Sendable {
        /// Whose it is.
        package let tenant: Tenant.ID
        /// The connection; its origin is `.control`.
        package let connection: Connection
        /// When it was made.
        package let created: Timestamp

        /// A connection of a tenant.
        package init(tenant: Tenant.ID, connection: Connection, created: Timestamp) {
            self.tenant = tenant
            self.connection = connection
            self.created = created
        }
    }

    /// These connections, tokens, uses, warnings and networks.
    package init(
        connections: [MadeConnection] = [],
        tokens: [TokenRecord] = [],
        uses: [AccessToken.ID: TokenUseRecord] = [:],
        warnings: [AccessToken.ID: ExpiryWarning] = [:],
        networks: NetworkList? = nil
    ) {
        self.connections = connections
        self.tokens = tokens
        self.uses = uses
        self.warnings = warnings
        self.networks = networks
    }
}

/// One token as it is kept: never its text, only its digest.
package struct TokenRecord: Sendable {
    /// The public id inside the token.
    package let id: AccessToken.ID
    /// SHA-256 of the whole token text: 32 bytes.
    package let digest: [UInt8]
    /// Whose connection it opens.
    package let tenant: Tenant.ID
    /// The connection it opens.
    package let connection: Connection.ID
    /// When it was made; nil when a file declares it.
    package let created: Timestamp?
    /// When it ends; nil is never.
    package let expires: Timestamp?
    /// When it was revoked; nil is not.
    package let revoked: Timestamp?
    /// Where it is kept.
    package let origin: Connection.Origin
    /// What people call it, such as the Entra application that has it; nil when nobody named it.
    package let name: String?
    /// The token in whose place this one steps; nil when it was made beside the others.
    package let replacement: Replacement?
    /// From which addresses it may be used, within what its connection allows.
    package let allowFrom: AllowedSources

    /// That a token steps in place of another.
    package struct Replacement: Sendable, Equatable {
        /// The token that ends.
        package let predecessor: AccessToken.ID
        /// How long after the first use of the new token the predecessor still works: in milliseconds, 0 and up.
        package let overlapMilliseconds: Int64

        /// A step in place of that token.
        package init(of predecessor: AccessToken.ID, overlapMilliseconds: Int64) {
            self.predecessor = predecessor
            self.overlapMilliseconds = overlapMilliseconds
        }
    }

    /// A token's record.
    package init(
        id: AccessToken.ID,
        digest: [UInt8],
        tenant: Tenant.ID,
        connection: Connection.ID,
        created: Timestamp?,
        expires: Timestamp?,
        revoked: Timestamp?,
        origin: Connection.Origin,
        name: String? = nil,
        replacement: Replacement? = nil,
        allowFrom: AllowedSources = .any
    ) {
        self.id = id
        self.digest = digest
        self.tenant = tenant
        self.connection = connection
        self.created = created
        self.expires = expires
        self.revoked = revoked
        self.origin = origin
        self.name = name
        self.replacement = replacement
        self.allowFrom = allowFrom
    }
}
