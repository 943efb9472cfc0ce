/// How long answers took, kind by kind, and what was refused.
package struct LatencyTally: Sendable {
    private var times: [Kind: [Int]] = [:]
    private var refused: [String: Int] = [:]

    /// A kind of request.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Looking a learner up by userName.
        case filter
        /// Making one.
        case create
        /// Changing one.
        case change
        /// Switching one off.
        case disable
        /// Deleting one.
        case delete
    }

    /// The figures of one kind.
    package struct Row: Codable, Sendable, Equatable {
        /// The kind.
        package let kind: Kind
        /// How many answers there were, refusals included.
        package let count: Int
        /// Half of the answers took no longer, milliseconds.
        package let p50: Double
        /// 95 of 100 took no longer.
        package let p95: Double
        /// 99 of 100 took no longer.
        package let p99: Double
        /// The slowest.
        package let most: Double
    }

    /// Nothing yet.
    package init() {}

    /// An answer of that kind came after so many microseconds.
    package mutating func add(_ kind: Kind, microseconds: Int) {
        times[kind, default: []].append(microseconds)
    }

    /// A request of that kind was not answered as it should: a status, or why no answer came.
    package mutating func refuse(_ kind: Kind, _ reason: String) {
        refused["\(kind.rawValue) \(reason)", default: 0] += 1
    }

    /// Adds what another one counted.
    package mutating func add(_ other: LatencyTally) {
        times.merge(other.times) { $0 + $1 }
        refused.merge(other.refused) { $0 + $1 }
    }

    /// The figures, in the order of a learner's life.
    package var rows: [Row] {
        Kind.allCases.compactMap { kind in
            guard let sorted = times[kind]?.sorted(), let most = sorted.last else { return nil }
            func rank(_ percent: Int) -> Double {
                // The nearest rank: the smallest value that so many of a hundred do not exceed.
                Self.milliseconds(sorted[(sorted.count * percent + 99) / 100 - 1])
            }
            return Row(
                kind: kind,
                count: sorted.count,
                p50: rank(50),
                p95: rank(95),
                p99: rank(99),
                most: Self.milliseconds(most)
            )
        }
    }

    /// What was not answered as it should be, with how often: `create 409`.
    package var refusals: [(what: String, count: Int)] {
        refused.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// How many requests were not answered as they should be.
    package var refusalCount: Int { refused.values.reduce(0, +) }

    /// To a tenth.
    private static func milliseconds(_ microseconds: Int) -> Double {
        Double((microseconds + 50) / 100) / 10
    }
}
