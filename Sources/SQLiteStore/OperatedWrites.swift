import SCIM
import Store
import Tenancy

/// The writes of operators, each as one job of the writer.
struct OperatedWrites {
    /// The writer, inside a transaction.
    let database: SQLiteDatabase
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec
    /// How it is kept what was written.
    let activity: ActivityWriting

    private var columns: ResourceColumns { ResourceColumns(database: database, codec: codec) }
    private var rows: ResourceRows { ResourceRows(database: database, connection: nil, codec: codec) }

    /// Moves learners to another target group; gives how many.
    func move(_ learners: [ResourceID], by move: LearnerMove) throws -> Int {
        guard try hasTargetGroup(move.destination) else { throw StoreError.noTargetGroup }
        var count = 0
        for id in learners {
            guard let found = try rows.found(id: id), found.resource.type == .user else { continue }
            let hasLeft = try leave(found.row, move)
            // Who is not in the group that is left is not among those who are meant.
            guard hasLeft || move.from == nil else { continue }
            let hasJoined = try join(found.row, move.destination)
            guard hasLeft || hasJoined else { continue }
            count += 1
            try note(
                ActivityEntry(
                    .userMoved,
                    of: .init(.user, id),
                    changed: ["groups"],
                    at: move.now,
                    by: move.origin
                )
            )
        }
        return count
    }

    /// Makes a deleted resource of its record.
    func restore(_ id: ResourceID, by restoration: Restoration) throws -> Restored {
        let roster = RosterRows(database: database, codec: codec)
        guard let deleted = try roster.tombstone(id) else { throw StoreError.notFound }
        let revision = try StoreError.deciding { () throws(SCIMError) in
            try Revision(restoring: deleted.resource, now: restoration.now)
        }
        if let userName = revision.resource.lookups.userName,
            let holder = try columns.row(userName: userName).flatMap({ try rows.found(row: $0) })
        {
            throw Restoration.refusal(heldBy: holder.resource.id)
        }
        let owner = deleted.owner.flatMap { restoration.connections.contains($0) ? $0 : nil }
        let row = try columns.insert(
            revision,
            id: id,
            owner: owner,
            targetGroup: nil,
            created: deleted.resource.created
        )
        let lostNames = try rename(row, deleted, among: restoration.connections)
        let groups = deleted.deletion?.groups ?? []
        var lostGroups = 0
        for group in groups where try !join(row, groupOf: group) { lostGroups += 1 }
        try removeTombstone(id)
        let type = deleted.resource.type
        let kind: ActivityKind = type == .user ? .userRestored : .groupRestored
        try note(
            ActivityEntry(kind, of: .init(type, id), at: restoration.now, by: restoration.origin)
        )
        guard let found = try rows.found(row: row) else { throw StoreError.notFound }
        return Restored(
            resource: found.resource,
            owner: owner,
            lostExternalIDs: lostNames,
            lostGroups: lostGroups
        )
    }

    /// Removes a resource or its record for good.
    func purge(_ id: ResourceID, by purge: Purge) throws {
        if let found = try rows.found(id: id) {
            guard purge.includesLiving else { throw Purge.isLiving }
            var deletion = Deletion(type: found.resource.type, id: id, now: purge.now) {
                current throws(SCIMError) in
                try Deletion.sparingTargetGroups(current)
            }
            deletion.origin = purge.origin
            try ResourceWrites(database, for: .nobody, codec: codec, activity).delete(deletion)
        }
        let roster = RosterRows(database: database, codec: codec)
        guard let deleted = try roster.tombstone(id) else { throw StoreError.notFound }
        try removeTombstone(id)
        let type = deleted.resource.type
        let kind: ActivityKind = type == .user ? .userPurged : .groupPurged
        try note(ActivityEntry(kind, of: .init(type, id), at: purge.now, by: purge.origin))
    }
}

// MARK: - Parts of a write

extension OperatedWrites {
    /// Leaves the entry of a write in its own transaction.
    private func note(_ entry: ActivityEntry?) throws {
        try ActivityRows(database: database).add(entry, activity.chain)
    }

    private func hasTargetGroup(_ group: TargetGroup.ID) throws -> Bool {
        let statement = try database.prepared("SELECT 1 FROM resources WHERE target_group = ?1")
        defer { statement.reset() }
        try statement.bind(1, group.text)
        return try statement.step()
    }

    /// Takes a learner out of the groups that a move is from; false when it was in none.
    private func leave(_ row: Int64, _ move: LearnerMove) throws -> Bool {
        let statement = try database.prepared(
            """
            DELETE FROM members WHERE member_row = ?1 AND group_row IN (SELECT row FROM resources
                WHERE target_group IS NOT NULL AND target_group <> ?2 AND (?3 IS NULL OR target_group = ?3))
            """
        )
        try statement.bind(1, row)
        try statement.bind(2, move.destination.text)
        try statement.bind(3, move.from?.text)
        try statement.run()
        return database.changes > 0
    }

    private func join(_ row: Int64, _ group: TargetGroup.ID) throws -> Bool {
        let statement = try database.prepared(
            """
            INSERT OR IGNORE INTO members (group_row, member_row)
            SELECT row, ?1 FROM resources WHERE target_group = ?2
            """
        )
        try statement.bind(1, row)
        try statement.bind(2, group.text)
        try statement.run()
        return database.changes > 0
    }

    private func join(_ row: Int64, groupOf id: ResourceID) throws -> Bool {
        let statement = try database.prepared(
            "INSERT INTO members (group_row, member_row) SELECT row, ?1 FROM resources WHERE id = ?2 AND type = 2"
        )
        try statement.bind(1, row)
        try statement.bind(2, id.text)
        try statement.run()
        return database.changes > 0
    }

    /// Gives a restored resource the names back that connections had for it; gives whose are lost.
    private func rename(_ row: Int64, _ deleted: RosterEntry, among connections: Set<Connection.ID>) throws
        -> [Connection.ID]
    {
        var lost: [Connection.ID] = []
        for (connection, name) in deleted.externalIDs.sorted(by: { $0.key.text < $1.key.text }) {
            guard connections.contains(connection) else {
                lost.append(connection)
                continue
            }
            do {
                try columns.name(row, externalID: name, of: connection, insteadOf: nil)
            } catch StoreError.externalIDTaken {
                lost.append(connection)
            }
        }
        return lost
    }

    private func removeTombstone(_ id: ResourceID) throws {
        let statement = try database.prepared("DELETE FROM tombstones WHERE id = ?1")
        try statement.bind(1, id.text)
        try statement.run()
    }
}
