import Synchronization

/// Why files are read again, and how.
package struct ReloadOrder: Sendable, Equatable {
    /// What made it.
    package let cause: Cause
    /// Whether tenants whose files are gone are removed, however many they are.
    package var allowsRemovals: Bool
    /// Who asked, as the activity tells it: `operator:uid:0`, or `system`.
    package var actor: String

    /// What makes the gateway read its files again.
    package enum Cause: String, Sendable {
        /// `scim-gateway reload`.
        case command
        /// SIGHUP.
        case signal
        /// The files changed.
        case watch
    }

    /// An order to read the files again.
    package init(cause: Cause, allowsRemovals: Bool = false, actor: String = "system") {
        self.cause = cause
        self.allowsRemovals = allowsRemovals
        self.actor = actor
    }
}

/// The reload that was asked for and is not begun: who asks does not wait, and several who ask get one.
package final class PendingReload: Sendable {
    private let wakes = Wakes()
    private let order = Mutex<ReloadOrder?>(nil)

    /// Asks for a reload.
    ///
    /// Removals are allowed if one of those who wait for the same reload allows them.
    package func ask(for wanted: ReloadOrder) {
        order.withLock { order in
            let allowsRemovals = wanted.allowsRemovals || order?.allowsRemovals == true
            order = ReloadOrder(cause: wanted.cause, allowsRemovals: allowsRemovals, actor: wanted.actor)
        }
        wakes.wake()
    }

    /// Hands each order to the one who carries it out, one after the other, until the task is cancelled.
    func each(_ carryOut: (ReloadOrder) async -> Void) async {
        for await _ in wakes.stream {
            let wanted = order.withLock { order in
                defer { order = nil }
                return order
            }
            if let wanted { await carryOut(wanted) }
        }
    }
}
