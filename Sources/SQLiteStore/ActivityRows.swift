import SCIM
import Store
import Tenancy

/// The rows of a tenant's activity.
struct ActivityRows {
    /// A writer inside a transaction, or a reader.
    let database: SQLiteDatabase

    /// Entries that one transaction removes: more would make writers wait.
    static let removal = 1_000

    /// Adds the entry of a write, if it is to leave one, to the end of the chain.
    func add(_ entry: ActivityEntry?, _ chain: ActivityChain) throws {
        guard let entry else { return }
        let fields = entry.fields
        let link = chain.link(after: try database.memory.newestLink ?? newestLink(), fields)
        let statement = try database.prepared(
            """
            INSERT INTO activity (number, hash, time, kind, outcome, actor, connection, target_group, token_id, request_id,
                operation, client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status,
                scim_type, reason, explanation, milliseconds, count, network, tls_version, quirks, user_name, external_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                ?23, ?24, ?25, ?26, ?27, ?28, ?29)
            """
        )
        try statement.bind(1, link.number)
        try statement.bind(2, link.hash)
        for index in fields.indices {
            let parameter = Int32(index + 3)
            switch fields[index] {
            // What is not bound is NULL.
            case .nothing: continue
            case .integer(let number): try statement.bind(parameter, number)
            case .text(let text): try statement.bind(parameter, text)
            }
        }
        try statement.run()
        database.memory.newestLink = link
    }

    /// The place after which the next entry comes.
    private func newestLink() throws -> ActivityChain.Link {
        let statement = try database.prepared(
            "SELECT number, hash FROM activity ORDER BY number DESC LIMIT 1"
        )
        defer { statement.reset() }
        // Entries of before there was a chain have no hash: the first one after them begins it.
        guard try statement.step(), !statement.isNull(1) else { return try anchor() }
        return ActivityChain.Link(number: statement.integer(0), hash: statement.bytes(1))
    }

    /// The place after which the chain begins.
    private func anchor() throws -> ActivityChain.Link {
        let statement = try database.prepared("SELECT number, hash FROM activity_chain")
        defer { statement.reset() }
        guard try statement.step() else {
            throw StoreError.unusable("The activity has lost its chain's begin.")
        }
        return ActivityChain.Link(number: statement.integer(0), hash: statement.bytes(1))
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

    /// Removes the oldest entries, up to the first that is not older than that; gives how many, ``removal`` when there
    /// may be more.
    ///
    /// The chain begins after the last of them then. The newest entry stays, so that no number is used again. Times rise
    /// with the numbers but for a clock that was set back: what comes after a younger entry stays as long as it does, so
    /// that the chain has no gap.
    func remove(before moment: Timestamp) throws -> Int {
        let reads = try database.prepared("DELETE FROM activity_reads WHERE minute < ?1")
        try reads.bind(1, moment.milliseconds)
        try reads.run()
        guard let last = try lastRemovable(before: moment) else { return 0 }
        let anchor = try database.prepared(
            """
            UPDATE activity_chain SET (number, hash) = (SELECT number, hash FROM activity WHERE number = ?1)
            WHERE number < ?1
            """
        )
        try anchor.bind(1, last)
        try anchor.run()
        let statement = try database.prepared("DELETE FROM activity WHERE number <= ?1")
        try statement.bind(1, last)
        try statement.run()
        return database.changes
    }

    private func lastRemovable(before moment: Timestamp) throws -> Int64? {
        let statement = try database.prepared(
            """
            SELECT number, time FROM activity WHERE number < (SELECT max(number) FROM activity)
            ORDER BY number LIMIT ?1
            """
        )
        defer { statement.reset() }
        try statement.bind(1, Int64(Self.removal))
        var last: Int64?
        while try statement.step(), statement.integer(1) < moment.milliseconds { last = statement.integer(0) }
        return last
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
            SELECT number, hash, time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count, network, tls_version, quirks, user_name, external_id,
                (SELECT hash FROM activity AS before WHERE before.number = activity.number - 1)
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
            SELECT number, hash, time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count, network, tls_version, quirks, user_name, external_id,
                (SELECT hash FROM activity AS before WHERE before.number = activity.number - 1)
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
            guard let entry = try entry(statement) else { continue }
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
    private func entry(_ row: SQLiteStatement) throws -> ActivityEntry? {
        var entry = ActivityEntry(fields: Self.fields(row))
        entry?.number = row.integer(0)
        if !row.isNull(1) {
            let before = Int32(ActivityEntry.fieldCount + 2)
            // The hash of an entry that was removed is that of the chain's begin.
            entry?.previousHash = row.isNull(before) ? try anchor().hash : row.bytes(before)
        }
        return entry
    }

    /// The fields of the row that the statement is at, behind its number and hash.
    private static func fields(_ row: SQLiteStatement) -> [ActivityField] {
        (0..<ActivityEntry.fieldCount).map { index in
            let column = Int32(index + 2)
            if row.isNull(column) { return .nothing }
            if let text = row.optionalText(ifText: column) { return .text(text) }
            return .integer(row.integer(column))
        }
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
}

// MARK: - Examining

extension ActivityRows {
    /// Entries that one reading examines: some milliseconds of work.
    static let portion = 2_000

    /// An examination that has found nothing yet.
    func beginExamination() throws -> ActivityVerdict {
        var verdict = ActivityVerdict(after: try anchor())
        let statement = try database.prepared("SELECT count(*) FROM activity WHERE number <= ?1")
        defer { statement.reset() }
        try statement.bind(1, verdict.last.number)
        if try statement.step() { verdict.unchained = Int(statement.integer(0)) }
        return verdict
    }

    /// Examines the next entries; false when there are no more, or when the chain is broken.
    func examine(_ verdict: inout ActivityVerdict, _ chain: ActivityChain) throws -> Bool {
        let anchor = try anchor()
        // What was examined may have been removed meanwhile, and some of what was not.
        if anchor.number > verdict.last.number { verdict.last = anchor }
        let statement = try database.prepared(
            """
            SELECT number, hash, time, kind, outcome, actor, connection, target_group, token_id, request_id, operation,
                client_address, http_version, user_agent, resource_type, resource_id, changed, notes, status, scim_type,
                reason, explanation, milliseconds, count, network, tls_version, quirks, user_name, external_id
            FROM activity WHERE number > ?1 ORDER BY number LIMIT ?2
            """
        )
        defer { statement.reset() }
        try statement.bind(1, verdict.last.number)
        try statement.bind(2, Int64(Self.portion))
        var examined = 0
        while try statement.step() {
            let (number, hash) = (statement.integer(0), statement.bytes(1))
            guard verdict.examine(Self.fields(statement), number: number, hash: hash, chain) else {
                return false
            }
            examined += 1
        }
        return examined == Self.portion
    }
}

// MARK: - The key for names

extension ActivityRows {
    /// The key for the words that stand for names; made at the first time.
    func nameKey(making makeKey: () -> [UInt8]) throws -> [UInt8] {
        let statement = try database.prepared(
            "SELECT name_key FROM activity_chain WHERE name_key IS NOT NULL"
        )
        defer { statement.reset() }
        if try statement.step() { return statement.bytes(0) }
        let key = makeKey()
        let keeping = try database.prepared("UPDATE activity_chain SET name_key = ?1")
        try keeping.bind(1, key)
        try keeping.run()
        return key
    }
}
