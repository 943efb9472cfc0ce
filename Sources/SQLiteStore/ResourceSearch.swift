import SCIM
import Store
import Tenancy

/// Finds the resources of one query on one connection, in the order of their rows.
///
/// Keeps the rows of the page only.
struct ResourceSearch {
    /// Reads the resources.
    let rows: ResourceRows
    /// What is asked.
    let query: StoreQuery

    private var database: SQLiteDatabase { rows.database }

    /// The matches when the index alone decides: nothing is parsed.
    func page(where equality: IndexedEquality) throws -> StoredPage {
        var page = PageCollector(query)
        guard let candidates = try candidates(where: equality) else { return page.page }
        defer { candidates.reset() }
        while try candidates.step() {
            let isOnPage = page.count()
            if isOnPage, let found = try rows.found(row: candidates.integer(0), members: query.members) {
                page.append(found.resource)
            }
        }
        return page.page
    }

    /// The matches of any condition, in one snapshot.
    func page() throws -> StoredPage {
        try database.execute("BEGIN")
        // A transaction that only read: what ends it does not matter.
        defer { try? database.execute("COMMIT") }
        if query.filter?.isImpossible == true { return StoredPage(totalResults: 0, resources: []) }
        if let sort = query.sort { return try page(sortedBy: sort) }
        guard let filter = query.filter else { return try pageOfAll() }
        if let equality = filter.isExactly { return try page(where: equality) }
        return try page(where: filter)
    }

    private func page(where filter: ResolvedFilter) throws -> StoredPage {
        var page = PageCollector(query)
        try forEachMatch(of: filter) { row, resource, _ in
            if page.count() { page.append(try shown(resource, row)) }
        }
        return page.page
    }

    /// All matches are read for their keys, and those of the page once more; only keys and rows are kept meanwhile.
    private func page(sortedBy sort: ResolvedSort) throws -> StoredPage {
        var matches: [(key: ResolvedSort.Key, row: Int64)] = []
        try forEachMatch(of: query.filter) { row, _, view in matches.append((sort.key(of: view), row)) }
        // The rows count up with age, which decides between equal keys in both directions.
        matches.sort { left, right in
            if sort.isBefore(left.key, right.key) { return true }
            return !sort.isBefore(right.key, left.key) && left.row < right.row
        }
        let page = matches.dropFirst(max(0, query.offset)).prefix(max(0, query.count))
        return StoredPage(
            totalResults: matches.count,
            resources: try page.compactMap { try rows.found(row: $0.row, members: query.members)?.resource }
        )
    }

    /// Candidates by the first equality, or else every row; each is asked the whole condition.
    private func forEachMatch(
        of filter: ResolvedFilter?,
        _ body: (Int64, StoredResource, ResourceView) throws -> Void
    )
        throws
    {
        let demand = query.memberDemand
        let byIndex = try filter?.equalities.first.map { try candidates(where: $0) }
        guard let candidates = try byIndex ?? allRows() else { return }
        defer { candidates.reset() }
        while try candidates.step() {
            try database.allowance.check()
            let row = candidates.integer(0)
            guard let found = try rows.found(row: row, members: demand) else { continue }
            let view = found.resource.view(locationPrefix: query.locationPrefix)
            guard filter?.matches(view) ?? true else { continue }
            try body(row, found.resource, view)
        }
    }

    /// A match with the members that the page shows, which may be others than the filter asked about.
    private func shown(_ match: StoredResource, _ row: Int64) throws -> StoredResource {
        guard match.type == .group else { return match }
        let memberships = Memberships(database: database, codec: rows.codec)
        return match.showing(try memberships.members(of: row, query.members))
    }

    private func pageOfAll() throws -> StoredPage {
        let total = try count()
        var resources: [StoredResource] = []
        let page = try allRows(limit: query.count, offset: query.offset)
        defer { page.reset() }
        while try page.step() {
            if let found = try rows.found(row: page.integer(0), members: query.members) {
                resources.append(found.resource)
            }
        }
        return StoredPage(totalResults: total, resources: resources)
    }

    private func count() throws -> Int {
        guard let type = query.type else {
            return Int(try database.integer("SELECT count(*) FROM resources"))
        }
        let statement = try database.prepared("SELECT count(*) FROM resources WHERE type = ?1")
        defer { statement.reset() }
        try statement.bind(1, type.stored)
        return try statement.step() ? Int(statement.integer(0)) : 0
    }
}

