import SCIM
import Store
import Tenancy

/// What operators did, in a control database, inside a transaction.
struct OperatorRows {
    /// The writer.
    let database: SQLiteDatabase

    /// Adds an entry, and removes those that are too many.
    func add(_ entry: OperatorEntry) throws {
        let statement = try database.prepared(
            """
            INSERT INTO operator_activity (time, kind, outcome, actor, tenant, explanation)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """
        )
        try statement.bind(1, entry.time.milliseconds)
        try statement.bind(2, entry.kind.rawValue)
        try statement.bind(3, Int64(entry.outcome.rawValue))
        try statement.bind(4, entry.actor)
        try statement.bind(5, entry.tenant?.text)
        try statement.bind(6, entry.explanation)
        try statement.run()
        let removal = try database.prepared(
            "DELETE FROM operator_activity WHERE number <= (SELECT max(number) FROM operator_activity) - ?1"
        )
        try removal.bind(1, OperatorEntry.kept)
        try removal.run()
    }

    /// The newest entries, oldest first; those of one tenant, or all.
    func newest(_ count: Int, of tenant: Tenant.ID?) throws -> [OperatorEntry] {
        let statement = try database.prepared(
            """
            SELECT number, time, kind, outcome, actor, tenant, explanation FROM operator_activity
            WHERE ?1 IS NULL OR tenant = ?1 ORDER BY number DESC LIMIT ?2
            """
        )
        defer { statement.reset() }
        try statement.bind(1, tenant?.text)
        try statement.bind(2, Int64(count))
        var entries: [OperatorEntry] = []
        while try statement.step() {
            // One of a kind of which this program knows nothing is passed over.
            guard let kind = ActivityKind(rawValue: statement.text(2)),
                let outcome = ActivityOutcome(rawValue: Int(statement.integer(3)))
            else { continue }
            var entry = OperatorEntry(
                kind,
                outcome,
                at: Timestamp(milliseconds: statement.integer(1)),
                by: statement.text(4),
                of: statement.optionalText(5).map { Tenant.ID($0) },
                explaining: statement.optionalText(6)
            )
            entry.number = statement.integer(0)
            entries.append(entry)
        }
        return entries.reversed()
    }
}
