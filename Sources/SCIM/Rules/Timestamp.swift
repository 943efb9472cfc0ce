/// A moment: milliseconds since 1970-01-01T00:00:00Z.
///
/// Time is an argument everywhere; nothing here reads a clock.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since the epoch, UTC.
    package let milliseconds: Int64

    /// A moment so many milliseconds after the epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Whether `left` is earlier.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
