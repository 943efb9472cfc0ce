package import SCIM
package import Tenancy

/// A resource of an archive, to be put into a store as it was.
package struct ArchivedResource: Sendable {
    /// What clients wrote, checked, without `externalId` and members.
    package let resource: ValidatedResource
    /// Its id.
    package let id: ResourceID
    /// How often it was written.
    package let version: ResourceVersion
    /// When it was made.
    package let created: Timestamp
    /// When it was last written.
    package let lastModified: Timestamp
    /// The connection that manages it.
    package let owner: Connection.ID?
    /// The group of the tenant's file that it is.
    package let targetGroup: TargetGroup.ID?
    /// Each connection's name for it.
    package let externalIDs: [Connection.ID: String]
    /// When it was deleted, and the groups that it was in; nil for one that is there.
    package let deletion: RosterEntry.Record?

    /// A resource of these parts.
    package init(
        resource: ValidatedResource,
        id: ResourceID,
        version: ResourceVersion,
        created: Timestamp,
        lastModified: Timestamp,
        owner: Connection.ID?,
        targetGroup: TargetGroup.ID?,
        externalIDs: [Connection.ID: String],
        deletion: RosterEntry.Record?
    ) {
        self.resource = resource
        self.id = id
        self.version = version
        self.created = created
        self.lastModified = lastModified
        self.owner = owner
        self.targetGroup = targetGroup
        self.externalIDs = externalIDs
        self.deletion = deletion
    }

    /// The connections' names in an order that does not depend on hashing.
    package var names: [(connection: Connection.ID, externalID: String)] {
        externalIDs.map { ($0.key, $0.value) }.sorted { $0.connection.text < $1.connection.text }
    }

    /// What is answered when the store holds another resource where this one should be.
    package var conflict: StoreError {
        .refused(
            .conflict(
                .uniqueness,
                "\(resource.resource.type.rawValue) \(id) does not fit in: the store has another resource with that id or name."
            )
        )
    }

    /// What is answered when a member or its group is not in the store.
    package static let noSuchMember = StoreError.refused(
        .conflict(nil, "A membership names a group or a member that the archive did not bring.")
    )
}
