import Store

/// Looks for what is wrong with a database file as such: pages, references, version.
struct StoreCheck {
    /// A reader that has no page of the file in memory yet.
    let database: SQLiteDatabase
    /// What the file should be.
    let history: SchemaHistory
    /// Faults that are told, at most.
    let limit: Int

    /// What is wrong, in SQLite's words where they are its own: they name pages, tables and rows.
    func faultsOfFile() throws -> [StoreFault] {
        let version = try database.integer("PRAGMA user_version")
        guard version == Int64(history.newest) else {
            return [
                StoreFault(
                    "the file has version \(version), and this program writes \(history.newest)"
                )
            ]
        }
        var faults: [StoreFault] = []
        try forEachRow("PRAGMA integrity_check") { row in
            let text = row.text(0)
            if text != "ok" { faults.append(StoreFault("integrity_check: \(text)")) }
            return faults.count < limit
        }
        // A file whose pages are damaged may give references that are not its own.
        guard faults.isEmpty else { return faults }
        try forEachRow("PRAGMA foreign_key_check") { row in
            faults.append(
                StoreFault("a row of \(row.text(0)) refers to a row of \(row.text(2)) that is not there")
            )
            return faults.count < limit
        }
        return faults
    }

    /// Runs a statement through until the body gives false.
    func forEachRow(_ sql: StaticString, _ body: (SQLiteStatement) throws -> Bool) throws {
        let statement = try database.prepared(sql)
        defer { statement.reset() }
        while try statement.step() {
            guard try body(statement) else { return }
        }
    }
}
