package import Dialects
import Synchronization
package import TLSTransport
package import Tenancy

/// What came and went on one event loop since the start, in numbers: counted there, read by the monitoring.
///
/// No other loop writes to it: a request costs a few additions to memory that its processor has at hand. The monitoring
/// adds up what the loops have counted.
package final class RequestTally: Sendable {
    /// By ``RequestShape``; most of them never come.
    private let latencies = InlineArray<3072, AtomicLazyReference<LatencyTally>> { _ in AtomicLazyReference()
    }
    private let unauthorized = InlineArray<16, Atomic<Int>> { _ in Atomic(0) }
    private let wrongClouds = Atomic(0)
    /// By ``RequestShape/methods``.
    private let inWork = InlineArray<8, Atomic<Int>> { _ in Atomic(0) }
    /// By ``StoreOperation``.
    private let storeTimes = InlineArray<6, LatencyTally> { _ in LatencyTally() }
    private let quirks = InlineArray<8, Atomic<Int>> { _ in Atomic(0) }
    private let outages = Atomic(0)
    /// By ``handshakeResults``.
    private let handshakes = InlineArray<3, LatencyTally> { _ in LatencyTally() }

    /// What comes of handshakes: the version that was agreed on, or none.
    package static let handshakeResults: [TLSVersion?] = [.tls12, .tls13, nil]

    /// The work on a request of that method (``RequestShape``) begins.
    package func began(_ method: Int) { inWork[method].wrappingAdd(1, ordering: .relaxed) }

    /// The work on a request of that method has ended.
    package func ended(_ method: Int) { inWork[method].wrappingSubtract(1, ordering: .relaxed) }

    /// Counts an operation that was with its tenant's store for so long.
    package func count(_ operation: StoreOperation, milliseconds: Int) {
        storeTimes[operation.rawValue].count(milliseconds: milliseconds)
    }

    /// Counts a request whose token opens something in another cloud.
    package func countWrongCloud() { wrongClouds.wrappingAdd(1, ordering: .relaxed) }

    /// Counts an answer that took so long.
    package func count(_ shape: RequestShape, milliseconds: Int) {
        let place = shape.place
        let latency = latencies[place].load() ?? latencies[place].storeIfNil(LatencyTally())
        latency.count(milliseconds: milliseconds)
    }

    /// Counts how a request departed.
    package func count(_ departures: [ClientQuirk]) {
        for quirk in departures {
            guard let place = ClientQuirk.allCases.firstIndex(of: quirk) else { continue }
            quirks[place].wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// Counts why a request was refused, where that is counted by itself.
    package func count(_ refusal: Refusal) {
        switch refusal {
        case .notAdmitted(.unauthorized(let reason, _)):
            guard let place = AdmissionRefusal.Reason.allCases.firstIndex(of: reason) else { return }
            unauthorized[place].wrappingAdd(1, ordering: .relaxed)
        case .unavailable: outages.wrappingAdd(1, ordering: .relaxed)
        default: break
        }
    }

    /// Counts a handshake that came to this version, or to none, in so many milliseconds.
    package func countHandshake(_ version: TLSVersion?, milliseconds: Int) {
        guard let place = Self.handshakeResults.firstIndex(of: version) else { return }
        handshakes[place].count(milliseconds: milliseconds)
    }
}

// MARK: - Reading

extension RequestTally {
    /// The times of the answers of a shape; nil when there was none.
    package func latency(at place: Int) -> LatencyTally.Counts? { latencies[place].load()?.counts }

    /// How many requests were not admitted for that reason.
    package func count(of reason: AdmissionRefusal.Reason) -> Int {
        AdmissionRefusal.Reason.allCases.firstIndex(of: reason).map {
            unauthorized[$0].load(ordering: .relaxed)
        } ?? 0
    }

    /// How many requests had a token of another cloud.
    package var countOfWrongClouds: Int { wrongClouds.load(ordering: .relaxed) }

    /// How many requests of a method are being worked on.
    package func inWork(_ method: Int) -> Int { inWork[method].load(ordering: .relaxed) }

    /// The times of the operations of that kind.
    package func times(of operation: StoreOperation) -> LatencyTally.Counts {
        storeTimes[operation.rawValue].counts
    }

    /// How many requests departed so.
    package func count(of quirk: ClientQuirk) -> Int {
        ClientQuirk.allCases.firstIndex(of: quirk).map { quirks[$0].load(ordering: .relaxed) } ?? 0
    }

    /// How many requests found their store away.
    package var countOfOutages: Int { outages.load(ordering: .relaxed) }

    /// The times of the handshakes that came to this version, or to none.
    package func handshakes(to version: TLSVersion?) -> LatencyTally.Counts {
        Self.handshakeResults.firstIndex(of: version).map { handshakes[$0].counts } ?? .init()
    }
}

/// The tallies of all event loops.
package struct RequestTallies: Sendable {
    /// By the number of the loop; at least one.
    package let loops: [RequestTally]

    /// A tally for each of so many loops.
    package init(loops count: Int) {
        loops = (0..<max(1, count)).map { _ in RequestTally() }
    }

    /// The tally of a loop; a loop beyond shares one, which is right all the same.
    package subscript(loop: Int) -> RequestTally { loops[loop % loops.count] }
}
