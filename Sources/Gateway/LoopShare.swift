import Linux
import SCIM

/// What of a request is worked on away from its event loop: whatever would keep the loop's other clients waiting.
///
/// A loop reads, answers and encrypts for many. One body of a thousand members that is interpreted there holds all of them
/// up for 2 ms; with it elsewhere, the p99 of another tenant beside such bodies went from 2.8 to 2.2 ms
/// (`deploy/bench --neighbours`). Small requests stay: there and back costs some 50 µs.
enum LoopShare {
    /// Whether a body of so many bytes is too much for the loop.
    static func isExceeded(byBody bytes: Int) -> Bool { bytes > GatewayLimits.loopBodyBytes }

    /// Whether the answer to an outcome is too much for the loop.
    static func isExceeded(byAnswer outcome: SCIMOutcome) -> Bool {
        switch outcome {
        case .created(let resource), .found(let resource), .changed(let resource, _, _):
            parts(of: resource) > GatewayLimits.loopAnswerParts
        case .page(let resources, _, _, _):
            resources.reduce(0) { $0 + parts(of: $1) } > GatewayLimits.loopAnswerParts
        case .notModified, .deleted: false
        }
    }

    /// Does work on the loop or, where its share is exceeded, on threads that stand back behind the loops.
    static func work<Value>(
        exceeding isExceeded: Bool,
        _ work: () async throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        guard isExceeded else { return try await work() }
        return try await BackgroundExecutor.shared.perform(work)
    }

    /// The resource, its members and its groups: each is some hundred bytes of the answer.
    private static func parts(of resource: StoredResource) -> Int {
        1 + (resource.members?.count ?? 0) + resource.groups.count
    }
}
