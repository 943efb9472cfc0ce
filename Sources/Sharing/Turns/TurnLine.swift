import NIOCore
import Tenancy

/// Whose request is worked on next, as a pure machine: each method is an event and returns who may begin.
///
///     asked ─▶ begins ──────────────────────────────────────────▶ ended
///        └──▶ waits ─ its tenant's ceiling, its tenant's share ─▶ begins
///               │     and a place are free, in its tenant's turn
///               ├─ deadline ─▶ late
///               └─ its client is gone ─▶ left
///
/// Those of one tenant begin in the order in which they came. Tenants take turns: whoever has begun goes to the end of
/// the ring, and one that cannot begin keeps its place in it. A waiting request holds nothing. The time is an argument.
struct TurnLine {
    private let bounds: TurnLimits
    private var tenants: [Tenant.ID: TenantLine] = [:]
    /// The tenants with requests that wait, in the order in which they are served.
    private var ring: [Tenant.ID] = []
    private var nextTicket: Ticket = 1
    /// How many tenants are remembered before idle ones are looked for.
    private var crowd: Int
    /// Whether somebody waits for room for its body alone.
    private var isShortOfBytes = false

    /// Requests that are worked on: those with a turn, but for those that receive their body or wait in a bulk.
    private(set) var inWork = 0
    /// Bytes of bodies that are received or held.
    private(set) var bodyBytes = 0
    /// Requests that wait.
    private(set) var waiting = 0
    /// Bytes of their bodies that may be here already.
    private var aheadBytes = 0

    /// Numbers those that wait, in the order in which they came.
    typealias Ticket = UInt64

    /// What is asked for.
    enum Demand: Equatable {
        /// A request whose body has at most so many bytes.
        case request(bodyBytes: Int)
        /// One more operation of a request that has a turn.
        case operation
    }

    /// An empty line.
    init(_ bounds: TurnLimits) {
        self.bounds = bounds
        crowd = bounds.rememberedTenants
    }

    /// Tenants that something is known of.
    var rememberedTenants: Int { tenants.count }
}

// MARK: - Coming

extension TurnLine {
    /// What becomes of one that asks.
    enum Answer: Equatable {
        /// It begins at once.
        case begin
        /// It waits.
        case wait(Ticket)
        /// It does not get a turn.
        case refuse(TurnRefusal)
    }

    /// Somebody asks for a turn.
    mutating func asked(_ demand: Demand, _ tenant: Tenant.ID, _ limits: TenantLimits, now: NIODeadline)
        -> Answer
    {
        if tenants.count >= crowd { forgetIdle(now: now) }
        let hasRoom = hasRoom(for: demand)
        let hasPlace = hasRoom && inWork < bounds.inWork
        // In place, and once: taken out and put back, the tenant's line would be copied for each request.
        let mayBegin = tenants[tenant, default: TenantLine(limits, now: now)].asked(
            demand,
            limits,
            bounds,
            hasPlace: hasPlace,
            now: now
        )
        if mayBegin, hasPlace {
            took(demand)
            return .begin
        }
        if let refusal = refusal(of: demand, tenant, limits, now: now) { return .refuse(refusal) }
        if mayBegin, !hasRoom { isShortOfBytes = true }
        let ticket = nextTicket
        nextTicket += 1
        join(
            .init(
                ticket: ticket,
                demand: demand,
                deadline: now + TimeAmount(limits.queueTime),
                aheadBytes: aheadBytes(of: demand)
            ),
            of: tenant
        )
        return .wait(ticket)
    }

    /// Why one that cannot begin may not wait either.
    private func refusal(of demand: Demand, _ tenant: Tenant.ID, _ limits: TenantLimits, now: NIODeadline)
        -> TurnRefusal?
    {
        guard let line = tenants[tenant] else { return nil }
        let ahead = aheadBytes(of: demand)
        guard limits.queueTime > .zero, line.waiting.count < bounds.waitingOfTenant,
            line.aheadBytes + ahead <= bounds.bodyBytesOfTenant
        else {
            return .tooMany(retryAfterSeconds: line.retryAfter(bounds, now: now))
        }
        guard waiting < bounds.waiting, aheadBytes + ahead <= bounds.bodyBytes else {
            return .overloaded(retryAfterSeconds: Int(bounds.overloadRetrySeconds))
        }
        return nil
    }

    private mutating func join(_ newcomer: TenantLine.Waiting, of tenant: Tenant.ID) {
        waiting += 1
        aheadBytes += newcomer.aheadBytes
        tenants[tenant]?.joined(newcomer)
        if tenants[tenant]?.waiting.count == 1 { ring.append(tenant) }
    }

    private mutating func took(_ demand: Demand) {
        inWork += 1
        if case .request(let bytes) = demand { bodyBytes += bytes }
    }

    /// What of its body may be here while it waits.
    private func aheadBytes(of demand: Demand) -> Int {
        guard case .request(let bytes) = demand else { return 0 }
        return min(bytes, bounds.aheadBytes)
    }

