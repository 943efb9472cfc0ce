package import SCIM

/// What operators do to one tenant's store, beside what its clients ask of it.
///
/// As in ``TenantStore`` each method that writes is one transaction, and durable when it returns.
package protocol OperatedStore: Sendable {
    /// The store as it is at this moment, to be read page by page while others write.
    ///
    /// Whoever gets one closes it: as long as it is open the file cannot let go of what was overwritten since.
    func snapshot() async throws(StoreError) -> any StoreSnapshot

    /// Moves learners to another target group; passes over ids that no learner has, learners who are not in the group that
    /// is left, and those who are where they shall go already.
    ///
    /// Versions stay: which target group a learner is in is the operator's affair, and no attribute of the learner.
    ///
    /// - Returns: How many were moved.
    /// - Throws: `.unavailable` when the store has no such target group to move them to.
    func move(_ learners: [ResourceID], by move: LearnerMove) async throws(StoreError) -> Int

    /// Makes a deleted resource of its record, under its id: its next version.
    ///
    /// - Throws: `.notFound` when no record has that id, `.refused` when the `userName` is taken again.
    func restore(_ id: ResourceID, by restoration: Restoration) async throws(StoreError) -> Restored

    /// Removes the record of a deleted resource, or of one that lives, for good.
    ///
    /// - Throws: `.notFound`, `.refused` for one that lives when only records may go.
    func purge(_ id: ResourceID, by purge: Purge) async throws(StoreError)

    /// Puts resources of an archive in, as they were: id, version, times, owner and names.
    ///
    /// One that is there with the same document already is passed over, so that an interrupted import can be repeated.
    /// A target group takes the place of the one that the tenant's file made, as long as that has no members. The entry goes
    /// into the activity in the same transaction.
    ///
    /// - Returns: How many were new.
    /// - Throws: `.refused` when an id or a name belongs to another resource; nothing of the list is stored then.
    func reinstate(_ resources: [ArchivedResource], noting entry: ActivityEntry?) async throws(StoreError)
        -> Int

    /// How many resources of an archive would be new, as far as their ids tell; stores nothing.
    ///
    /// - Throws: `.refused` when an id belongs to another resource.
    func lacking(_ resources: [ArchivedResource]) async throws(StoreError) -> Int

    /// Puts members of an archive into their groups; passes over those who are there already.
    ///
    /// The entry goes into the activity in the same transaction.
    ///
    /// - Throws: `.refused` for a group or member that the store does not hold.
    func reinstate(_ memberships: [Membership], noting entry: ActivityEntry?) async throws(StoreError)

    /// What of the store is not as it must be: the file, its references, its version, and whether look-ups agree with
    /// documents.
    ///
    /// Reads all of it, however long that takes.
    func faults(upTo count: Int) async throws(StoreError) -> [StoreFault]

    /// Writes a copy of the whole store, as it is at one moment, to a file that is not there yet.
    ///
    /// - Throws: `.unavailable` when there is such a file, or it cannot be written.
    func copy(to path: String) async throws(StoreError)
}

/// One thing in a store that is not as it must be: names and ids, never a person's value.
package struct StoreFault: Sendable, Equatable {
    /// What, and where.
    package let text: String

    /// A fault in words.
    package init(_ text: String) {
        self.text = text
    }

    /// Same bytes.
    package static func == (left: StoreFault, right: StoreFault) -> Bool {
        TextOrder.isSameBytes(left.text, right.text)
    }
}
