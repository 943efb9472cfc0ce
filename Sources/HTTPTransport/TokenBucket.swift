internal import NIOCore

/// So many at once, and so many a second once these are used up.
struct TokenBucket {
    private let capacity: Int64
    private let perSecond: Int64
    /// In units of 1/1,000,000,000 token, so that nanoseconds times tokens per second add up without rounding.
    private var level: Int64
    private var filledAt: NIODeadline

    /// A full bucket.
    init(capacity: Int, perSecond: Int, now: NIODeadline) {
        self.capacity = Int64(capacity) * Self.unit
        self.perSecond = Int64(perSecond)
        level = self.capacity
        filledAt = now
    }

    /// Takes tokens out.
    /// - Returns: False when there are not enough; what is left stays.
    mutating func take(_ count: Int, now: NIODeadline) -> Bool {
        // A day fills any bucket of ours; its nanoseconds times a rate are far from overflowing.
        let elapsed = min((now - filledAt).nanoseconds, Self.day)
        level = min(capacity, level + elapsed * perSecond)
        filledAt = now
        guard level >= Int64(count) * Self.unit else {
            return false
        }
        level -= Int64(count) * Self.unit
        return true
    }

    private static let unit: Int64 = 1_000_000_000
    private static let day = TimeAmount.hours(24).nanoseconds
}
