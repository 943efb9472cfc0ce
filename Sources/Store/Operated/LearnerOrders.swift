package import SCIM
package import Tenancy

/// That learners go to another target group.
package struct LearnerMove: Sendable {
    /// The group that they leave; nil is every target group that they are in.
    ///
    /// It may be one that the tenant's file no longer names. Groups that clients made are nobody's target groups, and keep
    /// their members.
    package let from: TargetGroup.ID?
    /// The group that they join.
    package let destination: TargetGroup.ID
    /// When.
    package let now: Timestamp
    /// Who gets an entry of the activity log for each learner, in the same transaction; nil leaves none.
    package let origin: ActivityOrigin?

    /// A move.
    package init(
        from: TargetGroup.ID?,
        to destination: TargetGroup.ID,
        now: Timestamp,
        origin: ActivityOrigin?
    ) {
        self.from = from
        self.destination = destination
        self.now = now
        self.origin = origin
    }

    /// Whether it moves a learner who is in these target groups: who is in the group that is left, or, where every group is
    /// left, who is anywhere else than in the destination alone.
    package func moves(from groups: Set<TargetGroup.ID>) -> Bool {
        let isLeft = { (group: TargetGroup.ID) in group != destination && (from ?? group) == group }
        return groups.contains(where: isLeft) || from == nil && !groups.contains(destination)
    }
}

/// That a deleted resource comes back.
package struct Restoration: Sendable {
    /// The connections of the tenant: another one's learners come back unmanaged, and its names for them do not.
    package let connections: Set<Connection.ID>
    /// When.
    package let now: Timestamp
    /// Who gets an entry of the activity log, in the same transaction; nil leaves none.
    package let origin: ActivityOrigin?

    /// A restoration.
    package init(connections: Set<Connection.ID>, now: Timestamp, origin: ActivityOrigin?) {
        self.connections = connections
        self.now = now
        self.origin = origin
    }

    /// What is answered when somebody else has the `userName` now.
    package static func refusal(heldBy id: ResourceID) -> StoreError {
        .refused(
            .conflict(
                .uniqueness,
                "The userName is taken again, by \(id). Rename or delete that learner, then restore this one."
            )
        )
    }
}

/// What came back of a deleted resource.
package struct Restored: Sendable {
    /// The resource as it now is.
    package let resource: StoredResource
    /// The connection that manages it again.
    package let owner: Connection.ID?
    /// Connections whose `externalId` did not come back: another learner has it now, or the connection is gone.
    package let lostExternalIDs: [Connection.ID]
    /// How many of the groups that it was in are gone.
    package let lostGroups: Int

    /// What came back, and what did not.
    package init(
        resource: StoredResource,
        owner: Connection.ID?,
        lostExternalIDs: [Connection.ID],
        lostGroups: Int
    ) {
        self.resource = resource
        self.owner = owner
        self.lostExternalIDs = lostExternalIDs
        self.lostGroups = lostGroups
    }
}

/// That a resource goes for good.
package struct Purge: Sendable {
    /// Whether one that was not deleted may go too.
    package let includesLiving: Bool
    /// When.
    package let now: Timestamp
    /// Who gets an entry of the activity log, in the same transaction; nil leaves none.
    package let origin: ActivityOrigin?

    /// A purge.
    package init(includesLiving: Bool, now: Timestamp, origin: ActivityOrigin?) {
        self.includesLiving = includesLiving
        self.now = now
        self.origin = origin
    }

    /// What is answered for a resource that was not deleted, when only records may go.
    package static let isLiving = StoreError.refused(
        .conflict(nil, "The learner is not deleted. Delete it first, or say that a living one may go too.")
    )
}

extension Deletion {
    /// Refuses to delete a group of the tenant's file: that goes with its line in the file.
    package static func sparingTargetGroups(_ current: Change.Current) throws(SCIMError) {
        guard current.isTargetGroup else { return }
        throw .conflict(nil, "A group of the tenant's file goes when it is empty and taken out of the file.")
    }
}

extension ActivityEntry {
    /// The entry of what an operator did to a resource; nil when nobody asked for one.
    package init?(
        _ kind: ActivityKind,
        of subject: Subject,
        changed: [String] = [],
        at moment: Timestamp,
        by origin: ActivityOrigin?
    ) {
        guard let origin else { return nil }
        self.init(kind, at: moment, by: origin)
        resource = subject
        self.changed = changed
    }
}
