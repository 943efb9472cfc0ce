/// The JSON of the admin socket, one shape per operation; the command line and a later page use the same.
package enum AdminMessages {
    /// `POST /v1/connections`: "+ Connect a group".
    package struct Connect: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The target group's name in the tenant's file; nil only for a full connection.
        package var group: String?
        /// The connection's name; made from the group when nil.
        package var id: String?
        /// Free text for people.
        package var name: String?
        /// The client's dialect.
        package var dialect: String
        /// `learner` or `full`.
        package var attributes: String
        /// How long the token lives, in days.
        package var expiresInDays: Int

        /// A request to connect a group.
        package init(
            tenant: String,
            group: String?,
            id: String?,
            name: String?,
            dialect: String,
            attributes: String,
            expiresInDays: Int
        ) {
            self.tenant = tenant
            self.group = group
            self.id = id
            self.name = name
            self.dialect = dialect
            self.attributes = attributes
            self.expiresInDays = expiresInDays
        }
    }

    /// `POST /v1/tokens`: another token of a connection.
    package struct CreateToken: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// How long the token lives, in days.
        package var expiresInDays: Int

        /// A request for a token.
        package init(tenant: String, connection: String, expiresInDays: Int) {
            self.tenant = tenant
            self.connection = connection
            self.expiresInDays = expiresInDays
        }
    }

    /// A token that was made: its text is in no other message, and is kept nowhere.
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
    }

    /// One row of `GET /v1/tokens`.
    package struct TokenRow: Codable, Sendable {
        /// The public id.
        package var tokenID: String
        /// The tenant's name.
        package var tenant: String
        /// The connection's name.
        package var connection: String
        /// When it was made, RFC 3339; nil for one that a file declares.
        package var created: String?
        /// When it ends, RFC 3339.
        package var expires: String?
        /// `active`, `expired` or `revoked`.
        package var state: String
        /// `file` or `control`.
        package var origin: String
    }

    /// `POST /v1/users/import`: the CSV itself travels as text.
    package struct Import: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The target group that the learners join.
        package var group: String
        /// The file's content.
        package var csv: String

        /// A request to import.
        package init(tenant: String, group: String, csv: String) {
            self.tenant = tenant
            self.group = group
            self.csv = csv
        }
    }

    /// What an import did.
    package struct Imported: Codable, Sendable {
        /// Learners that were made.
        package var imported: Int
        /// Lines that were refused.
        package var refused: [RefusedLine]
    }

    /// One refused line of an import.
    package struct RefusedLine: Codable, Sendable {
        /// 1-based line in the file.
        package var line: Int
        /// Why, without the line's values.
        package var reason: String
    }

    /// What a reload did.
    package struct Reloaded: Codable, Sendable {
        /// The generation that now serves.
        package var generation: Int
        /// Tenants that are served.
        package var tenants: Int
        /// Problems, as `config check` prints them.
        package var findings: [String]
    }

    /// `GET /v1/status`.
    package struct Status: Codable, Sendable {
        /// The program's version.
        package var version: String
        /// The process id.
        package var pid: Int32
        /// Seconds since the start.
        package var uptimeSeconds: Int
        /// The generation of the tenant files that serves.
        package var generation: Int
        /// What listens.
        package var listeners: [ListenerStatus]
        /// The profiles that run, and those that do not for want of something.
        package var profiles: [ProfileStatus]
        /// What is in work and what waits; nil from a gateway that did not tell yet.
        package var turns: TurnCounts?
        /// Problems of the files at the last reading.
        package var findings: [String]
        /// Linked libraries: name → version.
        package var libraries: [String: String]
    }

    /// One listener.
    package struct ListenerStatus: Codable, Sendable {
        /// The profile it serves.
        package var profile: String
        /// `host:port` as bound.
        package var address: String
        /// What clients call.
        package var publicURL: String
        /// Open connections.
        package var connections: Int
        /// Requests that are being worked on, those whose client is gone included.
        package var requestsInWork: Int
        /// When its certificate ends, RFC 3339.
        package var certificateEnds: String
    }

    /// One profile.
    package struct ProfileStatus: Codable, Sendable {
        /// Its name.
        package var profile: String
        /// Whether it runs.
        package var isServed: Bool
        /// Tenants that it serves.
        package var tenants: Int
        /// The FIPS module that it runs in; nil when it runs in OpenSSL's ordinary algorithms.
        package var fips: FIPSStatus?
        /// What it demands and does not have, such as `NOT MET: FIPS (…)`.
        package var notMet: [String]
    }

    /// A FIPS module in use: what the gateway did, and nothing about validation.
    package struct FIPSStatus: Codable, Sendable {
        /// The provider's version.
        package var version: String
        /// How many self-tests it ran at the start; all passed.
        package var selfTests: Int
    }

    /// An error, RFC 9457.
    package struct Problem: Codable, Sendable, Error {
        /// A URI reference that names the kind.
        package var type: String
        /// The kind in words.
        package var title: String
        /// The HTTP status.
        package var status: Int
        /// What, where and how to mend it.
        package var detail: String

        /// A problem.
        package init(type: String, title: String, status: Int, detail: String) {
            self.type = type
            self.title = title
            self.status = status
            self.detail = detail
        }
    }
}
