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
    /// Members of groups after which a page ends: it is the answer that must stay small, not the page's count of groups.
    var memberLimit = MemberLimits.page

    private var database: SQLiteDatabase { rows.database }

    /// The matches when the index alone decides: nothing is parsed.
    ///
    /// Each resource of the page is also told with what only its row has.
    func page(where equality: IndexedEquality, telling: (ResourceRows.Found) -> Void = { _ in }) throws
        -> StoredPage
    {
        var page = PageCollector(query, memberLimit: memberLimit)
        guard let candidates = try candidates(where: equality) else { return page.page }
        defer { candidates.reset() }
        while try !page.isComplete && candidates.step() {
            let row = candidates.integer(0)
            if page.takes(row), let found = try rows.found(row: row, members: query.members) {
                page.append(found.resource)
                telling(found)
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
        var page = PageCollector(query, memberLimit: memberLimit)
        try forEachMatch(of: filter) { row, resource, _ in
            if page.takes(row) { page.append(try shown(resource, row)) }
            return !page.isComplete
        }
        return page.page
    }

    /// All matches are read for their keys, and those of the page once more; only keys and rows are kept meanwhile.
    ///
    /// No index holds the order, so that each page of a walk by cursor reads all again; what earlier pages gave is not
    /// kept.
    private func page(sortedBy sort: ResolvedSort) throws -> StoredPage {
        var count = 0
        var rest: [(key: ResolvedSort.Key, row: Int64)] = []
        try forEachMatch(of: query.filter) { row, _, view in
            count += 1
            let key = query.key(of: view, by: sort)
            if query.isAfterStart(row, key) { rest.append((key, row)) }
            return true
        }
        rest.sort(by: sort.isBefore)
        let total = query.start.position?.totalResults ?? count
        let page = rest.dropFirst(query.start.offset).prefix(max(0, query.count))
        var resources: [StoredResource] = []
        var members = 0
        for match in page where members < memberLimit {
            guard let found = try rows.found(row: match.row, members: query.members) else { continue }
            resources.append(found.resource)
            members += found.resource.members?.count ?? 0
        }
        let hasNext = query.start.isByCursor && resources.count < rest.count
        return StoredPage(
            totalResults: total,
            resources: resources,
            next: hasNext
                ? page.prefix(resources.count).last.map {
                    PagePosition(row: $0.row, key: $0.key, totalResults: total)
                } : nil
        )
    }

    /// Candidates by the first equality, or else every row; each is asked the whole condition.
    ///
    /// Ends early when the body gives false.
    private func forEachMatch(
        of filter: ResolvedFilter?,
        _ body: (Int64, StoredResource, ResourceView) throws -> Bool
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
            guard try body(row, found.resource, view) else { return }
        }
    }

    /// A match with the members that the page shows, which may be others than the filter asked about.
    private func shown(_ match: StoredResource, _ row: Int64) throws -> StoredResource {
        guard match.type == .group else { return match }
        let memberships = Memberships(database: database, codec: rows.codec)
        return match.showing(try memberships.members(of: row, query.members))
    }

    private func pageOfAll() throws -> StoredPage {
        var page = PageCollector(
            query,
            offset: 0,
            totalResults: try query.start.position?.totalResults ?? count(),
            memberLimit: memberLimit
        )
        let all = try allRows(offset: query.start.offset)
        defer { all.reset() }
        while try !page.isComplete && all.step() {
            let row = all.integer(0)
            if page.takes(row), let found = try rows.found(row: row, members: query.members) {
                page.append(found.resource)
            }
        }
        return page.page
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
        try statement.bind(4, lastRow)
        return statement
    }

    /// The row after which the page begins; 0, which no row has, where every row must be looked at.
    private var lastRow: Int64 {
        query.sort == nil ? query.start.position?.row ?? 0 : 0
    }

    /// The statement for an equality.
    ///
    /// `?1` is the text, `?2` the type or NULL, `?3` the connection, `?4` the row after which to begin.
    static func sql(for equality: IndexedEquality) -> StaticString {
        switch equality {
        case .id:
            "SELECT row FROM resources WHERE id = ?1 AND row > ?4 AND (?2 IS NULL OR type = ?2)"
        case .userName:
            "SELECT row FROM resources WHERE user_name = ?1 AND row > ?4 AND (?2 IS NULL OR type = ?2)"
        case .externalID:
            """
            SELECT r.row FROM external_ids e CROSS JOIN resources r ON r.row = e.resource
            WHERE e.connection = ?3 AND e.external_id = ?1 AND e.resource > ?4 AND (?2 IS NULL OR r.type = ?2)
            """
        case .employeeNumber:
            """
            SELECT row FROM resources
            WHERE employee_number = ?1 AND row > ?4 AND (?2 IS NULL OR type = ?2) ORDER BY row
            """
        case .managerValue:
            """
            SELECT row FROM resources
            WHERE manager_value = ?1 AND row > ?4 AND (?2 IS NULL OR type = ?2) ORDER BY row
            """
        case .displayName:
            """
            SELECT row FROM resources
            WHERE display_name = ?1 AND row > ?4 AND (?2 IS NULL OR type = ?2) ORDER BY row
            """
        case .memberValue:
            """
            SELECT g.row FROM resources u CROSS JOIN members m ON m.member_row = u.row
                CROSS JOIN resources g ON g.row = m.group_row
            WHERE u.id = ?1 AND m.group_row > ?4 AND (?2 IS NULL OR g.type = ?2) ORDER BY m.group_row
            """
        case .emailValue:
            """
            SELECT r.row FROM emails e CROSS JOIN resources r ON r.row = e.resource
            WHERE e.value = ?1 AND e.resource > ?4 AND (?2 IS NULL OR r.type = ?2) ORDER BY e.resource
            """
        }
    }

    /// The rows of the type after the one where the page begins, in order, without the first so many.
    private func allRows(offset: Int = 0) throws -> SQLiteStatement {
        let statement = try database.prepared(Self.sql(forRowsOf: query.type))
        try statement.bind(1, lastRow)
        try statement.bind(2, Int64(offset))
        if let type = query.type { try statement.bind(3, type.stored) }
        return statement
    }

    /// The statement for rows of the type, or of all.
    ///
    /// `?1` is the row after which to begin, `?2` how many to pass over, `?3` the type.
    static func sql(forRowsOf type: ResourceType.Name?) -> StaticString {
        type == nil
            ? "SELECT row FROM resources WHERE row > ?1 ORDER BY row LIMIT -1 OFFSET ?2"
            : "SELECT row FROM resources WHERE type = ?3 AND row > ?1 ORDER BY row LIMIT -1 OFFSET ?2"
    }
}

