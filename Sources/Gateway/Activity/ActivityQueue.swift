import SCIM
package import Store
import Synchronization
package import Tenancy

/// What happened to a profile's tenants and is still to be stored: at most a second of it, and bounded.
///
/// Reads are counted per minute, connection and kind. Of refusals, a flood leaves the first ones and a count of the
/// others: neither a client in a loop nor a stranger who knows a token's id can fill a tenant's database.
package final class ActivityQueue: Sendable {
    private let pending = Mutex(State())

    /// What waits, by tenant.
    fileprivate struct State {
        var tenants: [Tenant.ID: Pending] = [:]
        var strangers: [Tenant.ID: Strangers] = [:]
    }

    /// What is to be stored for one tenant.
    struct Pending {
        /// What happened, oldest first.
        fileprivate(set) var entries: [ActivityEntry] = []
        /// Requests that are only counted.
        fileprivate(set) var reads: [ActivityReads] = []
        /// The last entry for which there was no room; its count is that of all of them.
        fileprivate var omitted: ActivityEntry?
    }

    /// Tokens of a tenant that opened nothing in the minute that runs.
    fileprivate struct Strangers {
        let minute: Int64
        var count = 0
        /// The last one past the limit; its count is that of all of them.
        var omitted: ActivityEntry?
    }

    /// Entries of one tenant that wait, and counts of its reads that wait for a store that is away: half a second of the
    /// ceiling that a tenant has unless told otherwise.
    static let waitingEntries = 250
    /// Entries a minute about tokens of one tenant that open nothing; further ones are counted.
    static let strangersPerMinute = 10

    /// Keeps an entry until it is stored.
    package func add(_ entry: ActivityEntry, of tenant: Tenant.ID) {
        pending.withLock { $0.add(entry, of: tenant) }
    }

    /// Counts a request that read something.
    func count(
        _ kind: ActivityKind,
        through connection: Connection.ID,
        of tenant: Tenant.ID,
        at now: Timestamp
    ) {
        pending.withLock { state in
            state.tenants[tenant, default: Pending()].count(ActivityReads(kind, through: connection, at: now))
        }
    }

    /// Keeps an entry about a token that opens nothing: whoever shows it has proved nothing.
    func add(stranger entry: ActivityEntry, of tenant: Tenant.ID) {
        let minute = entry.time.milliseconds / ActivityReads.span
        pending.withLock { state in
            if state.strangers[tenant]?.minute != minute {
                state.endMinute(of: tenant)
                state.strangers[tenant] = Strangers(minute: minute)
            }
            let isKept = state.strangers[tenant]?.take(entry) ?? false
            if isKept { state.add(entry, of: tenant) }
        }
    }

    /// Takes back what no store has taken: it is older than what came meanwhile.
    func giveBack(_ what: Pending, of tenant: Tenant.ID) {
        pending.withLock { state in
            var joined = what
            if let later = state.tenants[tenant] { joined.add(later) }
            state.tenants[tenant] = joined
        }
    }

    /// Takes everything out that is to be stored now.
    func takeAll(now: Timestamp) -> [Tenant.ID: Pending] {
        pending.withLock { state in
            let minute = now.milliseconds / ActivityReads.span
            for (tenant, strangers) in state.strangers where strangers.minute != minute {
                state.endMinute(of: tenant)
            }
            defer { state.tenants = [:] }
            return state.tenants.mapValues(\.closed)
        }
    }
}

extension ActivityQueue.State {
    fileprivate mutating func add(_ entry: ActivityEntry, of tenant: Tenant.ID) {
        tenants[tenant, default: ActivityQueue.Pending()].add(entry)
    }

    /// Tells how many more there were in a minute that is over.
    fileprivate mutating func endMinute(of tenant: Tenant.ID) {
        guard let omitted = strangers.removeValue(forKey: tenant)?.omitted else { return }
        add(omitted, of: tenant)
    }
}

extension ActivityQueue.Pending {
    fileprivate mutating func add(_ entry: ActivityEntry) {
        guard entries.count >= ActivityQueue.waitingEntries else { return entries.append(entry) }
        omitted = entry.standing(forOneMoreThan: omitted)
    }

    fileprivate mutating func count(_ one: ActivityReads) {
        let same = reads.firstIndex {
            $0.kind == one.kind && $0.minute == one.minute && $0.connection == one.connection
        }
        guard let same else { return reads.append(one) }
        reads[same].count += 1
        reads[same].last = max(reads[same].last, one.last)
    }

    /// Adds what came later, as far as there is room.
    fileprivate mutating func add(_ later: ActivityQueue.Pending) {
        for entry in later.entries { add(entry) }
        if let more = later.omitted { omitted = more.standing(forOneMoreThan: omitted) }
        for counted in later.reads {
            let same = reads.firstIndex {
                $0.kind == counted.kind && $0.minute == counted.minute && $0.connection == counted.connection
            }
            if let same {
                reads[same].count += counted.count
                reads[same].last = max(reads[same].last, counted.last)
            } else if reads.count < ActivityQueue.waitingEntries {
                reads.append(counted)
            }
        }
    }

    /// With the entry that stands for those without room.
    fileprivate var closed: ActivityQueue.Pending {
        var closed = self
        if let omitted { closed.entries.append(omitted) }
        closed.omitted = nil
        return closed
    }
}

extension ActivityQueue.Strangers {
    /// Whether the entry is to be kept by itself.
    fileprivate mutating func take(_ entry: ActivityEntry) -> Bool {
        count += 1
        guard count > ActivityQueue.strangersPerMinute else { return true }
        omitted = entry.standing(forOneMoreThan: omitted)
        return false
    }
}

extension ActivityEntry {
    /// The same, standing for itself and for what another entry stands for.
    fileprivate func standing(forOneMoreThan other: ActivityEntry?) -> ActivityEntry {
        var entry = self
        entry.count += other?.count ?? 0
        return entry
    }
}
