package import SCIM
import Synchronization

/// What operators do, in memory.
extension InMemoryTenantStore {
    /// A copy of the state.
    package func snapshot() async throws(StoreError) -> any StoreSnapshot {
        MemorySnapshot(state: try read())
    }

    /// Moves learners to another target group.
    package func move(_ learners: [ResourceID], by move: LearnerMove) async throws(StoreError) -> Int {
        try write { state throws(StoreError) in try state.move(learners, by: move) }
    }

    /// Makes a deleted resource of its record.
    package func restore(_ id: ResourceID, by restoration: Restoration) async throws(StoreError) -> Restored {
        try write { state throws(StoreError) in try state.restore(id, by: restoration) }
    }

    /// Removes a resource or its record for good.
    package func purge(_ id: ResourceID, by purge: Purge) async throws(StoreError) {
        try write { state throws(StoreError) in try state.purge(id, by: purge) }
    }

    /// Puts resources of an archive in.
    package func reinstate(_ resources: [ArchivedResource], noting entry: ActivityEntry?)
        async throws(StoreError) -> Int
    {
        try write { state throws(StoreError) in
            var count = 0
            for resource in resources where try state.reinstate(resource) { count += 1 }
            state.activity.add(entry)
            return count
        }
    }

    /// How many resources of an archive would be new.
    package func lacking(_ resources: [ArchivedResource]) async throws(StoreError) -> Int {
        let state = try read()
        var count = 0
        for resource in resources where try !state.holds(resource) { count += 1 }
        return count
    }

    /// Puts members of an archive into their groups.
    package func reinstate(_ memberships: [Membership], noting entry: ActivityEntry?)
        async throws(StoreError)
    {
        try write { state throws(StoreError) in
            for membership in memberships { try state.reinstate(membership) }
            state.activity.add(entry)
        }
    }

    /// Nothing: what was derived is derived anew whenever it is read, and there is no file.
    package func faults(upTo count: Int) async throws(StoreError) -> [StoreFault] {
        _ = try read()
        return []
    }

    /// Refused: there is no file to copy.
    package func copy(to path: String) async throws(StoreError) {
        throw .unavailable("A store in memory has no file.")
    }
}

/// The state of an ``InMemoryTenantStore`` at one moment.
private final class MemorySnapshot: StoreSnapshot {
    private let state: Mutex<MemoryState?>

    init(state: MemoryState) {
        self.state = Mutex(state)
    }

    func roster(_ query: RosterQuery) async throws(StoreError) -> RosterPage {
        try read().roster(query)
    }

    func memberships(after place: MembershipPlace, count: Int) async throws(StoreError) -> MembershipPage {
        try read().memberships(after: place, count: count)
    }

    func close() async { state.withLock { $0 = nil } }

    private func read() throws(StoreError) -> MemoryState {
        guard let state = state.withLock({ $0 }) else { throw .unavailable("The snapshot is closed.") }
        return state
    }
}
