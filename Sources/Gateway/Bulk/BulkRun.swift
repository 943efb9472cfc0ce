import Dialects
import SCIM

/// A bulk request on its way: one operation after the other, each as if it had come alone (RFC 7644 §3.7).
///
/// Each is interpreted, checked and stored by the steps of single requests, in a transaction of its own, and counts
/// against the tenant's ceiling like one. All that the operations of a request share is the names of what they make.
struct BulkRun {
    private let exchange: Exchange
    private let visit: Visit
    private let request: BulkRequest
    /// What the operations ask for, or why that is not to be had.
    private let writes: [Result<BulkWrite, Refusal>]
    /// The names that POSTs of this request bear.
    private let promised: Set<BulkID>
    /// The ids of what was made so far.
    private var made: [BulkID: ResourceID] = [:]
    /// What is still to be added to resources that were made without it.
    private var additions: [Int: BulkWrite] = [:]
    /// What became of the operations; nil where nothing was done.
    private var results: [BulkResponse.Result?]
    /// Whether the next operation has passed the ceiling already: the request itself has, for the first.
    private var hasPassed = true
    /// How many operations failed.
    private(set) var failures = 0
    /// What the operations that succeeded named and did not store.
    private var tally = NoteTally()
    /// How operations departed from the RFC and were understood all the same, each on its own account.
    private(set) var departures: [ClientQuirk] = []
    /// The operations that stored nothing, in the order in which they ended.
    private(set) var idle: [IdleOperation] = []
    /// The first refusal by a store that could not serve: its cause is for the log only.
    private(set) var outage: Refusal?

    /// A request that begins, to be performed by the exchange's own steps.
    init(of request: BulkRequest, _ visit: Visit, by exchange: Exchange) {
        self.exchange = exchange
        self.visit = visit
        self.request = request
        writes = request.operations.map { Self.write($0, visit) }
        promised = Set(request.operations.compactMap(\.makes))
        results = Array(repeating: nil, count: request.operations.count)
    }

    /// How many operations were done, or tried.
    var operations: Int { results.count { $0 != nil } }

    /// What the operations that succeeded named and did not store, as the notes of one request.
    var notes: [Note] { tally.notes }

    /// The answer: the request as a whole has succeeded, whatever became of its operations (RFC 7644 §3.7).
    var rendered: Rendering.Rendered {
        var rendered = Rendering.Rendered(
            status: 200,
            body: BulkResponse(results: results.compactMap { $0 }).body
        )
        rendered.notes = notes
        return rendered
    }

    /// Does everything, or stops after as many failures as the client accepts.
    mutating func performAll() async {
        for step in order.steps {
            switch step {
            case .perform(let index, let postponed):
                // Nobody reads the answer once the client has gone: what is not done then need not be found out.
                guard failures < request.failOnErrors ?? Int.max, !Task.isCancelled else { continue }
                await perform(index, postponing: postponed)
            case .complete(let index):
                // Even after a stop: what is to be completed was performed before it.
                await complete(index)
            }
        }
    }

    /// An operation that cannot be performed needs nobody to be made first.
    private var order: BulkOrder {
        BulkOrder(
            zip(request.operations, writes).map { operation, write in
                guard case .success(let write) = write else {
                    return .init(makes: operation.makes, references: [])
                }
                return .init(makes: operation.makes, references: write.references)
            }
        )
    }

    private static func write(_ operation: BulkOperation, _ visit: Visit) -> Result<BulkWrite, Refusal> {
        do throws(Refusal) {
            return .success(try .reading(try operation.call.mapError(Refusal.scim).get(), below: visit))
        } catch {
            return .failure(error)
        }
    }
}

// MARK: - One operation

