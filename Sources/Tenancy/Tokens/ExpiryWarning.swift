package import SCIM

/// That somebody was told of the coming end of a token, and how near it was.
///
/// An ended token is an outage that nobody sees: Entra tries again after hours, then days, and disables the job after
/// four weeks.
package struct ExpiryWarning: Sendable, Equatable {
    /// The end that was told.
    package let ends: Timestamp
    /// How near it was: one of ``days``; 0 once it has come.
    package let daysBefore: Int64

    /// The days before an end at which it is told.
    package static let days: [Int64] = [60, 30, 14, 7, 1]

    /// A warning of an end.
    package init(ends: Timestamp, daysBefore: Int64) {
        self.ends = ends
        self.daysBefore = daysBefore
    }

    /// Whether this one tells more than what was told before: another end, or the same one nearer.
    package func isNews(after told: ExpiryWarning?) -> Bool {
        guard let told, told.ends == ends else { return true }
        return daysBefore < told.daysBefore
    }
}

extension TokenLife {
    /// What is to be told of the token's end at that moment; nil when there is none, or when it is far away.
    ///
    /// Days that lay before the end when it was set are not told: who makes a token for a week knows that it ends in a
    /// week.
    package func expiryWarning(at now: Timestamp) -> ExpiryWarning? {
        guard let end, now < end.moment else { return nil }
        let days = ExpiryWarning.days.last { days in
            let threshold = end.moment.adding(days: -days)
            return threshold <= now && endWasSet.map { $0 < threshold } ?? true
        }
        return days.map { ExpiryWarning(ends: end.moment, daysBefore: $0) }
    }

    /// That the token has ended by itself: its time was up, or its successor had been used long enough.
    ///
    /// Nil before that, for a token that somebody revoked, and when it is so long ago that it is not listed any more.
    package func expiry(at now: Timestamp) -> ExpiryWarning? {
        guard let end, end.moment <= now, end.cause != .revoked, !isForgotten(at: now) else { return nil }
        return ExpiryWarning(ends: end.moment, daysBefore: 0)
    }

    /// When the end came to be what it is; nil when nobody knows.
    private var endWasSet: Timestamp? {
        guard end?.cause == .replaced else { return record.created }
        return successors.min { left, right in
            (left.endOfPredecessor?.milliseconds ?? .max) < (right.endOfPredecessor?.milliseconds ?? .max)
        }?
        .use.first
    }
}
