import Logging
import SCIM
import Store
import Tenancy

/// Stores what waits in the queues, each second: with the tenant's next commit, never on a request's way.
struct ActivityStoring: Sendable {
    let core: GatewayCore
    let logger: Logger
    /// An argument, so that tests need not wait.
    let clock: any Clock<Duration>

    /// How long an entry waits at most: what a killed process may lose of reads and refusals.
    static let interval = Duration.seconds(1)
    /// Stores that are written at the same time: as many as there are writers' threads.
    static let width = 8

    /// Works until the task is cancelled, then stores what is left.
    func run() async {
        while !Task.isCancelled {
            await storeAll()
            do {
                try await clock.sleep(for: Self.interval)
            } catch {
                break
            }
        }
    }

    /// One round over all tenants of which something is to be told.
    func storeAll() async {
        for runtime in core.runtimes {
            let pending = runtime.activity.takeAll(now: runtime.now())
            await withTaskGroup(of: Void.self) { tasks in
                for (index, (tenant, what)) in pending.enumerated() {
                    if index >= Self.width { await tasks.next() }
                    tasks.addTask { await store(what, of: tenant, runtime) }
                }
            }
        }
    }

    private func store(_ what: ActivityQueue.Pending, of id: Tenant.ID, _ runtime: ProfileRuntime) async {
        // Its file may have gone since: then it has no store to be opened.
        guard let tenant = runtime.directory.tenants[id] else { return }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "activity")
        do throws(StoreError) {
            try await runtime.stores.store(for: scope).record(what.entries, reads: what.reads)
        } catch {
            logger.error(
                "activity could not be stored",
                metadata: [
                    "event": "activity.lost", "scim.tenant": "\(id)",
                    "count": .stringConvertible(what.entries.count + what.reads.count),
                    "error.message": .string(error.operatorText),
                ]
            )
        }
    }
}
