import CloudProfiles
import Crypto
import Logging
import SCIM
import Store
import Tenancy

/// What is done for tenants in the background: records of deleted learners, and of what happened, are removed after their
/// retention, and learners are counted for the monitoring.
struct TenantUpkeep: Sendable {
    let core: GatewayCore
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How often each tenant is looked at: retention is counted in days, so an hour late does not matter.
    static let interval = Duration.seconds(3_600)

    /// Works until the task is cancelled.
    ///
    /// One tenant after the other with pauses, the first one before the first: no store is opened because the gateway
    /// starts, and ten thousand are not opened at once.
    func run() async {
        while !Task.isCancelled {
            let tenants = await tenantsWithStores
            let pause = Self.interval / max(1, tenants.count)
            do {
                if tenants.isEmpty { try await clock.sleep(for: pause) }
                for (runtime, tenant) in tenants {
                    try await clock.sleep(for: pause)
                    await removeOldRecords(of: tenant, runtime)
                }
            } catch {
                return
            }
        }
    }

    /// A tenant that nothing was ever stored for has nothing to remove, and gets no store for it.
    private var tenantsWithStores: [(ProfileRuntime, Tenant.ID)] {
        get async {
            let (runtimes, making) = (core.runtimes, core.making)
            return await GatewayCore.onThreads {
                runtimes.flatMap { runtime in making.existing(runtime.profile.name).map { (runtime, $0) } }
            }
        }
    }

    /// Removes what is old of one tenant.
    ///
    /// A store that cannot be opened is told, and stops no other.
    func removeOldRecords(of id: Tenant.ID, _ runtime: ProfileRuntime) async {
        guard let tenant = runtime.directory.tenant(id) else { return }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "upkeep")
        do throws(StoreError) {
            try await removeOldActivity(of: scope, runtime)
            let removed = try await runtime.stores.removeTombstones(of: scope)
            runtime.learners.keep(try await runtime.stores.store(for: scope).learnerCounts(), of: id)
            guard removed > 0 else { return }
            logger.info(
                "records of deleted resources removed",
                metadata: [
                    "event": "store.tombstones_removed", "scim.tenant": "\(tenant.id)",
                    "count": .stringConvertible(removed),
                ]
            )
        } catch {
            logger.storeUnavailable(
                "a tenant's store cannot be opened",
                error,
                at: ["scim.tenant": "\(tenant.id)"]
            )
        }
    }

    private func removeOldActivity(of scope: TenantScope, _ runtime: ProfileRuntime) async throws(StoreError)
    {
        let retention = core.settings.activityRetention.components.seconds * 1_000
        let moment = Timestamp(milliseconds: runtime.now().milliseconds - retention)
        let removed = try await runtime.stores.store(for: scope).removeActivity(before: moment)
        guard removed > 0 else { return }
        logger.info(
            "old activity removed",
            metadata: [
                "event": "activity.removed", "scim.tenant": "\(scope.tenant.id)",
                "count": .stringConvertible(removed),
            ]
        )
    }
}
