package import SCIM

/// Which entries of a tenant's activity are wanted.
package struct ActivityQuery: Sendable, Equatable {
    /// Only what came after that place, oldest first; nil is the newest entries.
    package var after: ActivityPlace?
    /// Only what happened then or later.
    package var since: Timestamp?
    /// Only what was refused, throttled or failed.
    package var onlyProblems = false
    /// Only what that request left.
    package var requestID: String?
    /// Only counted requests of minutes that began before; nil is all.
    ///
    /// Who follows the activity reads a minute once it is over.
    package var countedBefore: Timestamp?
    /// How many entries, at most: 1…``limit``.
    package var count = 100

    /// Entries of one answer: a screen holds fifty, an export asks again.
    package static let limit = 1_000

    /// The newest entries.
    package init() {}

    /// Whether counted requests are among what is asked for: they are no problem, and no single request's.
    package var asksForReads: Bool { !onlyProblems && requestID == nil }

    /// The page of what was found, oldest first.
    ///
    /// - Parameters:
    ///   - found: Entries with their numbers, as many as the query asks for or all there are.
    ///   - reads: Counted requests, oldest first.
    ///   - newest: The number of the newest entry before the search began; 0 is none.
    /// - Returns: The page, and where the next one begins.
    package func page(found: [(number: Int64, entry: ActivityEntry)], reads: [ActivityReads], newest: Int64)
        -> ActivityPage
    {
        let last = found.last?.number ?? 0
        let isCut = after != nil && found.count == count
        return ActivityPage(
            entries: found.map(\.entry),
            reads: reads,
            next: ActivityPlace(
                number: max(after?.number ?? 0, isCut ? last : max(last, newest)),
                minute: max(
                    after?.minute ?? ActivityPlace.start.minute,
                    reads.last?.minute ?? ActivityPlace.start.minute
                )
            )
        )
    }
}

/// How far a reader of the activity has come.
package struct ActivityPlace: Sendable, Equatable {
    /// The number of the last entry that was read; 0 is none.
    package let number: Int64
    /// The last minute whose counted requests were read.
    package let minute: Timestamp

    /// A place.
    package init(number: Int64, minute: Timestamp) {
        self.number = number
        self.minute = minute
    }

    /// Before everything.
    package static let start = ActivityPlace(number: 0, minute: Timestamp(milliseconds: .min))
}

/// Entries of a tenant's activity, oldest first.
package struct ActivityPage: Sendable, Equatable {
    /// The entries.
    package let entries: [ActivityEntry]
    /// The requests that were counted in the same time; those of a minute that is not over may grow.
    package let reads: [ActivityReads]
    /// Where the next page begins.
    package let next: ActivityPlace

    /// A page.
    package init(entries: [ActivityEntry], reads: [ActivityReads], next: ActivityPlace) {
        self.entries = entries
        self.reads = reads
        self.next = next
    }
}
