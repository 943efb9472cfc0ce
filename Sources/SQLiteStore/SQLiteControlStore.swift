import Dialects
package import SCIM
package import Store
package import Tenancy

/// A profile's connections and tokens that were made by command, in `control.sqlite`.
///
/// Everything runs in the file's write queue, reads too: they are a handful at a start or a reload.
package final class SQLiteControlStore: ControlStore {
    private let file: SQLiteFile

    /// A store around a file that is open.
    init(file: SQLiteFile) {
        self.file = file
    }

    /// Everything it holds.
    package func contents() async throws(StoreError) -> ControlContents {
        try await file.writes.perform { database in
            let rows = ControlRows(database: database)
            return ControlContents(connections: try rows.connections(), tokens: try rows.tokens())
        }
    }

    /// Keeps a connection together with its first token.
    package func add(_ connection: ControlContents.MadeConnection, token: TokenRecord)
        async throws(StoreError)
    {
        try await file.writes.perform { database in
            let rows = ControlRows(database: database)
            try rows.add(connection)
            try rows.add(token)
        }
    }

    /// Keeps another token.
    package func add(_ token: TokenRecord) async throws(StoreError) {
        try await file.writes.perform { try ControlRows(database: $0).add(token) }
    }

    /// Ends a token; false when no such token is here.
    ///
    /// One that was ended before keeps its moment.
    package func revoke(_ id: AccessToken.ID, at moment: Timestamp) async throws(StoreError) -> Bool {
        try await file.writes.perform { try ControlRows(database: $0).revoke(id, at: moment) }
    }

    /// Closes the database.
    package func close() async {
        await file.writes.close()
    }
}

/// The rows of a control database, inside a transaction.
private struct ControlRows {
    let database: SQLiteDatabase

    func connections() throws -> [ControlContents.MadeConnection] {
        let statement = try database.prepared(
            """
            SELECT tenant, connection, display_name, target_group, dialect, attributes, allow_from, created
            FROM connections ORDER BY row
            """
        )
        defer { statement.reset() }
        var connections: [ControlContents.MadeConnection] = []
        while try statement.step() {
            guard let dialect = Dialect.Name(rawValue: statement.text(4)),
                let attributes = AttributeSet(rawValue: statement.text(5))
            else {
                throw StoreError.unusable(
                    "The control database holds a connection that this program does not know."
                )
            }
            let connection = Connection(
                id: .init(statement.text(1)),
                displayName: statement.text(2),
                group: statement.optionalText(3).map { TargetGroup.ID($0) },
                dialect: .named(dialect),
                attributes: attributes,
                origin: .control,
                allowFrom: sources(statement.optionalText(6))
            )
            connections.append(
                .init(
                    tenant: .init(statement.text(0)),
                    connection: connection,
                    created: Timestamp(milliseconds: statement.integer(7))
                )
            )
        }
        return connections
    }

    func tokens() throws -> [TokenRecord] {
        let statement = try database.prepared(
            "SELECT id, digest, tenant, connection, created, expires, revoked FROM tokens ORDER BY row"
        )
        defer { statement.reset() }
        var tokens: [TokenRecord] = []
        while try statement.step() {
            guard let id = AccessToken.ID(statement.text(0)) else {
                throw StoreError.unusable("The control database holds a token id that is none.")
            }
            tokens.append(
                TokenRecord(
                    id: id,
                    digest: statement.bytes(1),
                    tenant: .init(statement.text(2)),
                    connection: .init(statement.text(3)),
                    created: moment(statement, 4),
                    expires: moment(statement, 5),
                    revoked: moment(statement, 6),
                    origin: .control
                )
            )
        }
        return tokens
    }

    func add(_ made: ControlContents.MadeConnection) throws {
        let statement = try database.prepared(
            """
            INSERT INTO connections
                (tenant, connection, display_name, target_group, dialect, attributes, allow_from, created)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        )
        try statement.bind(1, made.tenant.text)
        try statement.bind(2, made.connection.id.text)
        try statement.bind(3, made.connection.displayName)
        try statement.bind(4, made.connection.group?.text)
        try statement.bind(5, made.connection.dialect.name.rawValue)
        try statement.bind(6, made.connection.attributes.rawValue)
        try statement.bind(7, text(made.connection.allowFrom))
        try statement.bind(8, made.created.milliseconds)
        try statement.run()
    }

    func add(_ token: TokenRecord) throws {
        let statement = try database.prepared(
            """
            INSERT INTO tokens (id, digest, tenant, connection, created, expires, revoked)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        try statement.bind(1, token.id.text)
        try statement.bind(2, token.digest)
        try statement.bind(3, token.tenant.text)
        try statement.bind(4, token.connection.text)
        try statement.bind(5, token.created?.milliseconds)
        try statement.bind(6, token.expires?.milliseconds)
        try statement.bind(7, token.revoked?.milliseconds)
        try statement.run()
    }

    func revoke(_ id: AccessToken.ID, at moment: Timestamp) throws -> Bool {
        let statement = try database.prepared(
            "UPDATE tokens SET revoked = coalesce(revoked, ?2) WHERE id = ?1"
        )
        try statement.bind(1, id.text)
        try statement.bind(2, moment.milliseconds)
        try statement.run()
        return database.changes > 0
    }

    private func moment(_ statement: SQLiteStatement, _ column: Int32) -> Timestamp? {
        statement.optionalInteger(column).map { Timestamp(milliseconds: $0) }
    }

    /// Networks with spaces between them; NULL is everywhere.
    private func text(_ sources: AllowedSources) -> String? {
        switch sources {
        case .any: nil
        case .networks(let networks): networks.map(\.description).joined(separator: " ")
        }
    }

    /// What cannot be read lets nobody in, rather than everybody.
    private func sources(_ text: String?) -> AllowedSources {
        guard let text else { return .any }
        // A network that is no longer read is left out.
        return .networks(text.split(separator: " ").compactMap { try? Network(String($0)) })
    }
}