extension BulkRun {
    private mutating func perform(_ index: Int, postponing names: Set<BulkID>) async {
        do throws(Refusal) {
            try await pass()
            var write = try writes[index].get()
            try visit.requireWrites(to: write.type)
            var later: BulkBody?
            if case .create(let type, let body) = write, !names.isEmpty {
                let parts = body.parted(awaiting: names)
                write = .create(type, parts.now)
                later = parts.later
            }
            let outcome = try await outcome(of: write)
            if case .changed(let resource, isStored: false, _) = outcome {
                idle.append(IdleOperation(type: resource.type, id: resource.id, refusal: nil))
            }
            if case .created(let resource) = outcome, let name = request.operations[index].makes {
                made[name] = resource.id
                additions[index] = later.map { .patch(resource.type, resource.id, $0, .none) }
            }
            succeeded(index, visit.rendering.withoutBody(outcome))
        } catch {
            failed(index, error)
        }
    }

    /// Adds what a resource was made without (RFC 7644 §3.7.1).
    ///
    /// The resource stays when that fails, since others have its id by now: the answer is 409 with its location.
    private mutating func complete(_ index: Int) async {
        guard let addition = additions.removeValue(forKey: index) else { return }
        do throws(Refusal) {
            try await pass()
            let outcome = try await outcome(of: addition)
            results[index]?.version = visit.rendering.withoutBody(outcome).etag
        } catch {
            failures += 1
            results[index]?.version = nil
            results[index]?.ending = .failed(.incomplete)
            noteRefusal(index, error)
        }
    }

    /// Waits for the tenant's turn, as each single request does.
    private mutating func pass() async throws(Refusal) {
        guard !hasPassed else {
            hasPassed = false
            return
        }
        try await exchange.nextOperation(of: visit.turn)
    }

    /// Steps 6 to 8 of the request's way.
    private mutating func outcome(of write: BulkWrite) async throws(Refusal) -> SCIMOutcome {
        let interpreted: Interpretation.Interpreted
        do throws(SCIMError) {
            interpreted = try write.interpreted(by: visit.interpretation) { name throws(SCIMError) in
                guard let id = made[name] else {
                    throw .unresolved(name, isPromised: promised.contains(name))
                }
                return id
            }
        } catch {
            throw Refusal.scim(error)
        }
        departures += interpreted.quirks
        let outcome = try await exchange.outcome(of: interpreted, visit, showing: MemberDemand.none)
        for note in interpreted.notes(with: outcome) { tally.add(note) }
        return outcome
    }
}

// MARK: - What became of it

extension BulkRun {
    private mutating func succeeded(_ index: Int, _ rendered: Rendering.Rendered) {
        var result = BulkResponse.Result(of: request.operations[index], .done(status: rendered.status))
        result.location = rendered.location ?? location(of: index)
        result.version = rendered.etag
        results[index] = result
    }

    private mutating func failed(_ index: Int, _ refusal: Refusal) {
        failures += 1
        var result = BulkResponse.Result(of: request.operations[index], .failed(refusal.scimError))
        result.location = location(of: index)
        results[index] = result
        noteRefusal(index, refusal)
    }

    /// Where the resource is that an operation works on; nil for a POST, and for a reference that stands for nothing.
    ///
    /// An id that nobody has is told back when it looks like an id. Other text is not: it would have to be escaped to
    /// stand in an address, and no resource has it.
    private func location(of index: Int) -> String? {
        guard case .success(let write) = writes[index], let target = write.target else { return nil }
        if let name = BulkID(reference: target.text) {
            return made[name].map { ResourceReference.location(visit.locationPrefix, write.type, $0) }
        }
        guard target.text.utf8.allSatisfy(Self.isUnreserved) else { return nil }
        return ResourceReference.location(visit.locationPrefix, write.type, target)
    }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch TextOrder.asciiLowercased(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private mutating func noteRefusal(_ index: Int, _ refusal: Refusal) {
        // What cannot be read has no type of its own; most are about users.
        let write = try? writes[index].get()
        let target = write?.target.map { id in BulkID(reference: id.text).map { made[$0] } ?? id } ?? nil
        idle.append(IdleOperation(type: write?.type ?? .user, id: target, refusal: refusal))
        guard outage == nil, case .unavailable = refusal else { return }
        outage = refusal
    }
}