    /// Whether there is room for its body; not while a larger one waits for room, which would wait for ever.
    private func hasRoom(for demand: Demand) -> Bool {
        guard case .request(let bytes) = demand, bytes > 0 else { return true }
        return !isShortOfBytes && (bodyBytes == 0 || bodyBytes + bytes <= bounds.bodyBytes)
    }

    /// A tenant that has nothing in work, nobody waiting and no debt is like one never seen.
    private mutating func forgetIdle(now: NIODeadline) {
        tenants = tenants.filter { !$0.value.isIdle(now: now) }
        crowd = max(bounds.rememberedTenants, 2 * tenants.count)
    }
}

// MARK: - Going

extension TurnLine {
    /// Time has passed, or room was made: those that may begin now.
    mutating func next(now: NIODeadline) -> [Ticket] {
        var begun: [Ticket] = []
        var index = 0
        isShortOfBytes = false
        while index < ring.count, inWork < bounds.inWork {
            let tenant = ring[index]
            guard let ticket = begin(tenant, now: now) else {
                index += 1
                continue
            }
            begun.append(ticket)
            ring.remove(at: index)
            if tenants[tenant]?.waiting.isEmpty == false { ring.append(tenant) }
        }
        return begun
    }

    /// The tenant's first that waits begins, if it may.
    private mutating func begin(_ tenant: Tenant.ID, now: NIODeadline) -> Ticket? {
        guard let first = tenants[tenant]?.waiting.first,
            tenants[tenant]?.mayBegin(first.demand, bounds, now: now) == true
        else { return nil }
        guard hasRoom(for: first.demand) else {
            isShortOfBytes = true
            return nil
        }
        leaves(first.ticket, of: tenant)
        tenants[tenant]?.began(first.demand, now: now)
        took(first.demand)
        return first.ticket
    }

    /// Those that have waited long enough, as many as are told at once, each with its refusal.
    ///
    /// ``next(now:)`` tells who may begin for that.
    mutating func late(now: NIODeadline) -> [(Ticket, TurnRefusal)] {
        var late: [(Ticket, TurnRefusal)] = []
        for tenant in ring {
            let limit = min(bounds.lateAtOnce, late.count + bounds.lateOfTenantAtOnce)
            while late.count < limit, let first = tenants[tenant]?.waiting.first,
                first.deadline <= now
            {
                leaves(first.ticket, of: tenant)
                let seconds = tenants[tenant]?.retryAfter(bounds, now: now) ?? 1
                late.append((first.ticket, .late(retryAfterSeconds: seconds)))
            }
        }
        if !late.isEmpty { ring.removeAll { tenants[$0]?.waiting.isEmpty != false } }
        return late
    }

    /// When time alone will change something; nil when nobody waits.
    func wakes(now: NIODeadline) -> NIODeadline? {
        let isFull = inWork >= bounds.inWork
        return ring.lazy.compactMap { tenants[$0]?.wakes(bounds, isFull: isFull, now: now) }.min()
    }

    /// The client of one that waited is gone.
    ///
    /// ``next(now:)`` tells who may begin for that.
    /// - Returns: Whether it still waited.
    mutating func left(_ ticket: Ticket, of tenant: Tenant.ID) -> Bool {
        guard leaves(ticket, of: tenant) else { return false }
        if tenants[tenant]?.waiting.isEmpty == true { ring.removeAll { $0 == tenant } }
        return true
    }

    /// One of those that wait does not any more.
    @discardableResult
    private mutating func leaves(_ ticket: Ticket, of tenant: Tenant.ID) -> Bool {
        guard let gone = tenants[tenant]?.left(ticket) else { return false }
        waiting -= 1
        aheadBytes -= gone.aheadBytes
        return true
    }

    /// The work on a request has ended.
    /// - Returns: Those that may begin now.
    mutating func ended(_ tenant: Tenant.ID, bodyBytes bytes: Int, now: NIODeadline) -> [Ticket] {
        let othersWait = inWork >= bounds.inWork || isShortOfBytes
        inWork -= 1
        bodyBytes -= bytes
        tenants[tenant]?.ended(bodyBytes: bytes)
        guard !ring.isEmpty, othersWait || tenants[tenant]?.waiting.isEmpty == false else { return [] }
        return next(now: now)
    }

    /// A request with a turn rests: its body is received, or it asks for its next operation.
    ///
    /// It keeps its part of the tenant's share, and others may have its place.
    /// - Returns: Those that may begin now.
    mutating func rests(now: NIODeadline) -> [Ticket] {
        let othersWait = inWork >= bounds.inWork
        inWork -= 1
        return othersWait && !ring.isEmpty ? next(now: now) : []
    }

    /// A request with a turn goes on after its rest, for a moment above the limit if need be.
    mutating func goesOn() {
        inWork += 1
    }
}
