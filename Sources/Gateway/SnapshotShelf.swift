package import SCIM
package import Store
import Synchronization
package import Tenancy

/// The moments of stores that exports are reading, between one page and the next.
///
/// As long as one stands here its store's log cannot be cut, so that it is bounded how many do, and how long.
package final class SnapshotShelf: Sendable {
    private let kept = Mutex<[String: Kept]>([:])

    /// A moment, and who reads it.
    private struct Kept {
        let snapshot: any StoreSnapshot
        let tenant: Tenant.ID
        var lastUse: Timestamp
    }

    /// Exports at once: an operator has two hands.
    static let limit = 4
    /// Milliseconds after its last page in which a moment is let go: whoever read it is gone.
    static let patience: Int64 = 60_000

    /// Puts a moment on the shelf under a name that nobody guesses.
    ///
    /// - Throws: `.unavailable` when the shelf is full.
    package func keep(_ snapshot: any StoreSnapshot, of tenant: Tenant.ID, as name: String, now: Timestamp)
        async throws(StoreError)
    {
        await closeIdle(now: now)
        let isKept = kept.withLock { kept in
            guard kept.count < Self.limit else { return false }
            kept[name] = Kept(snapshot: snapshot, tenant: tenant, lastUse: now)
            return true
        }
        guard !isKept else { return }
        await snapshot.close()
        throw .unavailable("\(Self.limit) exports are running; wait for one of them to end")
    }

    /// The moment of that name, for one more page; nil when it was let go, or is another tenant's.
    package func snapshot(_ name: String, of tenant: Tenant.ID, now: Timestamp) -> (any StoreSnapshot)? {
        kept.withLock { kept in
            guard kept[name]?.tenant == tenant else { return nil }
            kept[name]?.lastUse = now
            return kept[name]?.snapshot
        }
    }

    /// Lets go of a moment whose last page was read.
    package func close(_ name: String) async {
        await kept.withLock { $0.removeValue(forKey: name) }?.snapshot.close()
    }

    /// Lets go of moments that nobody has read for a while.
    func closeIdle(now: Timestamp) async {
        await close { $0.lastUse.milliseconds + Self.patience < now.milliseconds }
    }

    /// Lets go of all: the stores are to be closed.
    func closeAll() async {
        await close { _ in true }
    }

    private func close(where isOver: @Sendable (Kept) -> Bool) async {
        let over = kept.withLock { kept in
            let over = kept.filter { isOver($0.value) }
            for name in over.keys { kept[name] = nil }
            return over.values.map(\.snapshot)
        }
        for snapshot in over { await snapshot.close() }
    }
}
