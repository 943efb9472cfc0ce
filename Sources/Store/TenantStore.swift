package import SCIM
package import Tenancy

/// One tenant's resources.
///
/// There is no tenant parameter anywhere: a store *is* one tenant's.
///
/// What operators do beside is in ``OperatedStore``.
///
/// Each method but ``load(_:for:)`` is one transaction, named for its purpose. A write is durable when it returns.
package protocol TenantStore: OperatedStore {
    /// The resource of that id, with what is derived for the viewer, and a group's members as demanded; nil when there
    /// is none.
    ///
    /// - Throws: ``StoreError`` `.unavailable` when the database cannot be read.
    func resource(
        _ type: ResourceType.Name,
        id: ResourceID,
        for viewer: Viewer,
        members: MemberDemand
    ) async throws(StoreError) -> StoredResource?

    /// The resources that match, in a stable order (oldest first, unless the query sorts).
    ///
    /// A walk by cursor gives nothing twice, and misses nothing that matches with an unchanged sort key from its first
    /// page to its last, whatever is written between the pages.
    ///
    /// - Throws: `.tooCostly` when a condition without an index does not finish within its time.
    func search(_ query: StoreQuery, for viewer: Viewer) async throws(StoreError) -> StoredPage

    /// How many learners there are.
    func learnerCounts() async throws(StoreError) -> LearnerCounts

    /// Adds a resource, or associates an unmanaged learner of the same `userName` with the viewer's connection.
    ///
    /// - Throws: `.userNameTaken`, `.externalIDTaken`, `.refused` from the creation's `associating`, and for a member
    ///   whom the tenant does not have.
    func create(_ creation: Creation, for viewer: Viewer) async throws(StoreError) -> Created

    /// Adds many resources, each on its own account: what one is refused for leaves the others.
    ///
    /// As ``create(_:for:)`` does for each in turn, but without answers, and in few transactions, which let other
    /// writes in between.
    ///
    /// - Returns: For each creation, in order, why it was not done; nil when it was.
    func load(_ creations: [Creation], for viewer: Viewer) async -> [StoreError?]

    /// Reads one resource, hands it to the change, and stores what that gives back, all in one transaction.
    ///
    /// - Throws: `.notFound`, `.userNameTaken`, `.externalIDTaken`, `.refused` from the change itself, and from its
    ///   edits of members.
    func change(_ change: Change, for viewer: Viewer) async throws(StoreError) -> Changed

    /// Deletes a resource: its names are free again, its record is kept as a tombstone, and it leaves its groups.
    ///
    /// Groups that clients made get a new version by that; target groups do not, as they get none when a learner joins.
    ///
    /// - Throws: `.notFound`, `.refused` from `checking`.
    func delete(_ deletion: Deletion, for viewer: Viewer) async throws(StoreError)

    /// Brings the target groups of the tenant's file into the store: new ones get a UUID, renamed ones a new name.
    func arrange(targetGroups: [TargetGroup], makingIDs: @escaping @Sendable () -> ResourceID, now: Timestamp)
        async throws(StoreError)

    /// Makes the learners of connections that are not in the list unmanaged (a connection was removed).
    func release(learnersNotOf connections: [Connection.ID]) async throws(StoreError)

    /// Removes the records of resources that were deleted before that moment. Gives how many.
    func removeTombstones(deletedBefore moment: Timestamp) async throws(StoreError) -> Int

    /// Stores what happened beside the writes, whose own entries are in their transactions.
    ///
    /// Counted requests are added to those of their minute.
    func record(_ entries: [ActivityEntry], reads: [ActivityReads]) async throws(StoreError)

    /// What happened, oldest first.
    ///
    /// - Throws: `.tooCostly` when what is asked for does not turn up within the time for a search.
    func activity(_ query: ActivityQuery) async throws(StoreError) -> ActivityPage

    /// Examines what happened, from the oldest entry to the newest: whether one was edited, and whether one is missing.
    ///
    /// Takes as long as there are entries, and does not hold up other reads and writes.
    func verifiedActivity() async throws(StoreError) -> ActivityVerdict

    /// Removes the oldest of what happened, up to the first entry that is not before that moment; the newest one stays.
    ///
    /// Gives how many entries.
    func removeActivity(before moment: Timestamp) async throws(StoreError) -> Int

    /// Writes what is still in the log, and closes. Nothing may be called afterwards.
    func close() async
}

