import SCIM
import Store

/// What an order about deleted learners would do to one after the other, as far as one moment of the store tells.
///
/// It remembers what it foresaw: what the order did to a learner before counts for the next one.
struct Foresight {
    private let snapshot: any StoreSnapshot
    /// Whose records the order would have used up.
    private var done: Set<ResourceID> = []
    /// Who would have a folded `userName` again.
    private var holders: [[UInt8]: ResourceID] = [:]

    /// Begins at a moment of the store.
    init(_ snapshot: any StoreSnapshot) {
        self.snapshot = snapshot
    }

    /// Why a learner would not come back; nil when it would.
    mutating func refusal(restoring id: ResourceID) async throws(StoreError) -> StoreError? {
        guard let deleted = try await entry(.deleted, "id", id.text), !done.contains(id) else {
            return .notFound
        }
        if let name = deleted.resource.view(locationPrefix: "").core.string("userName") {
            let folded = Array(CaseFolding.fold(name).utf8)
            let living = try await entry(.living, "userName", name)?.resource.id
            if let holder = living ?? holders[folded] { return Restoration.refusal(heldBy: holder) }
            holders[folded] = id
        }
        done.insert(id)
        return nil
    }

    /// Why a learner would not go for good; nil when it would.
    mutating func refusal(purging id: ResourceID, includesLiving: Bool) async throws(StoreError)
        -> StoreError?
    {
        guard !done.contains(id) else { return .notFound }
        if try await entry(.living, "id", id.text) != nil {
            guard includesLiving else { return Purge.isLiving }
        } else if try await entry(.deleted, "id", id.text) == nil {
            return .notFound
        }
        done.insert(id)
        return nil
    }

    private func entry(_ kind: RosterQuery.Kind, _ attribute: String, _ value: String)
        async throws(StoreError)
        -> RosterEntry?
    {
        guard let query = RosterQuery(kind, where: attribute, is: value) else { return nil }
        return try await snapshot.first(query)
    }
}
