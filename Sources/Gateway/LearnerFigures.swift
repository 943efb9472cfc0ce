package import Store
import Synchronization
package import Tenancy

/// How many learners the tenants of a profile have, as they were last counted: what the monitoring reads, so that it opens
/// no store and counts nothing itself.
package final class LearnerFigures: Sendable {
    private let counts = Mutex<[Tenant.ID: LearnerCounts]>([:])

    /// Nobody's were counted yet.
    package init() {}

    /// A tenant's learners; nil before they were counted.
    package func counts(of tenant: Tenant.ID) -> LearnerCounts? { counts.withLock { $0[tenant] } }

    /// Keeps what was counted.
    package func keep(_ counted: LearnerCounts, of tenant: Tenant.ID) {
        counts.withLock { $0[tenant] = counted }
    }

    /// Forgets tenants that no file declares any more.
    package func keepOnly(_ isDeclared: (Tenant.ID) -> Bool) {
        counts.withLock { counts in counts = counts.filter { isDeclared($0.key) } }
    }
}
