import SCIM
package import Store
import Tenancy

/// A line of a tenant's archive behind its header.
///
/// ```
/// {"kind":"connection","id":"all-staff","displayName":"All staff","group":"all-staff","dialect":"entra","attributes":"learner"}
/// {"kind":"resource","type":"User","set":"learner","managedBy":"all-staff","externalIds":{"all-staff":"…"},"document":{…}}
/// {"kind":"member","group":"…","member":"…"}
/// {"kind":"end","lines":4}
/// ```
/// First all connections, then resources, oldest first, then members, then the records of deleted resources. The last line
/// tells how many lines there are: a file that was cut has none.
package enum ArchiveLine: Sendable {
    /// A way in, without its tokens.
    case connection(ArchivedConnection)
    /// A user, a group, or the record of a deleted one.
    case resource(ArchivedResource)
    /// That a resource is in a group by itself.
    case member(Membership)
    /// The end, with the number of lines, this one included.
    case end(lines: Int)

    /// Reads a line.
    ///
    /// - Throws: ``ArchiveDamage``.
    package init(reading bytes: [UInt8], line: Int) throws(ArchiveDamage) {
        let json = try ArchiveFields(bytes, line: line)
        switch try json.text("kind") {
        case "connection": self = .connection(try ArchivedConnection(json))
        case "resource": self = .resource(try ArchivedResource(json))
        case "member":
            self = .member(
                Membership(
                    group: ResourceID(try json.text("group")),
                    member: ResourceID(try json.text("member"))
                )
            )
        case "end":
            guard case .number(let number)? = json.object["lines"], let lines = Int(number.text) else {
                throw json.damage("'lines' must be a whole number")
            }
            self = .end(lines: lines)
        default: throw json.damage("the line is of no kind that this version has")
        }
    }

    /// The line of a membership.
    package static func text(of membership: Membership) -> String {
        text { json in
            json.member("kind", "member")
            json.member("group", membership.group.text)
            json.member("member", membership.member.text)
        }
    }

    /// The last line of a file of so many lines, this one included.
    package static func text(ofEndAfter lines: Int) -> String {
        text { json in
            json.member("kind", "end")
            json.member("lines", lines)
        }
    }

    /// The line of a resource, or of the record of a deleted one.
    package static func text(of entry: RosterEntry) -> String {
        let resource = entry.resource
        return text(capacity: resource.document.count + 256) { json in
            json.member("kind", "resource")
            json.member("type", resource.type.rawValue)
            json.member("set", resource.writtenSet.rawValue)
            if let owner = entry.owner { json.member("managedBy", owner.text) }
            if let group = entry.targetGroup { json.member("targetGroup", group.text) }
            if !entry.externalIDs.isEmpty {
                json.name("externalIds")
                json.beginObject()
                for (connection, name) in entry.externalIDs.sorted(by: { $0.key.text < $1.key.text }) {
                    json.member(connection.text, name)
                }
                json.endObject()
            }
            if let deletion = entry.deletion {
                json.member("deleted", deletion.moment.rfc3339)
                json.member("groups", strings: deletion.groups.map(\.text).sorted())
            }
            json.name("document")
            json.json(resource.document)
        }
    }

    static func text(capacity: Int = 256, _ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        write(&json)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension ArchivedResource {
    /// Reads the line of a resource: its document says most of it.
    init(_ json: ArchiveFields) throws(ArchiveDamage) {
        let document = try json.fields("document")
        let meta = try document.fields("meta")
        guard let type = ResourceType.Name(rawValue: try json.text("type")),
            let set = AttributeSet(rawValue: try json.text("set"))
        else { throw json.damage("'type' or 'set' is none that this version has") }
        guard let version = ResourceVersion(etag: try meta.text("version")) else {
            throw json.damage("'meta.version' must be a version")
        }
        let checked: ValidatedResource
        do throws(SCIMError) {
            let resource = try Resource.reading(
                .object(document.object),
                type: type,
                set: .full,
                isStored: true
            )
            .resource
            checked = try Validation.validate(resource, set: set, keeping: set)
        } catch {
            throw json.damage(error.detail)
        }
        var names: [Connection.ID: String] = [:]
        if json.object["externalIds"] != nil {
            let all = try json.fields("externalIds")
            for member in all.object.members { names[Connection.ID(member.name)] = try all.text(member.name) }
        }
        self.init(
            resource: checked,
            id: ResourceID(try document.text("id")),
            version: version,
            created: try meta.moment("created"),
            lastModified: try meta.moment("lastModified"),
            owner: json.optionalText("managedBy").map { Connection.ID($0) },
            targetGroup: json.optionalText("targetGroup").map { TargetGroup.ID($0) },
            externalIDs: names,
            deletion: json.object["deleted"] == nil
                ? nil
                : RosterEntry.Record(
                    at: try json.moment("deleted"),
                    groups: try json.texts("groups").map { ResourceID($0) }
                )
        )
    }
}

extension ResourceVersion {
    /// The version of an entity tag as we write it; nil for any other text.
    fileprivate init?(etag: String) {
        let number = Int64(etag.dropFirst(3).dropLast())
        guard let number, number > 0, ResourceVersion(number).etag == etag else { return nil }
        self.init(number)
    }
}
