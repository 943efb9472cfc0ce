import NIOCore

/// Counts mishaps, and tells when a line of the log is due: the first of a kind at once, then at most one a minute with
/// their number.
///
/// An attack is a few lines in the log, not a million.
struct MishapTally: Sendable {
    /// How many there were since the start.
    private(set) var counts: [ConnectionMishap: Int] = [:]
    private var told: [ConnectionMishap: (count: Int, time: NIODeadline)] = [:]

    /// Nothing has happened.
    init() {}

    /// Counts one; how many there were since the last line when another is due, else nil.
    mutating func note(_ mishap: ConnectionMishap, at now: NIODeadline) -> Int? {
        let count = counts[mishap, default: 0] + 1
        counts[mishap] = count
        let last = told[mishap]
        if let last, now - last.time < Self.interval { return nil }
        told[mishap] = (count, now)
        return count - (last?.count ?? 0)
    }

    /// Between two lines of a kind: often enough for an alert, seldom enough for a flood.
    static let interval = TimeAmount.minutes(1)
}
