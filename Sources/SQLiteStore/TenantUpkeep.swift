import SCIM
import Store
import Tenancy

/// What keeps a tenant's database in step with the tenant's file, and rids it of what is old.
struct TenantUpkeep {
    /// The writer, inside a transaction.
    let database: SQLiteDatabase
    /// Turns blobs and look-up texts into what is stored.
    let codec: DocumentCodec

    private var columns: ResourceColumns { ResourceColumns(database: database, codec: codec) }

    /// Brings the target groups in: new ones get an id, renamed ones a new name.
    ///
    /// One that left the file stays as long as it has members.
    func arrange(_ groups: [TargetGroup], makingIDs: () -> ResourceID, now: Timestamp) throws {
        for group in groups {
            let resource = try group.validated()
            guard let found = try found(group.id) else {
                let id = makingIDs()
                let revision = Revision(creating: resource, id: id, now: now)
                _ = try columns.insert(revision, id: id, owner: nil, targetGroup: group.id)
                continue
            }
            let revision = Revision(of: found.resource, becoming: resource, by: .nobody, now: now)
            if let revision { try columns.update(found.row, revision, emailsBefore: false) }
        }
        for row in try emptyGroups(notIn: Set(groups.map(\.id))) { try columns.remove(row) }
    }

    /// Whether ``arrange(_:makingIDs:now:)`` would change nothing.
    ///
    /// Told by a reader: a tenant whose files are as they were opens without a transaction and without a writer's turn.
    func isArranged(_ groups: [TargetGroup], now: Timestamp) throws -> Bool {
        for group in groups {
            guard let found = try found(group.id) else { return false }
            let becoming = try group.validated()
            guard Revision(of: found.resource, becoming: becoming, by: .nobody, now: now) == nil else {
                return false
            }
        }
        return try emptyGroups(notIn: Set(groups.map(\.id))).isEmpty
    }

    private func found(_ group: TargetGroup.ID) throws -> ResourceRows.Found? {
        let statement = try database.prepared("SELECT row FROM resources WHERE target_group = ?1")
        defer { statement.reset() }
        try statement.bind(1, group.text)
        guard try statement.step() else { return nil }
        return try ResourceRows(database: database, connection: nil, codec: codec).found(
            row: statement.integer(0)
        )
    }

    private func emptyGroups(notIn groups: Set<TargetGroup.ID>) throws -> [Int64] {
        let statement = try database.prepared(
            """
            SELECT row, target_group FROM resources WHERE target_group IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM members WHERE group_row = row)
            """
        )
        defer { statement.reset() }
        var left: [Int64] = []
        while try statement.step() {
            if !groups.contains(TargetGroup.ID(statement.text(1))) { left.append(statement.integer(0)) }
        }
        return left
    }

    /// Makes the learners of connections that are not in the list unmanaged.
    ///
    /// Visits each owner once, not each learner.
    func release(learnersNotOf connections: Set<Connection.ID>) throws {
        var last = ""
        while let owner = try owner(after: last) {
            if !connections.contains(Connection.ID(owner)) {
                let statement = try database.prepared(
                    "UPDATE resources SET managed_by = NULL WHERE managed_by = ?1"
                )
                try statement.bind(1, owner)
                try statement.run()
            }
            last = owner
        }
    }

    /// Whether ``release(learnersNotOf:)`` would change nothing; told by a reader, as ``isArranged(_:now:)``.
    func isReleased(learnersNotOf connections: Set<Connection.ID>) throws -> Bool {
        var last = ""
        while let owner = try owner(after: last) {
            guard connections.contains(Connection.ID(owner)) else { return false }
            last = owner
        }
        return true
    }

    private func owner(after last: String) throws -> String? {
        let statement = try database.prepared("SELECT min(managed_by) FROM resources WHERE managed_by > ?1")
        defer { statement.reset() }
        try statement.bind(1, last)
        return try statement.step() ? statement.optionalText(0) : nil
    }

    /// Removes the records of what was deleted before that moment.
    func removeTombstones(deletedBefore moment: Timestamp) throws -> Int {
        let statement = try database.prepared("DELETE FROM tombstones WHERE deleted_at < ?1")
        try statement.bind(1, moment.milliseconds)
        try statement.run()
        return database.changes
    }
}
