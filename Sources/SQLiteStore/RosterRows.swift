import SCIM
import Store
import Tenancy

/// Resources, records of deleted ones and memberships, as operators list them.
struct RosterRows {
    /// A reader inside a transaction.
    let database: SQLiteDatabase
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec

    /// The resources that are asked for, oldest first.
    func page(_ query: RosterQuery) throws -> RosterPage {
        switch query.kind {
        case .living: try living(query)
        case .deleted: try deleted(query)
        }
    }

    /// Who is in which group by itself.
    func memberships(after place: MembershipPlace, count: Int) throws -> MembershipPage {
        let statement = try database.prepared(
            """
            SELECT m.group_row, m.member_row, g.id, r.id FROM members m
                JOIN resources g ON g.row = m.group_row JOIN resources r ON r.row = m.member_row
            WHERE (m.group_row, m.member_row) > (?1, ?2) ORDER BY m.group_row, m.member_row LIMIT ?3
            """
        )
        defer { statement.reset() }
        try statement.bind(1, place.group)
        try statement.bind(2, place.member)
        try statement.bind(3, Int64(count) + 1)
        var memberships: [Membership] = []
        var last = place
        while try statement.step() {
            guard memberships.count < count else {
                return MembershipPage(memberships: memberships, next: last)
            }
            last = MembershipPlace(group: statement.integer(0), member: statement.integer(1))
            memberships.append(
                Membership(group: ResourceID(statement.text(2)), member: ResourceID(statement.text(3)))
            )
        }
        return MembershipPage(memberships: memberships, next: nil)
    }
}

// MARK: - Resources that are there

extension RosterRows {
    private func living(_ query: RosterQuery) throws -> RosterPage {
        let rows = ResourceRows(database: database, connection: query.viewer.connection, codec: codec)
        guard let candidates = try candidates(query, rows) else { return RosterPage(entries: [], next: nil) }
        defer { candidates.reset() }
        var entries: [RosterEntry] = []
        var seen = 0
        var last = query.after
        while try candidates.step() {
            guard entries.count < query.count, seen < RosterQuery.rowsPerPage else {
                return RosterPage(entries: entries, next: last)
            }
            last = candidates.integer(0)
            seen += 1
            guard let found = try rows.found(row: last),
                query.isMet(by: found.resource, owner: found.owner), try isInGroup(last, query.group)
            else { continue }
            entries.append(
                RosterEntry(
                    row: last,
                    resource: found.resource,
                    owner: found.owner,
                    targetGroup: found.isTargetGroup ? try targetGroup(of: last) : nil,
                    externalIDs: try externalIDs(of: last)
                )
            )
        }
        return RosterPage(entries: entries, next: nil)
    }

    /// Rows that may be wanted, in order: by an equality of the filter where an index has it, else by owner.
    private func candidates(_ query: RosterQuery, _ rows: ResourceRows) throws -> SQLiteStatement? {
        if let equality = query.filter?.equalities.first {
            let start = PageStart.cursor(after: PagePosition(row: query.after, totalResults: 0))
            let search = StoreQuery(type: query.type, filter: query.filter, start: start, count: query.count)
            return try ResourceSearch(rows: rows, query: search).candidates(where: equality)
        }
        let statement = try database.prepared(Self.sql(forOwner: query.owner))
        try statement.bind(1, query.after)
        try statement.bind(2, query.type?.stored)
        try statement.bind(3, query.group?.text)
        if case .connection(let connection) = query.owner { try statement.bind(4, connection.text) }
        return statement
    }

    /// The statement for rows of an owner: `?1` is the row after which to begin, `?2` the type or NULL, `?3` the target
    /// group or NULL, `?4` the connection.
    private static func sql(forOwner owner: RosterQuery.Owner) -> StaticString {
        switch owner {
        case .any:
            """
            SELECT row FROM resources WHERE row > ?1 AND (?2 IS NULL OR type = ?2) AND (?3 IS NULL OR EXISTS
                (SELECT 1 FROM members m JOIN resources g ON g.row = m.group_row
                WHERE m.member_row = resources.row AND g.target_group = ?3))
            ORDER BY row
            """
        case .nobody:
            """
            SELECT row FROM resources WHERE row > ?1 AND (?2 IS NULL OR type = ?2) AND managed_by IS NULL
                AND (?3 IS NULL OR EXISTS (SELECT 1 FROM members m JOIN resources g ON g.row = m.group_row
                WHERE m.member_row = resources.row AND g.target_group = ?3))
            ORDER BY row
            """
        case .connection:
            """
            SELECT row FROM resources WHERE managed_by = ?4 AND row > ?1 AND (?2 IS NULL OR type = ?2)
                AND (?3 IS NULL OR EXISTS (SELECT 1 FROM members m JOIN resources g ON g.row = m.group_row
                WHERE m.member_row = resources.row AND g.target_group = ?3))
            ORDER BY row
            """
        }
    }

    private func isInGroup(_ row: Int64, _ group: TargetGroup.ID?) throws -> Bool {
        guard let group else { return true }
        let statement = try database.prepared(
            """
            SELECT 1 FROM members m JOIN resources g ON g.row = m.group_row
            WHERE m.member_row = ?1 AND g.target_group = ?2
            """
        )
        defer { statement.reset() }
        try statement.bind(1, row)
        try statement.bind(2, group.text)
        return try statement.step()
    }

