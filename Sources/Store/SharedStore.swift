import SCIM
import Tenancy

/// A tenant's open store as ``TenantStores`` gives it out: the same object to all who use it, counted by its references.
final class SharedStore: TenantStore {
    /// The store that does the work.
    let actual: any TenantStore

    init(_ actual: any TenantStore) {
        self.actual = actual
    }

    func resource(_ type: ResourceType.Name, id: ResourceID, for viewer: Viewer, members: MemberDemand)
        async throws(StoreError) -> StoredResource?
    {
        try await actual.resource(type, id: id, for: viewer, members: members)
    }

    func search(_ query: StoreQuery, for viewer: Viewer) async throws(StoreError) -> StoredPage {
        try await actual.search(query, for: viewer)
    }

    func learnerCounts() async throws(StoreError) -> LearnerCounts {
        try await actual.learnerCounts()
    }

    func create(_ creation: Creation, for viewer: Viewer) async throws(StoreError) -> Created {
        try await actual.create(creation, for: viewer)
    }

    func load(_ creations: [Creation], for viewer: Viewer) async -> [StoreError?] {
        await actual.load(creations, for: viewer)
    }

    func change(_ change: Change, for viewer: Viewer) async throws(StoreError) -> Changed {
        try await actual.change(change, for: viewer)
    }

    func delete(_ deletion: Deletion, for viewer: Viewer) async throws(StoreError) {
        try await actual.delete(deletion, for: viewer)
    }

    func arrange(targetGroups: [TargetGroup], makingIDs: @escaping @Sendable () -> ResourceID, now: Timestamp)
        async throws(StoreError)
    {
        try await actual.arrange(targetGroups: targetGroups, makingIDs: makingIDs, now: now)
    }

    func release(learnersNotOf connections: [Connection.ID]) async throws(StoreError) {
        try await actual.release(learnersNotOf: connections)
    }

    func removeTombstones(deletedBefore moment: Timestamp) async throws(StoreError) -> Int {
        try await actual.removeTombstones(deletedBefore: moment)
    }

    func record(_ entries: [ActivityEntry], reads: [ActivityReads]) async throws(StoreError) {
        try await actual.record(entries, reads: reads)
    }

    func activity(_ query: ActivityQuery) async throws(StoreError) -> ActivityPage {
        try await actual.activity(query)
    }

    func verifiedActivity() async throws(StoreError) -> ActivityVerdict {
        try await actual.verifiedActivity()
    }

    func removeActivity(before moment: Timestamp) async throws(StoreError) -> Int {
        try await actual.removeActivity(before: moment)
    }

    /// Nothing: others may use the store, and ``TenantStores`` alone closes it.
    func close() async {}
}
