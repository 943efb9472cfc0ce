package import CloudProfiles
package import Dialects
package import SCIM

/// One customer: one file in `tenants/`, one isolated store.
///
/// A class: it goes with every request, and its tokens share it.
package final class Tenant: Sendable {
    /// The name that is also the file's: `[a-z0-9][a-z0-9-]{0,62}`.
    package let id: ID
    /// Free text for people.
    package let displayName: String
    /// The cloud that the tenant signs in to.
    package let profile: CloudProfile.Name
    /// Whether requests are served.
    package let status: Status
    /// What happens when two connections write one learner.
    package let overlap: Overlap
    /// The groups that connections may fill.
    package let groups: [TargetGroup]
    /// The ways in, from the file and from the control database.
    package let connections: [Connection]
    /// How long the record of a deleted learner is kept.
    package let deletedRetention: Duration
    /// The tenant's request ceiling.
    package let limits: TenantLimits
    /// From which addresses its connections may be used; theirs can only narrow it.
    package let allowFrom: AllowedSources

    /// A tenant's name.
    package struct ID: Sendable, Hashable, CustomStringConvertible {
        /// The name as written.
        package let text: String

        /// Takes a name that is well-formed (``EntityName``).
        package init(_ text: String) { self.text = text }

        /// The name.
        package var description: String { text }
    }

    /// Whether requests are served.
    package enum Status: String, Sendable, CaseIterable {
        /// Served.
        case active
        /// 503 with `Retry-After`.
        case paused
        /// 401, as an unknown token.
        case disabled
    }

    /// What happens when two connections write one learner.
    package enum Overlap: String, Sendable, CaseIterable {
        /// The later write wins, and is noted.
        case lastWriter = "last-writer"
        /// Only the connection that manages the learner may write: 409 for others.
        case ownerOnly = "owner-only"
    }

    /// A tenant of these parts.
    package init(
        id: ID,
        displayName: String,
        profile: CloudProfile.Name,
        status: Status,
        overlap: Overlap,
        groups: [TargetGroup],
        connections: [Connection],
        deletedRetention: Duration,
        limits: TenantLimits,
        allowFrom: AllowedSources = .any
    ) {
        self.id = id
        self.displayName = displayName
        self.profile = profile
        self.status = status
        self.overlap = overlap
        self.groups = groups
        self.connections = connections
        self.deletedRetention = deletedRetention
        self.limits = limits
        self.allowFrom = allowFrom
    }
}

/// How much of the machine one tenant may ask for.
package struct TenantLimits: Sendable, Equatable {
    /// Requests per second, sustained.
    ///
    /// Never below 25: what Entra's gallery demands.
    package let requestsPerSecond: Int
    /// Requests that may come at once above the sustained rate.
    package let burst: Int
    /// How long a request above the ceiling waits before it is 429.
    package let queueTime: Duration

    /// Limits in requests per second, requests, and time.
    package init(requestsPerSecond: Int, burst: Int, queueTime: Duration) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        self.queueTime = queueTime
    }
}

/// A group of the tenant that new learners of a connection join.
package struct TargetGroup: Sendable, Equatable {
    /// The name in the file.
    package let id: ID
    /// What SCIM shows as `displayName`: free text.
    package let displayName: String

    /// A target group's name.
    package struct ID: Sendable, Hashable, CustomStringConvertible {
        /// The name as written.
        package let text: String

        /// Takes a name that is well-formed (``EntityName``).
        package init(_ text: String) { self.text = text }

        /// The name.
        package var description: String { text }
    }

    /// A group under a name.
    package init(id: ID, displayName: String) {
        self.id = id
        self.displayName = displayName
    }
}

/// One provisioning client's way in: "+ Connect a group".
///
/// A class, as ``Tenant`` is.
package final class Connection: Sendable {
    /// The name, unique in the tenant.
    package let id: ID
    /// Free text for people.
    package let displayName: String
    /// The group that new learners join.
    ///
    /// Required for ``AttributeSet/learner``.
    package let group: TargetGroup.ID?
    /// How the client departs from the RFC.
    package let dialect: Dialect
    /// What the connection may store and see.
    package let attributes: AttributeSet
    /// Whether a file or the control database holds it.
    package let origin: Origin
    /// From which addresses it may be used.
    package let allowFrom: AllowedSources

    /// A connection's name.
    package struct ID: Sendable, Hashable, CustomStringConvertible {
        /// The name as written.
        package let text: String

        /// Takes a name that is well-formed (``EntityName``).
        package init(_ text: String) { self.text = text }

        /// The name.
        package var description: String { text }
    }

    /// Where a connection or token is declared.
    package enum Origin: String, Sendable {
        /// A file in `tenants/`.
        case file
        /// The profile's control database.
        case control
    }

    /// A connection of these parts.
    package init(
        id: ID,
        displayName: String,
        group: TargetGroup.ID?,
        dialect: Dialect,
        attributes: AttributeSet,
        origin: Origin,
        allowFrom: AllowedSources = .any
    ) {
        self.id = id
        self.displayName = displayName
        self.group = group
        self.dialect = dialect
        self.attributes = attributes
        self.origin = origin
        self.allowFrom = allowFrom
    }
}
