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

    /// How long an entry waits at most while its store serves: what a killed process may lose of reads and refusals.
    static let interval = Duration.seconds(1)
    /// Stores that are written at the same time, at most: two thirds of the writers' threads.
    static let mostAtOnce = 8
    /// Stores that are written one after another within half a second, about.
    static let inTurn = 250

    /// How many of so many stores are written at the same time: as few as are done before the second is over.
    ///
    /// Each takes a writers' thread for a sync of the disk, and clients' writes want both. Two at least: one store that is
    /// slow does not hold up all others.
    static func width(for stores: Int) -> Int { min(mostAtOnce, 2 + stores / inTurn) }

    /// Works until the task is cancelled; what a store does not take waits, and that is told once.
    func run() async {
        var waiting: Set<Tenant.ID> = []
        while !Task.isCancelled {
            let delayed = await core.storeActivity()
            for one in delayed where !waiting.contains(one.tenant) {
                tell(one, "activity cannot be stored now, and waits", event: "activity.waiting")
            }
            waiting = Set(delayed.map(\.tenant))
            do {
                try await clock.sleep(for: Self.interval)
            } catch {
                break
            }
        }
    }

    /// Stores what is left at the end; what no store takes is lost.
    func storeRest() async {
        for one in await core.storeActivity() {
            tell(one, "activity could not be stored", event: "activity.lost")
        }
    }

    private func tell(_ delayed: DelayedActivity, _ message: Logger.Message, event: String) {
        logger.error(
            message,
            metadata: [
                "event": .string(event), "scim.tenant": "\(delayed.tenant)",
                "count": .stringConvertible(delayed.count),
                "error.message": .string(delayed.error.operatorText),
            ]
        )
    }
}

/// Activity of one tenant that its store did not take.
package struct DelayedActivity: Sendable {
    /// Whose it is.
    let tenant: Tenant.ID
    /// Entries, and counts of a minute.
    let count: Int
    /// Why.
    let error: StoreError
}

extension DelayedActivity: CustomStringConvertible {
    /// One line for the terminal.
    package var description: String {
        "what was done is not in the activity of tenant \(tenant): \(error.operatorText)"
    }
}

extension GatewayCore {
    /// Stores what waits, of all tenants of which something is to be told; gives what no store took, which waits on.
    package func storeActivity() async -> [DelayedActivity] {
        var delayed: [DelayedActivity] = []
        for runtime in runtimes {
            let pending = runtime.activity.takeAll(now: runtime.now())
            let width = ActivityStoring.width(for: pending.count)
            await withTaskGroup(of: DelayedActivity?.self) { tasks in
                for (index, (tenant, what)) in pending.enumerated() {
                    if index >= width, let one = await tasks.next() ?? nil {
                        delayed.append(one)
                    }
                    tasks.addTask { await Self.store(what, of: tenant, runtime) }
                }
                for await case let one? in tasks { delayed.append(one) }
            }
        }
        return delayed
    }

    private static func store(_ what: ActivityQueue.Pending, of id: Tenant.ID, _ runtime: ProfileRuntime)
        async
        -> DelayedActivity?
    {
        // Its file may have gone since: then it has no store to be opened.
        guard let tenant = runtime.directory.tenants[id] else { return nil }
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "activity")
        do throws(StoreError) {
            try await runtime.stores.store(for: scope).record(what.entries, reads: what.reads)
            return nil
        } catch {
            runtime.activity.giveBack(what, of: id)
            return DelayedActivity(tenant: id, count: what.entries.count + what.reads.count, error: error)
        }
    }
}
