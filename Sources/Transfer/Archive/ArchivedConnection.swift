import Dialects
import SCIM
package import Tenancy

/// A connection in an archive: what makes it, without its tokens, which are secrets of the place where it was.
package struct ArchivedConnection: Sendable {
    /// The connection.
    package let connection: Connection

    /// A connection for an archive.
    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// The line.
    package var text: String {
        ArchiveLine.text { json in
            json.member("kind", "connection")
            json.member("id", connection.id.text)
            json.member("displayName", connection.displayName)
            if let group = connection.group { json.member("group", group.text) }
            json.member("dialect", connection.dialect.name.rawValue)
            json.member("attributes", connection.attributes.rawValue)
            if connection.allowFrom != .any {
                let words = "\(connection.allowFrom)".split(separator: ", ").map { String($0) }
                json.member("allowFrom", strings: words)
            }
        }
    }

    /// Reads the line of a connection; it will be one of the control database.
    init(_ json: ArchiveFields) throws(ArchiveDamage) {
        let id = try json.text("id")
        guard EntityName(id) != nil else { throw json.damage("'id' is no name of a connection") }
        guard let dialect = Dialect.Name(rawValue: try json.text("dialect")),
            let attributes = AttributeSet(rawValue: try json.text("attributes"))
        else { throw json.damage("'dialect' or 'attributes' is none that this version has") }
        let words = try json.texts("allowFrom")
        let allowFrom: AllowedSources
        do throws(AllowedSources.Problem) {
            allowFrom = try AllowedSources.reading(words)
        } catch {
            throw json.damage("'allowFrom' is no list of networks")
        }
        connection = Connection(
            id: Connection.ID(id),
            displayName: try json.text("displayName"),
            group: json.optionalText("group").map { TargetGroup.ID($0) },
            dialect: .named(dialect),
            attributes: attributes,
            origin: .control,
            allowFrom: allowFrom
        )
    }
}
