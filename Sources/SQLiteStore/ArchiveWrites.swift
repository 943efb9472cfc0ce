import SCIM
import Store
import Tenancy

/// Puts an archive's resources and members in, as jobs of the writer, or looks which are there.
struct ArchiveWrites {
    /// The writer, inside a transaction; a reader only looks.
    let database: SQLiteDatabase
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec

    private var columns: ResourceColumns { ResourceColumns(database: database, codec: codec) }

    /// Puts a resource in as it was; false when it is there already.
    func reinstate(_ archived: ArchivedResource) throws -> Bool {
        let revision = Revision(reinstating: archived)
        guard try !holds(archived, revision) else { return false }
        if archived.deletion == nil, let group = archived.targetGroup { try makeRoom(for: group, archived) }
        if archived.deletion == nil, let userName = archived.resource.lookups.userName {
            guard try columns.row(userName: userName) == nil else { throw archived.conflict }
        }
        let row = try columns.insert(
            revision,
            id: archived.id,
            owner: archived.owner,
            targetGroup: archived.deletion == nil ? archived.targetGroup : nil,
            created: archived.created,
            isNamed: archived.deletion == nil
        )
        if let deletion = archived.deletion {
            try bury(row, archived, deletion)
            return true
        }
        do {
            for (connection, name) in archived.names {
                try columns.name(row, externalID: name, of: connection, insteadOf: nil)
            }
        } catch StoreError.externalIDTaken {
            throw archived.conflict
        }
        return true
    }

    /// Whether a resource is there already; one with that id but another document throws.
    func holds(_ archived: ArchivedResource) throws -> Bool {
        try holds(archived, Revision(reinstating: archived))
    }

    private func holds(_ archived: ArchivedResource, _ revision: Revision) throws -> Bool {
        guard let document = try document(of: archived.id) else { return false }
        guard document == revision.next.bytes else { throw archived.conflict }
        return true
    }

    /// Puts a member into its group, unless it is there.
    func reinstate(_ membership: Membership) throws {
        let statement = try database.prepared(
            """
            INSERT INTO members (group_row, member_row)
            SELECT g.row, r.row FROM resources g, resources r WHERE g.id = ?1 AND g.type = 2 AND r.id = ?2
            ON CONFLICT DO UPDATE SET member_row = member_row
            """
        )
        try statement.bind(1, membership.group.text)
        try statement.bind(2, membership.member.text)
        try statement.run()
        guard database.changes == 1 else { throw ArchivedResource.noSuchMember }
    }

    private func document(of id: ResourceID) throws -> [UInt8]? {
        let statement = try database.prepared(
            """
            SELECT document FROM resources WHERE id = ?1
            UNION ALL SELECT document FROM tombstones WHERE id = ?1
            """
        )
        defer { statement.reset() }
        try statement.bind(1, id.text)
        return try statement.step() ? codec.opened(document: statement.bytes(0)) : nil
    }

    /// Removes the target group that the tenant's file made, as long as nobody is in it.
    private func makeRoom(for group: TargetGroup.ID, _ archived: ArchivedResource) throws {
        let statement = try database.prepared(
            """
            SELECT row, EXISTS (SELECT 1 FROM members WHERE group_row = row) FROM resources WHERE target_group = ?1
            """
        )
        try statement.bind(1, group.text)
        let isThere = try statement.step()
        let (row, hasMembers) = (statement.integer(0), statement.integer(1) != 0)
        statement.reset()
        guard isThere else { return }
        guard !hasMembers else { throw archived.conflict }
        try columns.remove(row)
    }

    /// Makes a record of a resource that was just put in.
    private func bury(_ row: Int64, _ archived: ArchivedResource, _ deletion: RosterEntry.Record) throws {
        try columns.bury(row, id: archived.id, now: deletion.moment)
        for (connection, name) in archived.names {
            let statement = try database.prepared(
                "INSERT INTO tombstone_external_ids (id, connection, external_id) VALUES (?1, ?2, ?3)"
            )
            try statement.bind(1, archived.id.text)
            try statement.bind(2, connection.text)
            try statement.bind(3, codec.lookUp(.externalID, name))
            try statement.run()
        }
        for group in deletion.groups {
            let statement = try database.prepared(
                "INSERT INTO tombstone_groups (id, group_id) VALUES (?1, ?2)"
            )
            try statement.bind(1, archived.id.text)
            try statement.bind(2, group.text)
            try statement.run()
        }
    }
}
