package import SCIM
import Synchronization
package import Tenancy

/// A tenant's resources in memory, for tests and demonstrations: the same rules as on disk, by plain scans.
///
/// A write works on a copy of the value and puts it back when it succeeds: a refused one leaves nothing behind.
package final class InMemoryTenantStore: TenantStore {
    private let state = Mutex(MemoryState())

    /// An empty store.
    package init() {}

    /// The resource of that id, derived for the viewer.
    package func resource(
        _ type: ResourceType.Name,
        id: ResourceID,
        for viewer: Viewer,
        members: MemberDemand
    ) async throws(StoreError) -> StoredResource? {
        let state = try read()
        return state.record(type, id).map { state.stored($0, for: viewer, members: members) }
    }

    /// The resources that match, oldest first.
    package func search(_ query: StoreQuery, for viewer: Viewer) async throws(StoreError) -> StoredPage {
        try read().page(query, for: viewer)
    }

    /// How many learners there are.
    package func learnerCounts() async throws(StoreError) -> LearnerCounts {
        try read().learnerCounts
    }

    /// Adds a resource, or associates an unmanaged learner.
    package func create(_ creation: Creation, for viewer: Viewer) async throws(StoreError) -> Created {
        try write { state throws(StoreError) in try state.create(creation, for: viewer) }
    }

    /// Adds many resources, one write after another.
    package func load(_ creations: [Creation], for viewer: Viewer) async -> [StoreError?] {
        creations.map { creation in
            do throws(StoreError) {
                _ = try write { state throws(StoreError) in try state.create(creation, for: viewer) }
                return nil
            } catch {
                return error
            }
        }
    }

    /// Changes one resource.
    package func change(_ change: Change, for viewer: Viewer) async throws(StoreError) -> Changed {
        try write { state throws(StoreError) in try state.change(change, for: viewer) }
    }

    /// Deletes one resource.
    package func delete(_ deletion: Deletion, for viewer: Viewer) async throws(StoreError) {
        try write { state throws(StoreError) in try state.delete(deletion, for: viewer) }
    }

    /// Brings the target groups of the tenant's file in.
    package func arrange(
        targetGroups: [TargetGroup],
        makingIDs: @escaping @Sendable () -> ResourceID,
        now: Timestamp
    )
        async throws(StoreError)
    {
        try write { state throws(StoreError) in
            try state.arrange(targetGroups, makingIDs: makingIDs, now: now)
        }
    }

    /// Makes the learners of removed connections unmanaged.
    package func release(learnersNotOf connections: [Connection.ID]) async throws(StoreError) {
        try write { state throws(StoreError) in state.release(learnersNotOf: Set(connections)) }
    }

    /// Removes the records of what was deleted before that moment.
    package func removeTombstones(deletedBefore moment: Timestamp) async throws(StoreError) -> Int {
        try write { state throws(StoreError) in
            let before = state.tombstones.count
            state.tombstones.removeAll { $0.deletedAt < moment }
            return before - state.tombstones.count
        }
    }

    /// Stores what happened beside the writes.
    package func record(_ entries: [ActivityEntry], reads: [ActivityReads]) async throws(StoreError) {
        try write { state throws(StoreError) in state.activity.add(entries, reads: reads) }
    }

    /// What happened, oldest first.
    package func activity(_ query: ActivityQuery) async throws(StoreError) -> ActivityPage {
        try read().activity.page(query)
    }

    /// Entries in memory are not chained: nobody but the process can change them.
    package func verifiedActivity() async throws(StoreError) -> ActivityVerdict {
        var verdict = ActivityVerdict(after: .start)
        verdict.unchained = try read().activity.entryCount
        return verdict
    }

    /// Removes what happened before that moment.
    package func removeActivity(before moment: Timestamp) async throws(StoreError) -> Int {
        try write { state throws(StoreError) in state.activity.remove(before: moment) }
    }

    /// Ends the store: everything after it is `.unavailable`.
    package func close() async {
        state.withLock { $0.isClosed = true }
    }

    /// The state, to read.
    func read() throws(StoreError) -> MemoryState {
        let value = state.withLock { $0 }
        guard !value.isClosed else { throw .unavailable("The store is closed.") }
        return value
    }

    /// Works on a copy of the state, which takes its place unless the work throws.
    func write<Result>(
        _ body: (inout MemoryState) throws(StoreError) -> Result
    ) throws(StoreError) -> sending Result where Result: Sendable {
        try state.withLock { state throws(StoreError) in
            guard !state.isClosed else { throw .unavailable("The store is closed.") }
            var next = state
            let result = try body(&next)
            state = next
            return result
        }
    }
}
