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
            let tokens = TokenRows(database: database)
            return ControlContents(
                connections: try ConnectionRows(database: database).all(),
                tokens: try tokens.all(),
                uses: try tokens.uses(),
                warnings: try tokens.warnings(),
                networks: try NetworkRows(database: database).list()
            )
        }
    }

    /// Keeps a connection together with its first token.
    package func add(_ connection: ControlContents.MadeConnection, token: TokenRecord)
        async throws(StoreError)
    {
        try await file.writes.perform { database in
            try ConnectionRows(database: database).add(connection)
            try TokenRows(database: database).add(token)
        }
    }

    /// Keeps a connection that has no token yet.
    package func add(_ connection: ControlContents.MadeConnection) async throws(StoreError) {
        try await file.writes.perform { try ConnectionRows(database: $0).add(connection) }
    }

    /// Keeps another token.
    package func add(_ token: TokenRecord) async throws(StoreError) {
        try await file.writes.perform { try TokenRows(database: $0).add(token) }
    }

    /// Ends a token; false when no such token is here.
    ///
    /// One that ends before keeps its moment.
    package func revoke(_ id: AccessToken.ID, at moment: Timestamp) async throws(StoreError) -> Bool {
        try await file.writes.perform { try TokenRows(database: $0).revoke(id, at: moment) }
    }

    /// Forgets a connection and ends its tokens; gives those that lived until then.
    package func remove(_ connection: Connection.ID, of tenant: Tenant.ID, at moment: Timestamp)
        async throws(StoreError) -> [AccessToken.ID]
    {
        try await file.writes.perform { database in
            try ConnectionRows(database: database).remove(connection, of: tenant)
            return try TokenRows(database: database).revokeAll(of: connection, of: tenant, at: moment)
        }
    }

    /// Keeps the last uses of tokens.
    package func keep(_ uses: [AccessToken.ID: TokenUseRecord]) async throws(StoreError) {
        try await file.writes.perform { database in
            let rows = TokenRows(database: database)
            for (id, use) in uses { try rows.keep(use, of: id) }
        }
    }

    /// Keeps what was told of the ends of tokens.
    package func keep(_ warnings: [AccessToken.ID: ExpiryWarning]) async throws(StoreError) {
        try await file.writes.perform { database in
            let rows = TokenRows(database: database)
            for (id, warning) in warnings { try rows.keep(warning, of: id) }
        }
    }

    /// Keeps the networks of Entra in place of those kept before.
    package func keep(_ networks: NetworkList) async throws(StoreError) {
        try await file.writes.perform { try NetworkRows(database: $0).keep(networks) }
    }

    /// Forgets tokens and all that is kept of them.
    package func forget(_ tokens: [AccessToken.ID]) async throws(StoreError) {
        try await file.writes.perform { database in
            let rows = TokenRows(database: database)
            for id in tokens { try rows.forget(id) }
        }
    }

    /// Forgets the connections and tokens of a tenant.
    package func removeAll(of tenant: Tenant.ID) async throws(StoreError) {
        try await file.writes.perform { database in
            try ConnectionRows(database: database).removeAll(of: tenant)
            let rows = TokenRows(database: database)
            for token in try rows.all() where token.tenant == tenant { try rows.forget(token.id) }
        }
    }

    /// Keeps what an operator did.
    package func record(_ entry: OperatorEntry) async throws(StoreError) {
        try await file.writes.perform { try OperatorRows(database: $0).add(entry) }
    }

    /// The newest such entries, oldest first.
    package func operatorEntries(newest count: Int, of tenant: Tenant.ID?) async throws(StoreError)
        -> [OperatorEntry]
    {
        try await file.writes.perform { try OperatorRows(database: $0).newest(count, of: tenant) }
    }

    /// What of the file is not as it must be.
    package func faults(upTo count: Int) async throws(StoreError) -> [StoreFault] {
        let history = ControlSchema.history
        return try await file.checked { database in
            try StoreCheck(database: database, history: history, limit: count).faultsOfFile()
        }
    }

    /// Writes a copy of the file.
    package func copy(to path: String) async throws(StoreError) {
        try await file.copy(to: path)
    }

    /// Closes the database.
    package func close() async {
        await file.writes.close()
    }
}