    private func targetGroup(of row: Int64) throws -> TargetGroup.ID? {
        let statement = try database.prepared("SELECT target_group FROM resources WHERE row = ?1")
        defer { statement.reset() }
        try statement.bind(1, row)
        return try statement.step() ? statement.optionalText(0).map { TargetGroup.ID($0) } : nil
    }

    private func externalIDs(of row: Int64) throws -> [Connection.ID: String] {
        let statement = try database.prepared(
            "SELECT connection, external_id FROM external_ids WHERE resource = ?1"
        )
        try statement.bind(1, row)
        return try names(statement)
    }

    private func names(_ statement: SQLiteStatement) throws -> [Connection.ID: String] {
        defer { statement.reset() }
        var names: [Connection.ID: String] = [:]
        while try statement.step() { names[Connection.ID(statement.text(0))] = statement.text(1) }
        return names
    }
}

// MARK: - Records of deleted resources

extension RosterRows {
    private func deleted(_ query: RosterQuery) throws -> RosterPage {
        let group = try query.group.map { try id(of: $0) }
        let statement = try database.prepared(Self.tombstones)
        defer { statement.reset() }
        try statement.bind(1, query.after)
        try statement.bind(2, query.type?.stored)
        var entries: [RosterEntry] = []
        var seen = 0
        var last = query.after
        while try statement.step() {
            guard entries.count < query.count, seen < RosterQuery.rowsPerPage else {
                return RosterPage(entries: entries, next: last)
            }
            last = statement.integer(0)
            seen += 1
            let entry = try entry(statement, for: query.viewer)
            guard query.isMet(by: entry.resource, owner: entry.owner) else { continue }
            if let group {
                guard let group, entry.deletion?.groups.contains(group) ?? false else { continue }
            }
            entries.append(entry)
        }
        return RosterPage(entries: entries, next: nil)
    }

    /// The record of a deleted resource, or nil.
    func tombstone(_ id: ResourceID) throws -> RosterEntry? {
        let statement = try database.prepared(Self.tombstoneByID)
        defer { statement.reset() }
        try statement.bind(1, id.text)
        return try statement.step() ? try entry(statement, for: .nobody) : nil
    }

    private func entry(_ statement: SQLiteStatement, for viewer: Viewer) throws -> RosterEntry {
        let id = statement.text(1)
        let names = try tombstoneNames(of: id)
        let resource = StoredResource(
            type: ResourceType.Name(stored: statement.integer(2)),
            id: ResourceID(id),
            version: ResourceVersion(statement.integer(3)),
            created: Timestamp(milliseconds: statement.integer(4)),
            lastModified: Timestamp(milliseconds: statement.integer(5)),
            document: codec.opened(document: statement.bytes(11)),
            splices: DocumentSplices(
                externalID: Int(statement.integer(7)),
                manager: statement.optionalInteger(8).map { Int($0) },
                groups: Int(statement.integer(9)),
                location: Int(statement.integer(10))
            ),
            writtenSet: AttributeSet(stored: statement.integer(6)),
            externalID: viewer.connection.flatMap { names[$0] },
            groups: [],
            managerReference: nil
        )
        return RosterEntry(
            row: statement.integer(0),
            resource: resource,
            owner: statement.optionalText(12).map { Connection.ID($0) },
            targetGroup: nil,
            externalIDs: names,
            deletion: .init(
                at: Timestamp(milliseconds: statement.integer(13)),
                groups: try tombstoneGroups(of: id)
            )
        )
    }

    private func tombstoneNames(of id: String) throws -> [Connection.ID: String] {
        let statement = try database.prepared(
            "SELECT connection, external_id FROM tombstone_external_ids WHERE id = ?1"
        )
        try statement.bind(1, id)
        return try names(statement)
    }

    private func tombstoneGroups(of id: String) throws -> [ResourceID] {
        let statement = try database.prepared("SELECT group_id FROM tombstone_groups WHERE id = ?1")
        defer { statement.reset() }
        try statement.bind(1, id)
        var groups: [ResourceID] = []
        while try statement.step() { groups.append(ResourceID(statement.text(0))) }
        return groups
    }

    private func id(of group: TargetGroup.ID) throws -> ResourceID? {
        let statement = try database.prepared("SELECT id FROM resources WHERE target_group = ?1")
        defer { statement.reset() }
        try statement.bind(1, group.text)
        return try statement.step() ? ResourceID(statement.text(0)) : nil
    }

    private static let tombstones: StaticString =
        """
        SELECT rowid, id, type, version, created, last_modified, attribute_set, splice_external_id, splice_manager,
            splice_groups, splice_location, document, managed_by, deleted_at
        FROM tombstones WHERE rowid > ?1 AND (?2 IS NULL OR type = ?2) ORDER BY rowid
        """

    private static let tombstoneByID: StaticString =
        """
        SELECT rowid, id, type, version, created, last_modified, attribute_set, splice_external_id, splice_manager,
            splice_groups, splice_location, document, managed_by, deleted_at
        FROM tombstones WHERE id = ?1
        """
}
