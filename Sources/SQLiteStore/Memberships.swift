import SCIM
import Store

/// Who is in which group: one row of `members` for each.
///
/// A write touches the rows of those who come and go, whatever the size of the group.
struct Memberships {
    /// A reader, or the writer inside its transaction.
    let database: SQLiteDatabase
    /// Turns look-up texts into what is stored, and back.
    let codec: DocumentCodec
}

// MARK: - Reading

extension Memberships {
    /// The groups that a user is in, by itself and through other groups, oldest first.
    ///
    /// Groups within groups are rare: whether there are any is asked along with the direct ones, by one probe of an
    /// index for each, and only then the way up is walked.
    func groups(of row: Int64) throws -> [GroupReference] {
        var isNested = false
        let direct = try references(Self.groupsOfMember, row) { statement in
            isNested = isNested || statement.integer(2) != 0
            return true
        }
        guard isNested else { return direct }
        return try references(Self.groupsAbove, row) { $0.integer(2) != 0 }
    }

    private func references(
        _ sql: StaticString,
        _ row: Int64,
        isDirect: (SQLiteStatement) -> Bool
    ) throws -> [GroupReference] {
        let statement = try database.prepared(sql)
        defer { statement.reset() }
        try statement.bind(1, row)
        var groups: [GroupReference] = []
        while try statement.step() {
            let id = ResourceID(statement.text(0))
            let display = codec.opened(text: statement.text(1))
            groups.append(GroupReference(id: id, display: display, isDirect: isDirect(statement)))
        }
        return groups
    }

    /// The members of a group as demanded, oldest first; nil when they are not.
    func members(of group: Int64, _ demand: MemberDemand) throws -> [MemberReference]? {
        switch demand {
        case .none: return nil
        case .all: return try all(of: group)
        case .upTo(let count): return try isLarger(group, than: count) ? nil : all(of: group)
        case .among(let ids): return try ids.compactMap { try member($0, of: group)?.reference }
        }
    }

    /// All of them, read by pages: each page has the time of a search of its own, so that a large group is not taken
    /// for a costly filter.
    private func all(of group: Int64) throws -> [MemberReference] {
        var members: [MemberReference] = []
        try forEachMember(of: group) { members.append($1) }
        return members
    }

    private func forEachMember(of group: Int64, _ body: (Int64, MemberReference) -> Void) throws {
        var last: Int64 = .min
        var count = Self.pageRows
        while count == Self.pageRows {
            database.allowance.renew()
            count = 0
            let statement = try database.prepared(Self.membersOfGroup)
            defer { statement.reset() }
            try statement.bind(1, group)
            try statement.bind(2, last)
            try statement.bind(3, Self.pageRows)
            while try statement.step() {
                last = statement.integer(0)
                count += 1
                body(last, reference(statement))
            }
        }
    }

    private func isLarger(_ group: Int64, than count: Int) throws -> Bool {
        let statement = try database.prepared(Self.memberAtPlace)
        defer { statement.reset() }
        try statement.bind(1, group)
        try statement.bind(2, Int64(count))
        return try statement.step()
    }

    private func member(_ id: ResourceID, of group: Int64) throws -> (row: Int64, reference: MemberReference)?
    {
        let statement = try database.prepared(Self.memberByID)
        defer { statement.reset() }
        try statement.bind(1, group)
        try statement.bind(2, id.text)
        return try statement.step() ? (statement.integer(0), reference(statement)) : nil
    }

    /// Columns 1…3 of a statement.
    private func reference(_ statement: SQLiteStatement) -> MemberReference {
        MemberReference(
            id: ResourceID(statement.text(1)),
            type: ResourceType.Name(stored: statement.integer(2)),
            display: codec.opened(text: statement.optionalText(3) ?? "")
        )
    }
}

// MARK: - Writing

extension Memberships {
    /// Lets members of a group come and go.
    ///
    /// - Returns: Whether anybody did.
    /// - Throws: ``StoreError`` `.refused` for one whom the tenant does not have, and for brackets that choose nobody.
    func apply(_ edit: MemberEdit, to group: Int64) throws -> Bool {
        switch edit {
        case .add(let ids): return try add(ids, to: group)
        case .remove(let ids):
            return try remove(ids.compactMap { try member($0, of: group)?.row }, from: group)
        case .replaceAll(let ids): return try replaceAll(of: group, by: ids)
        case .removeChosen(let choice):
            return try remove(chosen(by: choice, in: group).map(\.row), from: group)
        case .replaceChosen(let choice, let ids, let makingMissing):
            let chosen = try chosen(by: choice, in: group)
            guard !chosen.isEmpty || makingMissing else { throw StoreError.refused(.noMemberChosen) }
            let kept = Set(ids)
            let isAnyoneGone = try remove(
                chosen.filter { !kept.contains($0.reference.id) }.map(\.row),
                from: group
            )
            return try add(ids, to: group) || isAnyoneGone
        }
    }

