import SCIM
import Store
import Tenancy

/// The tokens in a control database and what is kept of their uses, inside a transaction.
struct TokenRows {
    /// The writer.
    let database: SQLiteDatabase

    /// All tokens that commands made, in the order they were made.
    func all() throws -> [TokenRecord] {
        let statement = try database.prepared(
            """
            SELECT id, digest, tenant, connection, created, expires, revoked, name, replaces, overlap, allow_from
            FROM tokens ORDER BY row
            """
        )
        defer { statement.reset() }
        var tokens: [TokenRecord] = []
        while try statement.step() {
            tokens.append(
                TokenRecord(
                    id: try id(statement.text(0)),
                    digest: statement.bytes(1),
                    tenant: .init(statement.text(2)),
                    connection: .init(statement.text(3)),
                    created: moment(statement, 4),
                    expires: moment(statement, 5),
                    revoked: moment(statement, 6),
                    origin: .control,
                    name: statement.optionalText(7),
                    replacement: try statement.optionalText(8).map {
                        TokenRecord.Replacement(of: try id($0), overlapMilliseconds: statement.integer(9))
                    },
                    allowFrom: SourcesText.sources(statement.optionalText(10))
                )
            )
        }
        return tokens
    }

    /// Adds a token.
    func add(_ token: TokenRecord) throws {
        let statement = try database.prepared(
            """
            INSERT INTO tokens
                (id, digest, tenant, connection, created, expires, revoked, name, replaces, overlap, allow_from)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """
        )
        try statement.bind(1, token.id.text)
        try statement.bind(2, token.digest)
        try statement.bind(3, token.tenant.text)
        try statement.bind(4, token.connection.text)
        try statement.bind(5, token.created?.milliseconds)
        try statement.bind(6, token.expires?.milliseconds)
        try statement.bind(7, token.revoked?.milliseconds)
        try statement.bind(8, token.name)
        try statement.bind(9, token.replacement?.predecessor.text)
        try statement.bind(10, token.replacement?.overlapMilliseconds)
        try statement.bind(11, SourcesText.text(token.allowFrom))
        try statement.run()
    }

    /// Ends a token at that moment, unless it ends before; false when it is not here.
    func revoke(_ id: AccessToken.ID, at moment: Timestamp) throws -> Bool {
        let statement = try database.prepared(
            "UPDATE tokens SET revoked = min(coalesce(revoked, ?2), ?2) WHERE id = ?1"
        )
        try statement.bind(1, id.text)
        try statement.bind(2, moment.milliseconds)
        try statement.run()
        return database.changes > 0
    }

    /// Ends the tokens of a connection that live at that moment, and gives them.
    func revokeAll(of connection: Connection.ID, of tenant: Tenant.ID, at moment: Timestamp) throws
        -> [AccessToken.ID]
    {
        let statement = try database.prepared(
            """
            UPDATE tokens SET revoked = ?3
            WHERE tenant = ?1 AND connection = ?2
                AND coalesce(revoked, ?3 + 1) > ?3 AND coalesce(expires, ?3 + 1) > ?3
            RETURNING id
            """
        )
        defer { statement.reset() }
        try statement.bind(1, tenant.text)
        try statement.bind(2, connection.text)
        try statement.bind(3, moment.milliseconds)
        var ended: [AccessToken.ID] = []
        while try statement.step() { ended.append(try id(statement.text(0))) }
        return ended.sorted { $0.text < $1.text }
    }

    /// Forgets a token and all that is kept of it.
    func forget(_ id: AccessToken.ID) throws {
        let texts: [StaticString] = [
            "DELETE FROM tokens WHERE id = ?1", "DELETE FROM token_uses WHERE id = ?1",
            "DELETE FROM token_warnings WHERE id = ?1",
        ]
        for text in texts {
            let statement = try database.prepared(text)
            try statement.bind(1, id.text)
            try statement.run()
        }
    }

    private func id(_ text: String) throws -> AccessToken.ID {
        guard let id = AccessToken.ID(text) else {
            throw StoreError.unusable("The control database holds a token id that is none.")
        }
        return id
    }

    private func moment(_ statement: SQLiteStatement, _ column: Int32) -> Timestamp? {
        statement.optionalInteger(column).map { Timestamp(milliseconds: $0) }
    }
}

// MARK: - Uses

extension TokenRows {
    /// The uses of all tokens.
    func uses() throws -> [AccessToken.ID: TokenUseRecord] {
        let statement = try database.prepared(
            "SELECT id, first_used, last_used, network, client FROM token_uses"
        )
        defer { statement.reset() }
        var uses: [AccessToken.ID: TokenUseRecord] = [:]
        while try statement.step() {
            uses[try id(statement.text(0))] = TokenUseRecord(
                first: Timestamp(milliseconds: statement.integer(1)),
                last: Timestamp(milliseconds: statement.integer(2)),
                network: statement.optionalText(3),
                client: statement.optionalText(4)
            )
        }
        return uses
    }

    /// Keeps the uses of a token in place of those kept before.
    func keep(_ use: TokenUseRecord, of id: AccessToken.ID) throws {
        let statement = try database.prepared(
            """
            INSERT INTO token_uses (id, first_used, last_used, network, client) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET
                first_used = ?2, last_used = ?3, network = ?4, client = ?5
            """
        )
        try statement.bind(1, id.text)
        try statement.bind(2, use.first.milliseconds)
        try statement.bind(3, use.last.milliseconds)
        try statement.bind(4, use.network)
        try statement.bind(5, use.client)
        try statement.run()
    }
}

// MARK: - Warnings

extension TokenRows {
    /// What was told of the ends of all tokens.
    func warnings() throws -> [AccessToken.ID: ExpiryWarning] {
        let statement = try database.prepared("SELECT id, ends, days FROM token_warnings")
        defer { statement.reset() }
        var warnings: [AccessToken.ID: ExpiryWarning] = [:]
        while try statement.step() {
            warnings[try id(statement.text(0))] = ExpiryWarning(
                ends: Timestamp(milliseconds: statement.integer(1)),
                daysBefore: statement.integer(2)
            )
        }
        return warnings
    }

    /// Keeps what was told of a token's end in place of what was told before.
    func keep(_ warning: ExpiryWarning, of id: AccessToken.ID) throws {
        let statement = try database.prepared(
            """
            INSERT INTO token_warnings (id, ends, days) VALUES (?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET ends = ?2, days = ?3
            """
        )
        try statement.bind(1, id.text)
        try statement.bind(2, warning.ends.milliseconds)
        try statement.bind(3, warning.daysBefore)
        try statement.run()
    }
}
