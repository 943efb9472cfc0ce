extension AdminMessages {
    /// `POST /v1/tenants`: which tenants are wanted.
    package struct TenantsOrder: Codable, Sendable {
        /// Only those whose names come after it.
        package var after: String?
        /// How many, 1…1,000.
        package var count: Int
        /// Whether their learners are counted, which opens each one's store.
        package var countsLearners: Bool

        /// A wish for tenants.
        package init(after: String? = nil, count: Int, countsLearners: Bool) {
            self.after = after
            self.count = count
            self.countsLearners = countsLearners
        }
    }

    /// Tenants by name.
    package struct TenantRows: Codable, Sendable {
        /// The tenants.
        package var tenants: [TenantRow]
        /// How many there are in all.
        package var total: Int
        /// The name after which the next page begins; nil when this is the last.
        package var next: String?
    }

    /// One tenant.
    package struct TenantRow: Codable, Sendable {
        /// Its name.
        package var tenant: String
        /// What people call it.
        package var displayName: String
        /// The cloud that it signs in to; nil for one whose file was never in force.
        package var profile: String?
        /// `active`, `paused`, `disabled`, or `refused` for one whose file was never in force.
        package var status: String
        /// How many connections it has.
        package var connections: Int
        /// Its learners, those that are switched off included; nil when they were not counted.
        package var users: Int?
        /// Its learners that are not switched off; nil when they were not counted.
        package var activeUsers: Int?
        /// When one of its tokens was last used, RFC 3339; nil is never.
        package var lastSeen: String?
        /// What an operator is to look at.
        package var problems: [String]
    }

    /// `GET /v1/tenants/NAME`: all that is known of one.
    package struct TenantDetail: Codable, Sendable {
        /// What a list tells of it.
        package var tenant: TenantRow
        /// Its file.
        package var file: String
        /// What its clients call; nil when no listener serves its profile.
        package var tenantURL: String?
        /// Where its administrators configure the client.
        package var portal: String?
        /// Its target groups.
        package var groups: [Group]
        /// Its connections.
        package var connections: [ConnectionRow]
        /// Findings about its file, as `config check` prints them.
        package var findings: [String]

        /// One target group.
        package struct Group: Codable, Sendable {
            /// Its name in the file.
            package var group: String
            /// What people call it.
            package var displayName: String
        }
    }
}
