package import SCIM

/// The answer that waits for a write to be stored, as far as it is known by then: what the write's entry tells of it.
///
/// An entry is stored in its write's own transaction, so it is made before the answer. What comes after it, the wait for
/// the disk above all, is in the log's `duration_ms` and in the metrics: to tell it in the entry would take a second write.
package struct AwaitedAnswer: Sendable, Equatable {
    /// When the request came.
    package let arrived: Timestamp
    /// The status for a changed group whose members do not come along with the answer: 204 or 200.
    package let statusWithoutMembers: Int

    /// The answer to a request that came then.
    package init(arrived: Timestamp, statusWithoutMembers: Int = 200) {
        self.arrived = arrived
        self.statusWithoutMembers = statusWithoutMembers
    }

    /// The status for a changed resource, by whether it comes along with its members.
    func status(ofChanged type: ResourceType.Name, hasMembers: Bool) -> Int {
        type == .group && !hasMembers ? statusWithoutMembers : 200
    }

    /// Milliseconds since the request came; none where the clock was set back meanwhile.
    func milliseconds(until now: Timestamp) -> Int { Int(max(0, now.milliseconds - arrived.milliseconds)) }
}
