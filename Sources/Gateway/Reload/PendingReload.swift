import Synchronization

/// Why files are read again, and how.
struct ReloadOrder: Sendable, Equatable {
    /// What made it.
    let cause: Cause
    /// Whether tenants whose files are gone are removed, however many they are.
    var allowsRemovals = false
    /// Who asked, as the activity tells it: `operator:uid:0`, or `system`.
    var actor = "system"

    /// What makes the gateway read its files again.
    enum Cause: String, Sendable {
        /// `scim-gateway reload`.
        case command
        /// SIGHUP.
        case signal
        /// The files changed.
        case watch
    }
}

/// The reload that was asked for and is not begun: who asks does not wait, and several who ask get one.
final class PendingReload: Sendable {
    private let wakes = Wakes()
    private let order = Mutex<ReloadOrder?>(nil)

    /// Asks for a reload.
    ///
    /// Removals are allowed if one of those who wait for the same reload allows them.
    func ask(for wanted: ReloadOrder) {
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
