package import SCIM
package import Store

/// What operators do to a tenant's file.
extension SQLiteTenantStore {
    /// A read-only connection of its own, whose transaction has begun.
    package func snapshot() async throws(StoreError) -> any StoreSnapshot {
        let database = try await file.readerOfItsOwn { database in
            try database.execute("BEGIN")
            // The transaction begins to see with its first read.
            _ = try database.integer("SELECT count(*) FROM sqlite_schema")
        }
        return SQLiteSnapshot(database, of: file, codec: codec)
    }

    /// Moves learners to another target group.
    package func move(_ learners: [ResourceID], by move: LearnerMove) async throws(StoreError) -> Int {
        try await file.writes.perform { [codec, activity] database in
            try OperatedWrites(database: database, codec: codec, activity: activity).move(learners, by: move)
        }
    }

    /// Makes a deleted resource of its record.
    package func restore(_ id: ResourceID, by restoration: Restoration) async throws(StoreError) -> Restored {
        try await file.writes.perform { [codec, activity] database in
            try OperatedWrites(database: database, codec: codec, activity: activity).restore(
                id,
                by: restoration
            )
        }
    }

    /// Removes a resource or its record for good.
    package func purge(_ id: ResourceID, by purge: Purge) async throws(StoreError) {
        try await file.writes.perform { [codec, activity] database in
            try OperatedWrites(database: database, codec: codec, activity: activity).purge(id, by: purge)
        }
    }

    /// Puts resources of an archive in.
    package func reinstate(_ resources: [ArchivedResource], noting entry: ActivityEntry?)
        async throws(StoreError) -> Int
    {
        try await file.writes.perform { [codec, activity] database in
            let writes = ArchiveWrites(database: database, codec: codec)
            var count = 0
            for resource in resources where try writes.reinstate(resource) { count += 1 }
            try ActivityRows(database: database).add(entry, activity.chain)
            return count
        }
    }

    /// How many resources of an archive would be new.
    package func lacking(_ resources: [ArchivedResource]) async throws(StoreError) -> Int {
        try await file.readOnThread { [codec] database in
            let archive = ArchiveWrites(database: database, codec: codec)
            return try resources.count { try !archive.holds($0) }
        }
    }

    /// Puts members of an archive into their groups.
    package func reinstate(_ memberships: [Membership], noting entry: ActivityEntry?)
        async throws(StoreError)
    {
        try await file.writes.perform { [codec, activity] database in
            let writes = ArchiveWrites(database: database, codec: codec)
            for membership in memberships { try writes.reinstate(membership) }
            try ActivityRows(database: database).add(entry, activity.chain)
        }
    }

    /// What of the file is not as it must be.
    package func faults(upTo count: Int) async throws(StoreError) -> [StoreFault] {
        let history = TenantSchema.history
        return try await file.checked { [codec] database in
            let check = StoreCheck(database: database, history: history, limit: count)
            let found = try check.faultsOfFile()
            guard found.count < count else { return found }
            return found + (try ResourceCheck(check: check, codec: codec, room: count - found.count).faults())
        }
    }

    /// Writes a copy of the file.
    package func copy(to path: String) async throws(StoreError) {
        try await file.copy(to: path)
    }
}