    private func add(_ ids: [ResourceID], to group: Int64) throws -> Bool {
        var isAnyoneNew = false
        for id in ids where try insert(try row(of: id), into: group) { isAnyoneNew = true }
        return isAnyoneNew
    }

    /// Those who stay are not touched: a list that is sent again costs its look-ups.
    private func replaceAll(of group: Int64, by ids: [ResourceID]) throws -> Bool {
        let wanted = Set(try ids.map { try row(of: $0) })
        var leaving: [Int64] = []
        try forEachMember(of: group) { row, _ in if !wanted.contains(row) { leaving.append(row) } }
        var isAnyoneNew = false
        for row in wanted where try insert(row, into: group) { isAnyoneNew = true }
        return try remove(leaving, from: group) || isAnyoneNew
    }

    private func chosen(by choice: MemberChoice, in group: Int64) throws
        -> [(row: Int64, reference: MemberReference)]
    {
        if let candidates = choice.candidates {
            return try candidates.compactMap { try member($0, of: group) }.filter {
                choice.isMet(by: $0.reference)
            }
        }
        var chosen: [(row: Int64, reference: MemberReference)] = []
        try forEachMember(of: group) { if choice.isMet(by: $1) { chosen.append(($0, $1)) } }
        return chosen
    }

    private func row(of id: ResourceID) throws -> Int64 {
        let statement = try database.prepared("SELECT row FROM resources WHERE id = ?1")
        defer { statement.reset() }
        try statement.bind(1, id.text)
        guard try statement.step() else { throw StoreError.refused(.noSuchMember) }
        return statement.integer(0)
    }

    private func insert(_ member: Int64, into group: Int64) throws -> Bool {
        let statement = try database.prepared(
            "INSERT OR IGNORE INTO members (group_row, member_row) VALUES (?1, ?2)"
        )
        try statement.bind(1, group)
        try statement.bind(2, member)
        try statement.run()
        return database.changes == 1
    }

    private func remove(_ members: [Int64], from group: Int64) throws -> Bool {
        let statement = try database.prepared("DELETE FROM members WHERE group_row = ?1 AND member_row = ?2")
        for member in members {
            try statement.bind(1, group)
            try statement.bind(2, member)
            try statement.run()
        }
        return !members.isEmpty
    }

    /// The groups that a resource is a member of, but for those of the tenant's file.
    func clientGroups(of row: Int64) throws -> [Int64] {
        let statement = try database.prepared(
            """
            SELECT m.group_row FROM members m JOIN resources g ON g.row = m.group_row
            WHERE m.member_row = ?1 AND g.target_group IS NULL
            """
        )
        defer { statement.reset() }
        try statement.bind(1, row)
        var rows: [Int64] = []
        while try statement.step() { rows.append(statement.integer(0)) }
        return rows
    }
}

// MARK: - Statements

extension Memberships {
    /// Members of one page: about a millisecond's reading.
    private static let pageRows: Int64 = 1_000

    /// The groups of a member, and whether each is itself in a group.
    static let groupsOfMember: StaticString =
        """
        SELECT g.id, g.shown_name, EXISTS (SELECT 1 FROM members WHERE member_row = g.row)
        FROM members m JOIN resources g ON g.row = m.group_row
        WHERE m.member_row = ?1 ORDER BY m.group_row
        """

    /// The groups above a member at any height, and whether it is in each itself.
    ///
    /// UNION drops what was reached before, so a circle of groups ends.
    static let groupsAbove: StaticString =
        """
        WITH RECURSIVE above (row) AS (
            SELECT group_row FROM members WHERE member_row = ?1
            UNION
            SELECT m.group_row FROM above a JOIN members m ON m.member_row = a.row
        )
        SELECT g.id, g.shown_name,
            EXISTS (SELECT 1 FROM members WHERE group_row = g.row AND member_row = ?1)
        FROM above a JOIN resources g ON g.row = a.row ORDER BY a.row
        """

    /// A page of a group's members.
    static let membersOfGroup: StaticString =
        """
        SELECT m.member_row, r.id, r.type, r.shown_name FROM members m JOIN resources r ON r.row = m.member_row
        WHERE m.group_row = ?1 AND m.member_row > ?2 ORDER BY m.member_row LIMIT ?3
        """

    /// One member of a group.
    static let memberByID: StaticString =
        """
        SELECT r.row, r.id, r.type, r.shown_name FROM resources r CROSS JOIN members m
            ON m.group_row = ?1 AND m.member_row = r.row
        WHERE r.id = ?2
        """

    /// The member at a place, counted from 0: whether there are more than so many.
    static let memberAtPlace: StaticString =
        "SELECT member_row FROM members WHERE group_row = ?1 LIMIT 1 OFFSET ?2"
}
