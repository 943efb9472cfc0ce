import Store

/// The migrations of one kind of database file, oldest first.
///
/// They are only ever appended to.
///
/// The file's version (`PRAGMA user_version`) is the number of migrations it has seen.
struct SchemaHistory: Sendable {
    /// What the file is called in an error, such as `tenant database`.
    let name: String
    /// The scripts.
    ///
    /// Each ends by setting `user_version` to its own number, counted from 1.
    let migrations: [StaticString]

    /// The version that this program writes.
    var newest: Int { migrations.count }

    /// Brings a file up to the newest version, in one transaction.
    ///
    /// - Throws: ``StoreError`` `.unusable` for a file that a newer program wrote; ``SQLiteError`` as it comes.
    func migrate(_ database: SQLiteDatabase) throws {
        guard try version(of: database) != newest else { return }

        try database.execute("BEGIN IMMEDIATE")
        do {
            let version = try version(of: database)
            guard version <= newest else { throw refusal(of: version) }
            for migration in migrations[version...] { try database.run(script: migration) }
            try database.execute("COMMIT")
        } catch {
            // The first error is the one to tell; a rollback that fails leaves what closing the file rolls back.
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            throw error
        }
    }

    private func version(of database: SQLiteDatabase) throws -> Int {
        let version = try database.integer("PRAGMA user_version")
        guard version >= 0, version <= Int64(Int32.max) else { throw refusal(of: Int(clamping: version)) }
        return Int(version)
    }

    private func refusal(of version: Int) -> StoreError {
        .unusable(
            "The \(name) has version \(version), and this program knows versions up to \(newest). "
                + "Use the program that wrote it, or a newer one."
        )
    }
}
