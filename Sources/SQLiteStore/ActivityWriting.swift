import SCIM
import Store

/// How the entries of one tenant's activity are made.
struct ActivityWriting: Sendable {
    /// Chains them.
    let chain: ActivityChain
    /// What stands in them for names of people; nil when nothing does.
    let names: NameHashing.Names?
    /// Wall clock.
    let now: @Sendable () -> Timestamp

    /// As it is kept for the tenant of that file, whose key for names is made when it has none yet.
    ///
    /// Before the writer has a queue.
    init(_ keeping: ActivityKeeping, in writer: SQLiteDatabase) throws {
        chain = ActivityChain(digest: keeping.digest)
        now = keeping.now
        names = try keeping.names.map { hashing in
            hashing.names(key: try ActivityRows(database: writer).nameKey(making: hashing.makeKey))
        }
    }
}
