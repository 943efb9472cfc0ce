extension AdminMessages {
    /// One row of `GET /v1/connections`.
    package struct ConnectionRow: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// What people call it.
        package var displayName: String
        /// The target group's name; nil for a full connection without one.
        package var group: String?
        /// The client's dialect.
        package var dialect: String
        /// `learner` or `full`.
        package var attributes: String
        /// `file` or `control`.
        package var origin: String
        /// Whether it can be used; one whose tenant or group is gone cannot.
        package var isInForce: Bool
        /// When it was made, RFC 3339; nil for one that a file declares.
        package var created: String?
        /// Its active tokens, by their public ids.
        package var activeTokens: [String]
        /// When one of its tokens was last used, RFC 3339.
        package var lastUsed: String?
        /// What to paste as Tenant URL.
        package var tenantURL: String?
    }

    /// `POST /v1/removals`: the end of a connection.
    package struct RemoveConnection: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// A request to remove a connection.
        package init(tenant: String, connection: String, isDryRun: Bool = false) {
            self.tenant = tenant
            self.connection = connection
            self.isDryRun = isDryRun
        }
    }

    /// What the removal of a connection did, or would do.
    package struct RemovedConnection: Codable, Sendable {
        /// The tokens that ended with it, by their public ids.
        package var endedTokens: [String]
        /// What could not be done at once, such as a store that cannot be opened now.
        package var findings: [String]
    }
}
