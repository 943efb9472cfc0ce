import SCIM
import Store
import Tenancy

/// The rows of a tenant's activity.
struct ActivityRows {
    /// A writer inside a transaction, or a reader.
    let database: SQLiteDatabase

    /// Entries that one transaction removes: more would make writers wait.
    static let removal = 1_000

    /// Adds the entry of a write, if it is to leave one.
    func add(_ entry: ActivityEntry?) throws {
        guard let entry else { return }
        let statement = try database.prepared(
            """
            INSERT INTO activity (time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
            """
        )
        try statement.bind(1, entry.time.milliseconds)
        try statement.bind(2, entry.kind.rawValue)
        try statement.bind(3, Int64(entry.outcome.rawValue))
        try bind(statement, entry.origin)
        try statement.bind(13, entry.resource?.type.stored)
        try statement.bind(14, entry.resource?.id.text)
        try statement.bind(15, Self.lines(entry.changed))
        try statement.bind(16, Self.lines(entry.notes))
        try statement.bind(17, entry.status.map(Int64.init))
        try statement.bind(18, entry.scimType)
        try statement.bind(19, entry.reason)
        try statement.bind(20, entry.explanation)
        try statement.bind(21, entry.milliseconds.map(Int64.init))
        try statement.bind(22, Int64(entry.count))
        try statement.run()
    }

    private func bind(_ statement: SQLiteStatement, _ origin: ActivityOrigin) throws {
        try statement.bind(4, origin.actor)
        try statement.bind(5, origin.connection?.text)
        try statement.bind(6, origin.targetGroup?.text)
        try statement.bind(7, origin.tokenID?.text)
        try statement.bind(8, origin.requestID)
        try statement.bind(9, origin.operation)
        try statement.bind(10, origin.clientAddress)
        try statement.bind(11, origin.httpVersion)
        try statement.bind(12, origin.userAgent)
    }

    /// Adds counted requests to those of their minute.
    func add(_ reads: ActivityReads) throws {
        let statement = try database.prepared(
            """
            INSERT INTO activity_reads (minute, connection, kind, count, last) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, last = max(last, excluded.last)
            """
        )
        try statement.bind(1, reads.minute.milliseconds)
        try statement.bind(2, reads.connection.text)
        try statement.bind(3, reads.kind.rawValue)
        try statement.bind(4, Int64(reads.count))
        try statement.bind(5, reads.last.milliseconds)
        try statement.run()
    }

    /// Removes the oldest entries that are older than that; gives how many, ``removal`` when there may be more.
    ///
    /// The newest entry stays, so that no number is used again.
    func remove(before moment: Timestamp) throws -> Int {
        let reads = try database.prepared("DELETE FROM activity_reads WHERE minute < ?1")
        try reads.bind(1, moment.milliseconds)
        try reads.run()
        let statement = try database.prepared(
            """
            DELETE FROM activity WHERE time < ?1 AND number < (SELECT max(number) FROM activity)
                AND number IN (SELECT number FROM activity ORDER BY number LIMIT ?2)
            """
        )
        try statement.bind(1, moment.milliseconds)
        try statement.bind(2, Int64(Self.removal))
        try statement.run()
        return database.changes
    }

    private static func lines(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.joined(separator: "\n")
    }
}

// MARK: - Reading

extension ActivityRows {
    /// What is asked for, oldest first.
    func page(_ query: ActivityQuery) throws -> ActivityPage {
        let newest = try database.integer("SELECT ifnull(max(number), 0) FROM activity")
        let found = try query.after == nil ? newestEntries(query) : entries(query)
        return query.page(found: found, reads: try query.asksForReads ? counted(query) : [], newest: newest)
    }

    /// From the newest back to the first that is too old.
    private func newestEntries(_ query: ActivityQuery) throws -> [(number: Int64, entry: ActivityEntry)] {
        let statement = try database.prepared(
            """
            SELECT number, time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count
            FROM activity WHERE (?1 = 0 OR outcome <> 1) AND (?2 IS NULL OR request_id = ?2) ORDER BY number DESC
            """
        )
        defer { statement.reset() }
        try statement.bind(1, query.onlyProblems ? 1 : 0)
        try statement.bind(2, query.requestID)
        return try entries(of: statement, query).reversed()
    }

