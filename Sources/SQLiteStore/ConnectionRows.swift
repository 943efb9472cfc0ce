import Dialects
import SCIM
import Store
import Tenancy

/// The connections in a control database, inside a transaction.
struct ConnectionRows {
    /// The writer.
    let database: SQLiteDatabase

    /// All connections, in the order they were made.
    func all() throws -> [ControlContents.MadeConnection] {
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
                allowFrom: SourcesText.sources(statement.optionalText(6))
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

    /// Adds a connection.
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
        try statement.bind(7, SourcesText.text(made.connection.allowFrom))
        try statement.bind(8, made.created.milliseconds)
        try statement.run()
    }

    /// Removes a connection.
    func remove(_ connection: Connection.ID, of tenant: Tenant.ID) throws {
        let statement = try database.prepared("DELETE FROM connections WHERE tenant = ?1 AND connection = ?2")
        try statement.bind(1, tenant.text)
        try statement.bind(2, connection.text)
        try statement.run()
    }

    /// Removes the connections of a tenant.
    func removeAll(of tenant: Tenant.ID) throws {
        let statement = try database.prepared("DELETE FROM connections WHERE tenant = ?1")
        try statement.bind(1, tenant.text)
        try statement.run()
    }
}
