import SCIM
import Synchronization
import Tenancy

/// Carries what a change saw out of it.
final class Seen<Value: Sendable>: Sendable {
    private let seen: Mutex<Value>

    /// What is there before anything was seen.
    init(_ value: Value) {
        seen = Mutex(value)
    }

    /// What was seen last.
    var value: Value {
        get { seen.withLock { $0 } }
        set { seen.withLock { $0 = newValue } }
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
