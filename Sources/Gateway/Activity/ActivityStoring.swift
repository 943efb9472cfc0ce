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

    /// One round over all tenants of which something is to be told; what is lost is in the log.
    func storeAll() async {
        for loss in await core.storeActivity() {
            logger.error(
                "activity could not be stored",
                metadata: [
                    "event": "activity.lost", "scim.tenant": "\(loss.tenant)",
                    "count": .stringConvertible(loss.count),
                    "error.message": .string(loss.error.operatorText),
                ]
            )
        }
    }
}

/// Activity of one tenant that no store took.
package struct LostActivity: Sendable {
    /// Whose it is.
    let tenant: Tenant.ID
    /// Entries, and counts of a minute.
    let count: Int
    /// Why.
    let error: StoreError
}

extension LostActivity: CustomStringConvertible {
    /// One line for the terminal.
    package var description: String {
        "what was done is not in the activity of tenant \(tenant): \(error.operatorText)"
    }
}

extension GatewayCore {
    /// Stores what waits, of all tenants of which something is to be told; gives what no store took.
    package func storeActivity() async -> [LostActivity] {
        var lost: [LostActivity] = []
        for runtime in runtimes {
            let pending = runtime.activity.takeAll(now: runtime.now())
            await withTaskGroup(of: LostActivity?.self) { tasks in
                for (index, (tenant, what)) in pending.enumerated() {
                    if index >= ActivityStoring.width, let loss = await tasks.next() {
                        lost += [loss].compactMap { $0 }
                    }
                    tasks.addTask { await Self.store(what, of: tenant, runtime) }
                }
                for await loss in tasks { lost += [loss].compactMap { $0 } }
            }
        }
        return lost
    }

    private static func store(_ what: ActivityQueue.Pending, of id: Tenant.ID, _ runtime: ProfileRuntime)
        async
        -> LostActivity?
    {
        // Its file may have gone since: then it has no store to be opened.
        guard let tenant = runtime.directory.tenants[id] else { return nil }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "activity")
        do throws(StoreError) {
            try await runtime.stores.store(for: scope).record(what.entries, reads: what.reads)
            return nil
        } catch {
            return LostActivity(tenant: id, count: what.entries.count + what.reads.count, error: error)
        }
    }
}
