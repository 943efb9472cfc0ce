import CloudProfiles
import Store
import Tenancy

/// Counts the learners of the tenants whose stores are open, for the monitoring.
///
/// A store that nobody uses is not opened for it: its last count holds, since nobody writes to it. ``TenantUpkeep``, which
/// comes to each store within the hour, counts those that were not open since the start.
struct LearnerCounting: Sendable {
    let core: GatewayCore
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often it is counted: what a graph over days is read for may be a minute old.
    static let interval = Duration.seconds(60)

    /// How many times as long as it took nothing is counted: at most a hundredth of one processor goes into it, also where
    /// tenants have a million learners.
    static let restFactor = 100

    /// Works until the task is cancelled.
    func run() async {
        let rounds = RestingRounds(clock: clock, interval: Self.interval, restFactor: Self.restFactor)
        await rounds.run { await countAll() }
    }

    /// Counts, one store after the other.
    func countAll() async {
        for runtime in core.runtimes {
            let profile = runtime.profile.name
            runtime.learners.keepOnly { runtime.directory.tenant($0) != nil }
            for tenant in runtime.stores.openTenants(of: profile) {
                guard !Task.isCancelled else { return }
                guard let store = runtime.stores.openStore(of: tenant, profile) else { continue }
                // A store that cannot tell now is asked again: what is wrong with it is told to who needs it.
                guard let counts = try? await store.learnerCounts() else { continue }
                runtime.learners.keep(counts, of: tenant)
            }
        }
    }
}
