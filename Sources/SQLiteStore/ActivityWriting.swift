import Store

/// How the entries of one tenant's activity are made.
struct ActivityWriting: Sendable {
    /// Chains them.
    let chain: ActivityChain
    /// What stands in them for names of people; nil when nothing does.
    let names: NameHashing.Names?

    /// As it is kept for the tenant of that file, whose key for names is made when it has none yet.
    static func ready(_ keeping: ActivityKeeping, in file: SQLiteFile) async throws(StoreError)
        -> ActivityWriting
    {
        let chain = ActivityChain(digest: keeping.digest)
        guard let hashing = keeping.names else { return ActivityWriting(chain: chain, names: nil) }
        let key = try await file.writes.perform { database in
            try ActivityRows(database: database).nameKey(making: hashing.makeKey)
        }
        return ActivityWriting(chain: chain, names: hashing.names(key: key))
    }
}
