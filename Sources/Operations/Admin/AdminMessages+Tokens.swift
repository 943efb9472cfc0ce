package import Tenancy

extension AdminMessages {
    /// `POST /v1/tokens`: another token of a connection.
    package struct CreateToken: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// How long the token lives, in seconds; nil is a year, or less where the profile wants it.
        package var lifeSeconds: Int64?
        /// A name for people.
        package var name: String?
        /// Whether the tenant's file will declare it: then nothing is kept of it here.
        package var isForFile: Bool
        /// From which addresses it may be used: `any`, `entra` and networks; nothing is `any`.
        package var allowFrom: [String]
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// A request for a token.
        package init(
            tenant: String,
            connection: String,
            lifeSeconds: Int64?,
            name: String? = nil,
            isForFile: Bool = false,
            allowFrom: [String] = [],
            isDryRun: Bool = false
        ) {
            self.isDryRun = isDryRun
            self.tenant = tenant
            self.connection = connection
            self.lifeSeconds = lifeSeconds
            self.name = name
            self.isForFile = isForFile
            self.allowFrom = allowFrom
        }
    }

    /// `POST /v1/rotations`: a token in place of the one that a connection has.
    package struct RotateToken: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// How long the new token lives, in seconds; nil is a year, or less where the profile wants it.
        package var lifeSeconds: Int64?
        /// How long the old one works after the first use of the new one, in seconds.
        package var overlapSeconds: Int64
        /// A name for people.
        package var name: String?
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// A request for a token in place of another.
        package init(
            tenant: String,
            connection: String,
            lifeSeconds: Int64?,
            overlapSeconds: Int64,
            name: String? = nil,
            isDryRun: Bool = false
        ) {
            self.isDryRun = isDryRun
            self.tenant = tenant
            self.connection = connection
            self.lifeSeconds = lifeSeconds
            self.overlapSeconds = overlapSeconds
            self.name = name
        }
    }

    /// A token that was made: its text is in no other message, and is kept nowhere.
    ///
    /// One that would be made has no text and no id.
    package struct MadeToken: Codable, Sendable {
        /// The whole token.
        package var token: String
        /// Its public id.
        package var tokenID: String
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// The target group's display name.
        package var group: String?
        /// What to paste as Tenant URL; nil when no listener serves the profile.
        package var tenantURL: String?
        /// When it ends, RFC 3339.
        package var expires: String
        /// The token that ends when this one has been used, by its public id.
        package var replaces: String?
        /// What the tenant's file is to say of it, for one that a file will declare.
        package var yaml: String?
    }

    /// `POST /v1/revocations`: the end of a token.
    package struct RevokeToken: Codable, Sendable {
        /// The token's public id.
        package var token: String
        /// When it ends: a day, or RFC 3339 with a zone; nil is at once.
        package var at: String?
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// A request to end a token.
        package init(token: String, at: String? = nil, isDryRun: Bool = false) {
            self.token = token
            self.at = at
            self.isDryRun = isDryRun
        }
    }

    /// A token whose end is set.
    package struct RevokedToken: Codable, Sendable {
        /// Its public id.
        package var tokenID: String
        /// When it ends or ended, RFC 3339.
        package var ends: String
        /// Whether it has ended already.
        package var isEnded: Bool
    }

    /// One row of `GET /v1/tokens`.
    package struct TokenRow: Codable, Sendable {
        /// The public id.
        package var tokenID: String
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// What people call it.
        package var name: String?
        /// When it was made, RFC 3339; nil for one that a file declares.
        package var created: String?
        /// When it ends or ended, whatever ends it, RFC 3339; nil is never.
        package var ends: String?
        /// When it was first used, RFC 3339; nil is never.
        package var firstUsed: String?
        /// When it was last used, RFC 3339; nil is never.
        package var lastUsed: String?
        /// The same two moments as a metric has them.
        package var figures: TokenFigures
        /// From which addresses it may be used, within what its connection allows; nil is any.
        package var allowFrom: String?
        /// From which network it was last used: `203.0.113.0/24`.
        package var lastNetwork: String?
        /// Which client used it last, as far as it said.
        package var lastClient: String?
        /// A word of ``TokenState``, or `not in force` for one that has neither ended nor a connection to open.
        package var state: String
        /// The token that ends when this one has been used, by its public id.
        package var replaces: String?
        /// `file` or `control`.
        package var origin: String
    }
}
