import Synchronization

/// What the requests of one tenant were and did, since the start: counted by requests, read by the monitoring.
///
/// A tenant has one for as long as a file declares it: each new directory takes over those of the one before. A request
/// costs one atomic addition, to a number that the requests of few other loops add to: no lock, and little waiting for
/// one another's caches.
package final class TenantTally: Sendable {
    /// Kinds of what is told apart; a kind is a number below it.
    package static let kinds = 47
    /// Groups of loops that count by themselves: more would cost memory for each of thousands of tenants.
    private static let groups = 4

    private let counts: InlineArray<4, AtomicLazyReference<Counts>>

    /// The counts of a group of loops.
    private final class Counts: Sendable {
        let values = InlineArray<47, Atomic<Int>> { _ in Atomic(0) }
    }

    /// A tally of nothing.
    package init() {
        counts = InlineArray { _ in AtomicLazyReference() }
    }

    /// Counts one of that kind, of a request that came in on that loop.
    package func count(_ kind: Int, on loop: Int) {
        let group = loop % Self.groups
        let own = counts[group].load() ?? counts[group].storeIfNil(Counts())
        own.values[kind].wrappingAdd(1, ordering: .relaxed)
    }

    /// How many were of that kind.
    package func total(of kind: Int) -> Int {
        (0..<Self.groups).reduce(0) { sum, group in
            sum + (counts[group].load()?.values[kind].load(ordering: .relaxed) ?? 0)
        }
    }
}