/// Gathers the matches of one page as they come in their order, and knows when it has seen enough.
private struct PageCollector {
    private let query: StoreQuery
    private var wanted: Range<Int>
    private let memberLimit: Int
    private var members = 0
    /// How many match in all, where that is known: then nothing is counted beyond the page.
    private let totalResults: Int?
    private var seen = 0
    private var lastRow: Int64 = 0
    private var resources: [StoredResource] = []

    /// A page whose matches are counted, unless an earlier page of the walk has counted them.
    init(_ query: StoreQuery, memberLimit: Int) {
        self.init(
            query,
            offset: query.start.offset,
            totalResults: query.start.position?.totalResults,
            memberLimit: memberLimit
        )
    }

    /// A page after so many of the matches that come.
    init(_ query: StoreQuery, offset: Int, totalResults: Int?, memberLimit: Int) {
        let (end, overflows) = offset.addingReportingOverflow(max(0, query.count))
        wanted = offset..<(overflows ? Int.max : end)
        self.query = query
        self.totalResults = totalResults
        self.memberLimit = memberLimit
    }

    /// Whether the page, and that there is more after it, is known.
    var isComplete: Bool { totalResults != nil && seen > wanted.upperBound }

    /// Counts one match, and tells whether it is on the page.
    mutating func takes(_ row: Int64) -> Bool {
        defer { seen += 1 }
        guard wanted.contains(seen) else { return false }
        lastRow = row
        return true
    }

    /// Adds the match that was taken last; ends the page when its groups have members enough.
    mutating func append(_ resource: StoredResource) {
        resources.append(resource)
        members += resource.members?.count ?? 0
        if members >= memberLimit { wanted = wanted.lowerBound..<min(seen, wanted.upperBound) }
    }

    var page: StoredPage {
        let total = totalResults ?? seen
        let hasNext = query.start.isByCursor && seen > wanted.upperBound
        return StoredPage(
            totalResults: total,
            resources: resources,
            next: hasNext ? PagePosition(row: lastRow, totalResults: total) : nil
        )
    }
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