/// For whom a store answers: decides `externalId`, and what a write is marked with.
package struct Viewer: Sendable, Equatable {
    /// The connection that asks; nil is an operator, who sees no `externalId`.
    package let connection: Connection.ID?
    /// The attribute set that a write is made with.
    package let attributeSet: AttributeSet

    /// A viewer.
    package init(connection: Connection.ID?, attributeSet: AttributeSet) {
        self.connection = connection
        self.attributeSet = attributeSet
    }

    /// The gateway itself: it sees and sets no `externalId`, and manages nobody.
    package static let nobody = Viewer(connection: nil, attributeSet: .learner)
}

/// What a search asks of a store.
package struct StoreQuery: Sendable {
    /// One resource type, or nil for all.
    package let type: ResourceType.Name?
    /// The condition, its names already resolved against the schemas; nil matches all.
    package let filter: ResolvedFilter?
    /// The order of the matches; nil is by age.
    package let sort: ResolvedSort?
    /// Where the page begins.
    package let start: PageStart
    /// How many to give, 0…1,000; 1 or more in a walk by cursor.
    package let count: Int
    /// What a filter on `meta.location` or a `$ref` compares with: `https://host/scim/v2`.
    package let locationPrefix: String
    /// Which members of the groups on the page come along.
    package let members: MemberDemand

    /// A query.
    package init(
        type: ResourceType.Name?,
        filter: ResolvedFilter?,
        sort: ResolvedSort? = nil,
        start: PageStart,
        count: Int,
        locationPrefix: String = "",
        members: MemberDemand = .none
    ) {
        self.type = type
        self.filter = filter
        self.sort = sort
        self.start = start
        self.count = count
        self.locationPrefix = locationPrefix
        self.members = members
    }
}

extension StoreQuery {
    /// Which of a group's members must be at hand to tell whether, and where, it is among the matches.
    package var memberDemand: MemberDemand {
        (filter?.memberDemand ?? .none).joined(with: sort?.memberDemand ?? .none)
    }

    /// A query for the page after so many matches.
    package init(
        type: ResourceType.Name?,
        filter: ResolvedFilter?,
        sort: ResolvedSort? = nil,
        offset: Int,
        count: Int,
        locationPrefix: String = ""
    ) {
        self.init(
            type: type,
            filter: filter,
            sort: sort,
            start: .offset(offset),
            count: count,
            locationPrefix: locationPrefix
        )
    }

    /// What a match is sorted by: in a walk by cursor no more than the cursor can carry.
    package func key(of view: ResourceView, by sort: ResolvedSort) -> ResolvedSort.Key {
        let key = sort.key(of: view)
        return start.isByCursor ? key.shortened : key
    }

    /// Whether a match in that row, with that key where the query sorts, comes after the page before.
    package func isAfterStart(_ row: Int64, _ key: ResolvedSort.Key? = nil) -> Bool {
        guard let position = start.position else { return true }
        guard let sort, let key, let last = position.key else { return row > position.row }
        return sort.isBefore((key: last, row: position.row), (key: key, row: row))
    }
}

/// One page of matches.
package struct StoredPage: Sendable {
    /// How many resources match in all.
    package let totalResults: Int
    /// Those of this page.
    package let resources: [StoredResource]
    /// Where a page by cursor ended; nil when it is the last, and on a page by index.
    package let next: PagePosition?

    /// A page.
    package init(totalResults: Int, resources: [StoredResource], next: PagePosition? = nil) {
        self.totalResults = totalResults
        self.resources = resources
        self.next = next
    }
}

/// A resource to be added.
package struct Creation: Sendable {
    /// What the client sent, checked.
    package let resource: ValidatedResource
    /// The id it gets when it is new.
    package let id: ResourceID
    /// The target group it joins when it is new.
    package let targetGroup: TargetGroup.ID?
    /// When the write happens.
    package let now: Timestamp
    /// Whether the new learner belongs to the viewer's connection; false for an import.
    package let isManaged: Bool
    /// What an unmanaged learner of the same `userName` becomes; nil refuses instead.
    package let associating: (@Sendable (StoredResource) throws(SCIMError) -> ValidatedResource)?
    /// Which members of a new group come along with the answer.
    package let members: MemberDemand
    /// Who gets an entry of the activity log in the same transaction; nil leaves none.
    package var origin: ActivityOrigin?
    /// What the client named that is not stored: for the entry.
    package var notes: [Note] = []
    /// The answer that waits for it: for the entry.
    package var answer: AwaitedAnswer?

    /// A creation.
    package init(
        resource: ValidatedResource,
        id: ResourceID,
        targetGroup: TargetGroup.ID?,
        now: Timestamp,
        isManaged: Bool,
        associating: (@Sendable (StoredResource) throws(SCIMError) -> ValidatedResource)?,
        members: MemberDemand = .none
    ) {
        self.resource = resource
        self.id = id
        self.targetGroup = targetGroup
        self.now = now
        self.isManaged = isManaged
        self.associating = associating
        self.members = members
    }
}

