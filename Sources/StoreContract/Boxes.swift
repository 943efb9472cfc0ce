import SCIM
import Synchronization
import Tenancy

/// Carries a learner's owner out of a change.
final class OwnerBox: Sendable {
    private let value = Mutex<Connection.ID?>(nil)

    /// What was seen last.
    var owner: Connection.ID? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// Gives ids for target groups, ascending over the whole process: none twice in one store.
final class IDSequence: Sendable {
    private static let last = Atomic(1_000)

    /// The next id.
    func next() -> ResourceID {
        ContractStore.id(Self.last.add(1, ordering: .relaxed).newValue)
    }
}
