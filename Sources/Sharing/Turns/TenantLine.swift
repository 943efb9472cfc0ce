import NIOCore
import Tenancy

/// What one tenant has in work, and its requests that wait, oldest first.
struct TenantLine {
    /// The tenant's limits as of its last request: a reload holds from the next on.
    var limits: TenantLimits
    /// The request ceiling.
    var ceiling: Ceiling
    /// Requests that have a turn.
    var inWork = 0
    /// Bytes of their bodies.
    var bodyBytes = 0
    /// Requests that wait.
    private(set) var waiting = CircularBuffer<Waiting>(initialCapacity: 0)
    /// Bytes of their bodies that may be here already.
    private(set) var aheadBytes = 0

    /// A request that waits, or the next operation of one that has begun.
    struct Waiting: Equatable {
        /// Its number in the whole line.
        let ticket: TurnLine.Ticket
        /// What it waits for.
        let demand: TurnLine.Demand
        /// When it has waited long enough.
        let deadline: NIODeadline
        /// Bytes of its body that may be here already.
        let aheadBytes: Int
    }

    /// A line nobody stands in.
    init(_ limits: TenantLimits, now: NIODeadline) {
        self.limits = limits
        ceiling = Ceiling(now: now)
    }

    /// Somebody asks, and begins at once when all tenants together leave a place.
    /// - Returns: Whether the tenant's own limits, and those that came before, let it begin now.
    mutating func asked(
        _ demand: TurnLine.Demand,
        _ limits: TenantLimits,
        _ bounds: TurnLimits,
        hasPlace: Bool,
        now: NIODeadline
    )
        -> Bool
    {
        self.limits = limits
        guard waiting.isEmpty, mayBegin(demand, bounds, now: now) else { return false }
        if hasPlace { began(demand, now: now) }
        return true
    }

    /// Whether the tenant's own limits let it begin now.
    func mayBegin(_ demand: TurnLine.Demand, _ bounds: TurnLimits, now: NIODeadline) -> Bool {
        guard ceiling.opens(limits) <= now else { return false }
        switch demand {
        case .operation: return true
        case .request(let bytes):
            return inWork < bounds.inWorkOfTenant
                // One may always be held, so that a share below the largest body stops nobody for good.
                && (bodyBytes == 0 || bodyBytes + bytes <= bounds.bodyBytesOfTenant)
        }
    }

    /// Somebody begins to wait.
    mutating func joined(_ newcomer: Waiting) {
        waiting.append(newcomer)
        aheadBytes += newcomer.aheadBytes
    }

    /// One of those that wait does not any more; nil when it has not waited.
    mutating func left(_ ticket: TurnLine.Ticket) -> Waiting? {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        aheadBytes -= waiting[index].aheadBytes
        return waiting.remove(at: index)
    }

    /// It begins.
    mutating func began(_ demand: TurnLine.Demand, now: NIODeadline) {
        ceiling.passed(limits, now: now)
        guard case .request(let bytes) = demand else { return }
        inWork += 1
        bodyBytes += bytes
    }

    /// The work on one has ended.
    mutating func ended(bodyBytes bytes: Int) {
        inWork -= 1
        bodyBytes -= bytes
    }

    /// When the first of those that wait must be looked at again; nil when nobody waits.
    ///
    /// `isFull` tells that all tenants' places are taken: whoever ends makes that it is looked at.
    func wakes(_ bounds: TurnLimits, isFull: Bool, now: NIODeadline) -> NIODeadline? {
        guard let first = waiting.first else { return nil }
        let opens = ceiling.opens(limits)
        if opens > now { return min(opens, first.deadline) }
        // The ceiling may have opened since the line was last looked at.
        return !isFull && mayBegin(first.demand, bounds, now: now) ? now : first.deadline
    }

    /// Seconds until all that wait would have passed the ceiling.
    func retryAfter(_ bounds: TurnLimits, now: NIODeadline) -> Int {
        let opens = ceiling.opens(limits)
        let behind = Ceiling.interval(limits) * waiting.count
        let wait = (opens > now ? opens - now : .zero) + behind
        let seconds = (wait.nanoseconds + 999_999_999) / 1_000_000_000
        return Int(min(max(1, seconds), bounds.retrySeconds))
    }

    /// Whether forgetting it changes nothing.
    func isIdle(now: NIODeadline) -> Bool {
        inWork == 0 && waiting.isEmpty && ceiling.isIdle(now: now)
    }
}
