extension AdminMessages {
    /// `POST /v1/passes`: a token with which a connection is tried.
    package struct MakePass: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// How long it opens the connection unless it is given back, in seconds.
        package var lifeSeconds: Int64

        /// A request for a pass.
        package init(tenant: String, connection: String, lifeSeconds: Int64) {
            self.tenant = tenant
            self.connection = connection
            self.lifeSeconds = lifeSeconds
        }
    }

    /// A pass that was made: the text of its token is in no other message, and is kept nowhere.
    package struct MadePass: Codable, Sendable {
        /// The whole token.
        package var token: String
        /// Its public id, by which it is given back.
        package var passID: String
        /// The cloud profile of the tenant.
        package var profile: String
        /// `active`, `paused` or `disabled`: what the tenant's file says.
        package var tenantStatus: String
        /// What the client would paste as Tenant URL; nil when no listener serves the profile.
        package var tenantURL: String?
        /// The lists of sources that hold for the client and not for the pass; empty when everybody may come.
        package var sources: [String]
    }
}
