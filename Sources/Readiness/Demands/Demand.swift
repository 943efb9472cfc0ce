/// One thing that a cloud profile demands, and what came of it.
///
/// ```
/// {"name": "Key exchange", "demanded": "P-256, P-384", "state": "enforced", "reason": "no other group is negotiated"}
/// ```
package struct Demand: Codable, Sendable, Equatable {
    /// What it is about.
    package var name: String
    /// What is demanded.
    package var demanded: String
    /// What came of it.
    package var state: State
    /// What enforces it, what the operator attests, or what is missing.
    package var reason: String

    /// What came of a demand.
    package enum State: String, Codable, Sendable, CaseIterable {
        /// The gateway does nothing without it.
        case enforced
        /// Nothing that the gateway could see: the operator vouches for it.
        case attested = "attested by the operator"
        /// Not so.
        case notMet = "not met"
    }

    /// A demand that the gateway enforces, and how.
    static func enforced(_ name: String, _ demanded: String, _ reason: String) -> Demand {
        Demand(name: name, demanded: demanded, state: .enforced, reason: reason)
    }

    /// A demand that the operator attests to have seen to.
    static func attested(_ name: String, _ demanded: String, _ reason: String) -> Demand {
        Demand(name: name, demanded: demanded, state: .attested, reason: reason)
    }

    /// A demand that is not met, and what is missing.
    static func notMet(_ name: String, _ demanded: String, _ reason: String) -> Demand {
        Demand(name: name, demanded: demanded, state: .notMet, reason: reason)
    }
}