// MARK: - Which rows

extension ResourceSearch {
    /// The rows that fulfil an equality, in order; nil when there can be none.
    ///
    /// The type is compared by an expression that no index serves: it must never be the planner's choice.
    func candidates(where equality: IndexedEquality) throws -> SQLiteStatement? {
        let statement = try database.prepared(Self.sql(for: equality))
        if case .externalID = equality {
            guard let connection = rows.connection else { return nil }
            try statement.bind(3, connection.text)
        }
        try statement.bind(1, equality.stored(by: rows.codec))
        try statement.bind(2, query.type?.stored)
        return statement
    }

    /// The statement for an equality.
    ///
    /// `?1` is the text, `?2` the type or NULL, `?3` the connection.
    static func sql(for equality: IndexedEquality) -> StaticString {
        switch equality {
        case .id:
            "SELECT row FROM resources WHERE id = ?1 AND (?2 IS NULL OR type = ?2)"
        case .userName:
            "SELECT row FROM resources WHERE user_name = ?1 AND (?2 IS NULL OR type = ?2)"
        case .externalID:
            """
            SELECT r.row FROM external_ids e CROSS JOIN resources r ON r.row = e.resource
            WHERE e.connection = ?3 AND e.external_id = ?1 AND (?2 IS NULL OR r.type = ?2)
            """
        case .employeeNumber:
            "SELECT row FROM resources WHERE employee_number = ?1 AND (?2 IS NULL OR type = ?2) ORDER BY row"
        case .managerValue:
            "SELECT row FROM resources WHERE manager_value = ?1 AND (?2 IS NULL OR type = ?2) ORDER BY row"
        case .displayName:
            "SELECT row FROM resources WHERE display_name = ?1 AND (?2 IS NULL OR type = ?2) ORDER BY row"
        case .memberValue:
            """
            SELECT g.row FROM resources u CROSS JOIN members m ON m.member_row = u.row
                CROSS JOIN resources g ON g.row = m.group_row
            WHERE u.id = ?1 AND (?2 IS NULL OR g.type = ?2) ORDER BY m.group_row
            """
        case .emailValue:
            """
            SELECT r.row FROM emails e CROSS JOIN resources r ON r.row = e.resource
            WHERE e.value = ?1 AND (?2 IS NULL OR r.type = ?2) ORDER BY e.resource
            """
        }
    }

    /// All rows of the type, in order; a negative limit is none.
    private func allRows(limit: Int = -1, offset: Int = 0) throws -> SQLiteStatement {
        guard let type = query.type else {
            let statement = try database.prepared("SELECT row FROM resources ORDER BY row LIMIT ?1 OFFSET ?2")
            try statement.bind(1, Int64(limit))
            try statement.bind(2, Int64(offset))
            return statement
        }
        let statement = try database.prepared(
            "SELECT row FROM resources WHERE type = ?3 ORDER BY row LIMIT ?1 OFFSET ?2"
        )
        try statement.bind(1, Int64(limit))
        try statement.bind(2, Int64(offset))
        try statement.bind(3, type.stored)
        return statement
    }
}

/// Counts all matches and keeps those of the page.
private struct PageCollector {
    private let wanted: Range<Int>
    private var total = 0
    private var resources: [StoredResource] = []

    init(_ query: StoreQuery) {
        let offset = max(0, query.offset)
        let (end, overflows) = offset.addingReportingOverflow(max(0, query.count))
        wanted = offset..<(overflows ? Int.max : end)
    }

    /// Counts one match, and tells whether it is on the page.
    mutating func count() -> Bool {
        defer { total += 1 }
        return wanted.contains(total)
    }

    mutating func append(_ resource: StoredResource) {
        resources.append(resource)
    }

    var page: StoredPage { StoredPage(totalResults: total, resources: resources) }
}

extension IndexedEquality {
    /// What stands in the column that the equality is about.
    fileprivate func stored(by codec: DocumentCodec) -> String {
        switch self {
        case .id(let text), .memberValue(let text): text
        case .userName(let text): codec.lookUp(.userName, text)
        case .externalID(let text): codec.lookUp(.externalID, text)
        case .employeeNumber(let text): codec.lookUp(.employeeNumber, text)
        case .managerValue(let text): codec.lookUp(.managerValue, text)
        case .displayName(let text): codec.lookUp(.displayName, text)
        case .emailValue(let text): codec.lookUp(.email, text)
        }
    }
}
