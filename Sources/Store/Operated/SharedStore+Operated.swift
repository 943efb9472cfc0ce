import SCIM

/// What operators ask of a store that others use too.
extension SharedStore {
    func snapshot() async throws(StoreError) -> any StoreSnapshot {
        SharedSnapshot(actual: try await actual.snapshot(), store: self)
    }

    func move(_ learners: [ResourceID], by move: LearnerMove) async throws(StoreError) -> Int {
        try await actual.move(learners, by: move)
    }

    func restore(_ id: ResourceID, by restoration: Restoration) async throws(StoreError) -> Restored {
        try await actual.restore(id, by: restoration)
    }

    func purge(_ id: ResourceID, by purge: Purge) async throws(StoreError) {
        try await actual.purge(id, by: purge)
    }

    func reinstate(_ resources: [ArchivedResource], noting entry: ActivityEntry?) async throws(StoreError)
        -> Int
    {
        try await actual.reinstate(resources, noting: entry)
    }

    func lacking(_ resources: [ArchivedResource]) async throws(StoreError) -> Int {
        try await actual.lacking(resources)
    }

    func reinstate(_ memberships: [Membership], noting entry: ActivityEntry?) async throws(StoreError) {
        try await actual.reinstate(memberships, noting: entry)
    }

    func faults(upTo count: Int) async throws(StoreError) -> [StoreFault] {
        try await actual.faults(upTo: count)
    }

    func copy(to path: String) async throws(StoreError) {
        try await actual.copy(to: path)
    }
}

/// A snapshot that keeps its store in use: the store is not closed before it.
private struct SharedSnapshot: StoreSnapshot {
    let actual: any StoreSnapshot
    /// Only held.
    let store: SharedStore

    func roster(_ query: RosterQuery) async throws(StoreError) -> RosterPage {
        try await actual.roster(query)
    }

    func memberships(after place: MembershipPlace, count: Int) async throws(StoreError) -> MembershipPage {
        try await actual.memberships(after: place, count: count)
    }

    func close() async { await actual.close() }
}
