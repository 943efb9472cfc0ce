package import Gateway
package import Sharing

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
        /// How long the token lives, in seconds; nil is a year, or less where the profile wants it.
        package var lifeSeconds: Int64?
        /// From which addresses it may be used: `any`, `entra` and networks; nothing is `any`.
        package var allowFrom: [String]
        /// Whether it is only checked, and nothing changed; nil changes it.
        package var isDryRun: Bool?

        /// A request to connect a group.
        package init(
            tenant: String,
            group: String?,
            id: String?,
            name: String?,
            dialect: String,
            attributes: String,
            lifeSeconds: Int64?,
            allowFrom: [String] = [],
            isDryRun: Bool = false
        ) {
            self.tenant = tenant
            self.group = group
            self.isDryRun = isDryRun
            self.id = id
            self.name = name
            self.dialect = dialect
            self.attributes = attributes
            self.lifeSeconds = lifeSeconds
            self.allowFrom = allowFrom
        }
    }

    /// `GET /v1/version`: the one shape that no version of the socket changes.
    package struct Version: Codable, Sendable {
        /// The program's version.
        package var version: String
        /// The version of the socket's operations: the `v1` of their paths.
        package var operations: String

        /// This program's.
        package static let current = Version(version: ProgramVersion.text, operations: "v1")
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
        /// How that stands to the files on disk; nil from a gateway that does not tell.
        package var files: FilesStatus?
        /// What listens.
        package var listeners: [ListenerStatus]
        /// Connections of all listeners together; nil from a gateway that does not count them.
        package var connections: ConnectionFigures?
        /// The profiles that run, and those that do not for want of something.
        package var profiles: [ProfileStatus]
        /// What is in work and what waits; nil from a gateway that did not tell yet.
        package var turns: TurnCounts?
        /// Problems of the files at the last reading.
        package var findings: [String]
        /// What is no problem yet, or no more than one tenant's: tokens that end soon.
        package var attention: [String]
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

        /// Whether the user who asked may not do that.
        package var isAboutRights: Bool { type == Self.notAllowed }

        static let notAllowed = "/help/not-allowed"

        /// A problem.
        package init(type: String, title: String, status: Int, detail: String) {
            self.type = type
            self.title = title
            self.status = status
            self.detail = detail
        }
    }
}
