package import SCIM
package import Tenancy

/// Which resources an operator wants to see, and who manages them.
package struct RosterQuery: Sendable {
    /// Those that are there, or the records of those that were deleted.
    package var kind = Kind.living
    /// Users, groups, or nil for both.
    package var type: ResourceType.Name? = .user
    /// The condition, its names resolved against the full schemas; nil matches all.
    package var filter: ResolvedFilter?
    /// Only those in this target group by themselves; of deleted ones, those who were.
    package var group: TargetGroup.ID?
    /// Only those that this connection, or nobody, manages.
    package var owner = Owner.any
    /// Only those in rows after this one; 0 begins at the first.
    package var after: Int64 = 0
    /// How many, at most: 1…``limit``.
    package var count = 100

    /// What is listed.
    package enum Kind: Sendable, Equatable {
        /// Resources that are there.
        case living
        /// Records of resources that were deleted.
        case deleted
    }

    /// Whose resources are listed.
    package enum Owner: Sendable, Equatable {
        /// Everybody's.
        case any
        /// Those that no connection manages.
        case nobody
        /// Those of one connection, whose `externalId` is shown with them.
        case connection(Connection.ID)
    }

    /// Resources of one page: as many as a page of a client may have.
    package static let limit = PageLimits.count
    /// Rows that are looked at for one page: a filter that matches nobody ends its page there, and the next one goes on.
    package static let rowsPerPage = 10_000

    /// All users who are there.
    package init() {}

    /// For whom the resources are read: the connection whose they are, else nobody.
    package var viewer: Viewer {
        guard case .connection(let connection) = owner else {
            return Viewer(connection: nil, attributeSet: .full)
        }
        return Viewer(connection: connection, attributeSet: .full)
    }

    /// Whether a resource is among those that are asked for, as far as its owner and the filter say.
    package func isMet(by resource: StoredResource, owner: Connection.ID?) -> Bool {
        switch self.owner {
        case .any: break
        case .nobody: guard owner == nil else { return false }
        case .connection(let connection): guard owner == connection else { return false }
        }
        if let type, type != resource.type { return false }
        return filter?.matches(resource.view(locationPrefix: "")) ?? true
    }
}

/// One resource as an operator sees it.
package struct RosterEntry: Sendable {
    /// Its row, or that of its record: they count up with age.
    package let row: Int64
    /// The resource.
    package let resource: StoredResource
    /// The connection that manages it; nil for an unmanaged learner.
    package let owner: Connection.ID?
    /// The group of the tenant's file that it is.
    package let targetGroup: TargetGroup.ID?
    /// Each connection's name for it.
    package let externalIDs: [Connection.ID: String]
    /// When it was deleted, and the groups that it was in; nil for one that is there.
    package let deletion: Record?

    /// What is kept of a deletion.
    package struct Record: Sendable, Equatable {
        /// When.
        package let moment: Timestamp
        /// The groups that the resource was in.
        package let groups: [ResourceID]

        /// A record.
        package init(at moment: Timestamp, groups: [ResourceID]) {
            self.moment = moment
            self.groups = groups
        }
    }

    /// An entry of these parts.
    package init(
        row: Int64,
        resource: StoredResource,
        owner: Connection.ID?,
        targetGroup: TargetGroup.ID?,
        externalIDs: [Connection.ID: String],
        deletion: Record? = nil
    ) {
        self.row = row
        self.resource = resource
        self.owner = owner
        self.targetGroup = targetGroup
        self.externalIDs = externalIDs
        self.deletion = deletion
    }
}

/// Some resources, and where the next ones begin.
package struct RosterPage: Sendable {
    /// The resources, oldest first.
    package let entries: [RosterEntry]
    /// The row after which the next page begins; nil when this is the last.
    package let next: Int64?

    /// A page.
    package init(entries: [RosterEntry], next: Int64?) {
        self.entries = entries
        self.next = next
    }
}