    /// From the reader's place on.
    private func entries(_ query: ActivityQuery) throws -> [(number: Int64, entry: ActivityEntry)] {
        let statement = try database.prepared(
            """
            SELECT number, time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count
            FROM activity WHERE number > ?3 AND (?1 = 0 OR outcome <> 1) AND (?2 IS NULL OR request_id = ?2)
            ORDER BY number
            """
        )
        defer { statement.reset() }
        try statement.bind(1, query.onlyProblems ? 1 : 0)
        try statement.bind(2, query.requestID)
        try statement.bind(3, query.after?.number ?? 0)
        return try entries(of: statement, query)
    }

    private func entries(of statement: SQLiteStatement, _ query: ActivityQuery)
        throws -> [(number: Int64, entry: ActivityEntry)]
    {
        var entries: [(number: Int64, entry: ActivityEntry)] = []
        while entries.count < query.count, try statement.step() {
            guard let entry = entry(statement) else { continue }
            if let since = query.since, entry.time < since {
                // Times rise with the numbers, but for a clock that was set back.
                if query.after == nil { break }
                continue
            }
            entries.append((statement.integer(0), entry))
        }
        return entries
    }

    /// The row that the statement is at; nil for a kind of which this program knows nothing.
    private func entry(_ row: SQLiteStatement) -> ActivityEntry? {
        guard let kind = ActivityKind(rawValue: row.text(2)),
            let outcome = ActivityOutcome(rawValue: Int(row.integer(3)))
        else { return nil }
        var origin = ActivityOrigin(actor: row.text(4))
        origin.connection = row.optionalText(5).map { Connection.ID($0) }
        origin.targetGroup = row.optionalText(6).map { TargetGroup.ID($0) }
        origin.tokenID = row.optionalText(7).flatMap { AccessToken.ID($0) }
        origin.requestID = row.optionalText(8)
        origin.operation = row.optionalText(9)
        origin.clientAddress = row.optionalText(10)
        origin.httpVersion = row.optionalText(11)
        origin.userAgent = row.optionalText(12)
        var entry = ActivityEntry(kind, outcome, at: Timestamp(milliseconds: row.integer(1)), by: origin)
        if let type = row.optionalInteger(13).map(ResourceType.Name.init(stored:)),
            let id = row.optionalText(14)
        {
            entry.resource = .init(type, ResourceID(id))
        }
        entry.changed = Self.names(row.optionalText(15))
        entry.notes = Self.names(row.optionalText(16))
        entry.status = row.optionalInteger(17).map { Int($0) }
        entry.scimType = row.optionalText(18)
        entry.reason = row.optionalText(19)
        entry.explanation = row.optionalText(20)
        entry.milliseconds = row.optionalInteger(21).map { Int($0) }
        entry.count = Int(row.integer(22))
        return entry
    }

    private func counted(_ query: ActivityQuery) throws -> [ActivityReads] {
        let statement =
            query.after == nil
            ? try database.prepared(
                """
                SELECT minute, connection, kind, count, last FROM activity_reads
                WHERE minute > ?1 AND last >= ?2 AND minute < ?3
                ORDER BY minute DESC, connection DESC, kind DESC LIMIT ?4
                """
            )
            : try database.prepared(
                """
                SELECT minute, connection, kind, count, last FROM activity_reads
                WHERE minute > ?1 AND last >= ?2 AND minute < ?3 ORDER BY minute, connection, kind LIMIT ?4
                """
            )
        defer { statement.reset() }
        try statement.bind(1, (query.after ?? .start).minute.milliseconds)
        try statement.bind(2, query.since?.milliseconds ?? .min)
        try statement.bind(3, query.countedBefore?.milliseconds ?? .max)
        try statement.bind(4, Int64(query.count))
        var found: [ActivityReads] = []
        while try statement.step() {
            guard let kind = ActivityKind(rawValue: statement.text(2)) else { continue }
            found.append(
                ActivityReads(
                    kind,
                    through: Connection.ID(statement.text(1)),
                    minute: Timestamp(milliseconds: statement.integer(0)),
                    count: Int(statement.integer(3)),
                    last: Timestamp(milliseconds: statement.integer(4))
                )
            )
        }
        return query.after == nil ? found.reversed() : found
    }

    private static func names(_ lines: String?) -> [String] {
        lines?.split(separator: "\n").map(String.init) ?? []
    }
}
