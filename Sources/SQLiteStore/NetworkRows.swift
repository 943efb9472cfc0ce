import SCIM
import Tenancy

/// The networks in a control database that `entra` stands for, inside a transaction.
struct NetworkRows {
    /// The writer.
    let database: SQLiteDatabase

    /// The list; nil before one is kept.
    func list() throws -> NetworkList? {
        let statement = try database.prepared(
            "SELECT cloud, change_number, issued, networks FROM network_lists WHERE tag = ?1"
        )
        defer { statement.reset() }
        try statement.bind(1, NetworkList.tag)
        guard try statement.step() else { return nil }
        return NetworkList(
            cloud: statement.text(0),
            changeNumber: statement.integer(1),
            issued: Timestamp(milliseconds: statement.integer(2)),
            networks: SourcesText.networks(statement.text(3))
        )
    }

    /// Keeps a list in place of the one before.
    func keep(_ list: NetworkList) throws {
        let statement = try database.prepared(
            """
            INSERT INTO network_lists (tag, cloud, change_number, issued, networks) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (tag) DO UPDATE SET cloud = ?2, change_number = ?3, issued = ?4, networks = ?5
            """
        )
        try statement.bind(1, NetworkList.tag)
        try statement.bind(2, list.cloud)
        try statement.bind(3, list.changeNumber)
        try statement.bind(4, list.issued.milliseconds)
        try statement.bind(5, SourcesText.text(list.networks))
        try statement.run()
    }
}
