package import SCIM

/// What came of the reloads since the start: the values of the metrics about them.
package struct ReloadHistory: Sendable {
    /// Reloads that refused nothing.
    package private(set) var applied = 0
    /// Reloads that refused something of what is on disk.
    package private(set) var rejected = 0
    /// When the files were last read and what was good in them taken up.
    package private(set) var lastApplied: Timestamp
    /// When a reading last refused nothing, that of the start included.
    package private(set) var lastSuccess: Timestamp?
    /// Whether the last reading refused nothing.
    package private(set) var lastWasSuccessful: Bool

    /// The reading of the start, which is no reload.
    init(started: Timestamp, refuses: Bool) {
        lastApplied = started
        lastSuccess = refuses ? nil : started
        lastWasSuccessful = !refuses
    }

    /// How many reloads there were.
    var count: Int { applied + rejected }

    /// Notes a reload.
    mutating func note(at moment: Timestamp, refuses: Bool) {
        if refuses { rejected += 1 } else { applied += 1 }
        lastApplied = moment
        lastWasSuccessful = !refuses
        if !refuses { lastSuccess = moment }
    }
}
