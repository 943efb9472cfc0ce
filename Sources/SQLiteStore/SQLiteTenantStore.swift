package import SCIM
package import Store
import Synchronization
package import Tenancy

/// One tenant's resources in one SQLite file.
///
/// Reads by id, and by an equality that an index answers alone, run on the caller's thread on a read-only connection,
/// and move to a thread pool when they take more than their few steps. Every other search runs there from the start,
/// within a time limit. Writes go through the file's ``WriteQueue``.
package final class SQLiteTenantStore: TenantStore {
    /// The open file.
    let file: SQLiteFile
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec
    /// How it is kept what was written.
    let activity: ActivityWriting
    private var limits: SQLiteLimits { file.limits }
    /// What was counted, and after how many commits.
    private let counted = Mutex<(commits: Int, learners: LearnerCounts)?>(nil)
    /// The learners that need not be read.
    private var shelf: LearnerShelf { file.readers.shelf }

    /// A store around a file that is open.
    init(file: SQLiteFile, codec: DocumentCodec, activity: ActivityWriting) {
        self.file = file
        self.codec = codec
        self.activity = activity
    }

    /// The resource of that id, derived for the viewer.
    package func resource(
        _ type: ResourceType.Name,
        id: ResourceID,
        for viewer: Viewer,
        members: MemberDemand
    ) async throws(StoreError) -> StoredResource? {
        if type == .user, let found = shelf.learner(id, for: viewer.connection) { return found }
        let moment = shelf.moment
        let rows: @Sendable (SQLiteDatabase) throws -> ResourceRows.Found? = { [codec] database in
            let rows = ResourceRows(database: database, connection: viewer.connection, codec: codec)
            guard let found = try rows.found(id: id, members: members), found.resource.type == type else {
                return nil
            }
            return found
        }
        let found = if let found = try file.readNow(rows) { found } else { try await file.readOnThread(rows) }
        if type == .user, let found {
            shelf.keep(
                found.resource,
                for: viewer.connection,
                userName: found.userName,
                standing: found.standing,
                asOf: moment
            )
        }
        return found?.resource
    }

    /// The resources that match, oldest first.
    package func search(_ query: StoreQuery, for viewer: Viewer) async throws(StoreError) -> StoredPage {
        if let equality = query.filter?.isExactly, query.sort == nil,
            let page = try page(of: query, where: equality, for: viewer)
        {
            return page
        }
        return try await file.readOnThread { database in
            try self.search(query, for: viewer, on: database).page()
        }
    }

    /// How many learners there are: counted anew only when something was written since.
    package func learnerCounts() async throws(StoreError) -> LearnerCounts {
        // Before it is counted: a commit meanwhile has it counted again.
        let commits = file.writes.counts.commits
        if let counted = counted.withLock({ $0 }), counted.commits == commits { return counted.learners }
        let learners = try await file.readOnThread { database in
            LearnerCounts(
                total: Int(try database.integer("SELECT count(*) FROM resources WHERE type = 1")),
                active: Int(
                    try database.integer("SELECT count(*) FROM resources WHERE type = 1 AND active IS NOT 0")
                )
            )
        }
        counted.withLock { $0 = (commits, learners) }
        return learners
    }

    /// Adds a resource, or associates an unmanaged learner.
    package func create(_ creation: Creation, for viewer: Viewer) async throws(StoreError) -> Created {
        try await file.writes.perform { [codec, activity] database in
            let created = try ResourceWrites(database, for: viewer, codec: codec, activity).create(creation)
            if created.resource.type == .user {
                // Nobody has seen one who is new.
                database.extent.isOnly(created.isAssociated ? [created.resource.id] : [])
            }
            return created
        }
    }

    /// Adds many resources; of the room for writes that wait, other writes keep at least half.
    package func load(_ creations: [Creation], for viewer: Viewer) async -> [StoreError?] {
        var refusals: [StoreError?] = []
        refusals.reserveCapacity(creations.count)
        while refusals.count < creations.count {
            let portion = creations[refusals.count...].prefix(max(1, limits.waitingJobs / 2))
            refusals += await file.writes.performEach(of: portion) { [codec, activity] database, creation in
                try ResourceWrites(database, for: viewer, codec: codec, activity).load(creation)
            }
        }
        return refusals
    }

    /// Changes one resource.
    package func change(_ change: Change, for viewer: Viewer) async throws(StoreError) -> Changed {
        try await file.writes.perform { [codec, activity, shelf] database in
            let writes = ResourceWrites(database, for: viewer, codec: codec, activity, shelf: shelf)
            let changed = try writes.change(change)
            if change.type == .user { database.extent.isOnly([change.id]) }
            return changed
        }
    }

    /// Deletes one resource.
    package func delete(_ deletion: Deletion, for viewer: Viewer) async throws(StoreError) {
        try await file.writes.perform { [codec, activity] database in
            try ResourceWrites(database, for: viewer, codec: codec, activity).delete(deletion)
            if deletion.type == .user { database.extent.isOnly([deletion.id]) }
        }
    }

    /// Brings the target groups of the tenant's file in.
    ///
    /// Read first: most often all is as it was, and a turn of the writer is a quarter of what opening a store takes.
    package func arrange(
        targetGroups: [TargetGroup],
        makingIDs: @escaping @Sendable () -> ResourceID,
        now: Timestamp
    )
        async throws(StoreError)
    {
        let isDone = try file.readNow { [codec] database in
            try TenantUpkeep(database: database, codec: codec).isArranged(targetGroups, now: now)
        }
        if isDone == true { return }
        try await file.writes.perform { [codec] database in
            try TenantUpkeep(database: database, codec: codec).arrange(
                targetGroups,
                makingIDs: makingIDs,
                now: now
            )
        }
    }

    /// Makes the learners of removed connections unmanaged; read first, as the target groups are.
    package func release(learnersNotOf connections: [Connection.ID]) async throws(StoreError) {
        let connections = Set(connections)
        let isDone = try file.readNow { [codec] database in
            try TenantUpkeep(database: database, codec: codec).isReleased(learnersNotOf: connections)
        }
        if isDone == true { return }
        try await file.writes.perform { [codec] database in
            try TenantUpkeep(database: database, codec: codec).release(learnersNotOf: connections)
        }
    }

    /// Removes the records of what was deleted before that moment.
    package func removeTombstones(deletedBefore moment: Timestamp) async throws(StoreError) -> Int {
        try await file.writes.perform { [codec] database in
            database.extent.isOnly([])
            return try TenantUpkeep(database: database, codec: codec).removeTombstones(deletedBefore: moment)
        }
    }

    /// Stores what happened beside the writes.
    package func record(_ entries: [ActivityEntry], reads: [ActivityReads]) async throws(StoreError) {
        try await file.writes.perform { [activity] database in
            database.extent.isOnly([])
            let rows = ActivityRows(database: database)
            for entry in entries { try rows.add(entry, activity.chain) }
            for counted in reads { try rows.add(counted) }
        }
    }

    /// What happened, oldest first.
    package func activity(_ query: ActivityQuery) async throws(StoreError) -> ActivityPage {
        try await file.readOnThread { database in try ActivityRows(database: database).page(query) }
    }

    /// Examines what happened, in portions that each are one reading.
    package func verifiedActivity() async throws(StoreError) -> ActivityVerdict {
        var verdict = try await file.readOnThread { try ActivityRows(database: $0).beginExamination() }
        var goesOn = true
        while goesOn {
            let before = verdict
            (verdict, goesOn) = try await file.readOnThread { [activity] database in
                var verdict = before
                let goesOn = try ActivityRows(database: database).examine(&verdict, activity.chain)
                return (verdict, goesOn)
            }
        }
        return verdict
    }

    /// Removes what happened before that moment.
    package func removeActivity(before moment: Timestamp) async throws(StoreError) -> Int {
        var removed = 0
        while true {
            let count = try await file.writes.perform { database in
                database.extent.isOnly([])
                return try ActivityRows(database: database).remove(before: moment)
            }
            removed += count
            guard count == ActivityRows.removal else { return removed }
        }
    }

    /// Writes what waits, then the log into the file, and closes it.
    package func close() async {
        await file.writes.close()
    }

    /// What the store has written since it was opened, for the operator's figures.
    package var writeCounts: WriteCounts { file.writes.counts }

    /// The matches of an equality, from what is at hand or within a few steps; nil when it takes more.
    private func page(of query: StoreQuery, where equality: IndexedEquality, for viewer: Viewer)
        throws(StoreError) -> StoredPage?
    {
        // A name is one learner's: what is kept is the whole answer.
        let asksForOne = query.type != .group && query.start == .offset(0) && query.count > 0
        let name = LearnerShelf.Name(equality: equality, connection: viewer.connection, codec: codec)
        if asksForOne, let found = shelf.learner(named: name) {
            return StoredPage(totalResults: 1, resources: [found])
        }
        let moment = shelf.moment
        let read = try file.readNow { database in
            var standing: LearnerStanding?
            let page = try self.search(query, for: viewer, on: database).page(where: equality) { found in
                standing = standing ?? found.standing
            }
            return (page, standing)
        }
        guard let (page, standing) = read else { return nil }
        if asksForOne, let found = page.resources.first, found.type == .user {
            shelf.keep(found, for: viewer.connection, standing: standing, named: name, asOf: moment)
        }
        return page
    }

    private func search(_ query: StoreQuery, for viewer: Viewer, on database: SQLiteDatabase)
        -> ResourceSearch
    {
        let rows = ResourceRows(database: database, connection: viewer.connection, codec: codec)
        return ResourceSearch(rows: rows, query: query)
    }
}
