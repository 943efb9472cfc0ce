import SCIM

/// The first line of a tenant's archive: what it is, whose, and of which cloud.
///
/// ```
/// {"format":"scim-gateway tenant","version":1,"tenant":"contoso","displayName":"Contoso","profile":"gcc-high",
/// "groups":[{"id":"all-staff","displayName":"All staff"}]}
/// ```
package struct ArchiveHeader: Sendable {
    /// The tenant's name where the archive was made.
    package let tenant: String
    /// What people call it.
    package let displayName: String
    /// The cloud that it signs in to; an archive goes into a tenant of the same only.
    package let profile: String
    /// The groups of its file.
    package let groups: [Group]

    /// A group of the tenant's file.
    package struct Group: Sendable {
        /// The name in the file.
        package let id: String
        /// Free text for people.
        package let displayName: String

        /// A group.
        package init(id: String, displayName: String) {
            self.id = id
            self.displayName = displayName
        }
    }

    /// A header.
    package init(tenant: String, displayName: String, profile: String, groups: [Group]) {
        self.tenant = tenant
        self.displayName = displayName
        self.profile = profile
        self.groups = groups
    }

    /// What the format is called.
    package static let format = "scim-gateway tenant"
    /// The version that this program writes and reads.
    package static let version = 1

    /// The line.
    package var text: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("format", Self.format)
        json.member("version", Self.version)
        json.member("tenant", tenant)
        json.member("displayName", displayName)
        json.member("profile", profile)
        json.name("groups")
        json.beginArray()
        for group in groups {
            json.beginObject()
            json.member("id", group.id)
            json.member("displayName", group.displayName)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Reads the first line of a file.
    ///
    /// - Throws: ``ArchiveDamage`` for another format, or a version that this program does not know.
    package init(reading bytes: [UInt8]) throws(ArchiveDamage) {
        let json = try ArchiveFields(bytes, line: 1)
        guard json.optionalText("format").map({ TextOrder.isSameBytes($0, Self.format) }) ?? false else {
            throw json.damage("this is no archive of a tenant: its first line must say so")
        }
        guard case .number(let version)? = json.object["version"], version.text == "\(Self.version)" else {
            throw json.damage(
                "the archive has a version that this program does not know; it knows \(Self.version)"
            )
        }
        tenant = try json.text("tenant")
        displayName = try json.text("displayName")
        profile = try json.text("profile")
        groups = try json.objects("groups").map { (group) throws(ArchiveDamage) in
            Group(id: try group.text("id"), displayName: try group.text("displayName"))
        }
    }
}