/// What a creation did.
package struct Created: Sendable {
    /// The resource as it now is.
    package let resource: StoredResource
    /// Whether an unmanaged learner was associated rather than a new one made.
    package let isAssociated: Bool

    /// A result.
    package init(resource: StoredResource, isAssociated: Bool) {
        self.resource = resource
        self.isAssociated = isAssociated
    }
}

/// A change of one resource, decided by a pure function inside the store's transaction.
package struct Change: Sendable {
    /// User or Group.
    package let type: ResourceType.Name
    /// Which one.
    package let id: ResourceID
    /// When the write happens.
    package let now: Timestamp
    /// Which of a group's members come along with the answer.
    package let members: MemberDemand
    /// Who gets an entry of the activity log in the same transaction; nil leaves none.
    package var origin: ActivityOrigin?
    /// What the client named that is not stored, as far as reading the request told: for the entry.
    package var notes: [Note] = []
    /// The answer that waits for it: for the entry.
    package var answer: AwaitedAnswer?
    /// What the resource becomes.
    ///
    /// It may run again when the store tries a transaction again, so it has no effects of its own.
    package let deciding: @Sendable (Current) throws(SCIMError) -> Decision

    /// A change.
    package init(
        type: ResourceType.Name,
        id: ResourceID,
        now: Timestamp,
        members: MemberDemand = .none,
        deciding: @escaping @Sendable (Current) throws(SCIMError) -> Decision
    ) {
        self.type = type
        self.id = id
        self.now = now
        self.members = members
        self.deciding = deciding
    }

    /// What a change makes of the state that it meets.
    package struct Decision: Sendable {
        /// What the resource becomes; nil stores nothing, and the answer is the resource as it is.
        package let resource: ValidatedResource?
        /// The attributes that change, for the activity log.
        package let changed: [String]
        /// What the decision left out, or found already so.
        package let notes: [Note]

        /// A decision.
        package init(_ resource: ValidatedResource?, changed: [String] = [], notes: [Note] = []) {
            self.resource = resource
            self.changed = changed
            self.notes = notes
        }
    }

    /// The state that a write meets.
    package struct Current: Sendable {
        /// The resource, derived for the viewer.
        package let resource: StoredResource
        /// The connection that manages it; nil is an unmanaged learner.
        package let owner: Connection.ID?
        /// Whether it is a group of the tenant's file: its name, and that it is there, are the operator's.
        package let isTargetGroup: Bool

        /// A state.
        package init(resource: StoredResource, owner: Connection.ID?, isTargetGroup: Bool) {
            self.resource = resource
            self.owner = owner
            self.isTargetGroup = isTargetGroup
        }
    }
}

/// What a change did.
package struct Changed: Sendable {
    /// The resource as it now is.
    package let resource: StoredResource
    /// Whether anything was stored: a write that finds all as it was to be leaves the version, and no entry.
    package let isStored: Bool
    /// How many of its edits of members found all members as they were to be.
    package let idleMemberEdits: Int
    /// What the decision left out, or found already so.
    package let notes: [Note]
    /// What the change is called; nil when nothing was stored.
    package let kind: ActivityKind?

    /// A result.
    package init(
        resource: StoredResource,
        kind: ActivityKind?,
        idleMemberEdits: Int,
        notes: [Note]
    ) {
        self.resource = resource
        self.kind = kind
        self.isStored = kind != nil
        self.idleMemberEdits = idleMemberEdits
        self.notes = notes
    }
}

/// A deletion.
package struct Deletion: Sendable {
    /// User or Group.
    package let type: ResourceType.Name
    /// Which one.
    package let id: ResourceID
    /// When it happens.
    package let now: Timestamp
    /// Who gets an entry of the activity log in the same transaction; nil leaves none.
    package var origin: ActivityOrigin?
    /// The answer that waits for it: for the entry.
    package var answer: AwaitedAnswer?
    /// Refuses the deletion by throwing (a version that is old, a foreign owner).
    package let checking: @Sendable (Change.Current) throws(SCIMError) -> Void

    /// A deletion.
    package init(
        type: ResourceType.Name,
        id: ResourceID,
        now: Timestamp,
        checking: @escaping @Sendable (Change.Current) throws(SCIMError) -> Void
    ) {
        self.type = type
        self.id = id
        self.now = now
        self.checking = checking
    }
}
