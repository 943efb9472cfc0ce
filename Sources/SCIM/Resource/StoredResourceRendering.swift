/// The way out without parsing: what is derived is spliced into the stored bytes.
extension StoredResource {
    /// Where the resource is: `https://host/scim/v2/Users/…`.
    ///
    /// - Parameter locationPrefix: The public URL and the base path of the request,
    ///   `https://host/scim/v2`.
    /// - Returns: The address as `meta.location` and the `Location` field hold it.
    package func location(_ locationPrefix: String) -> String {
        ResourceReference.location(locationPrefix, type, id)
    }

    /// The whole resource as JSON, with the derived attributes in their places.
    ///
    /// No JSON is parsed.
    ///
    /// - Parameter locationPrefix: `https://host/scim/v2`.
    /// - Returns: One line of JSON.
    package func rendered(locationPrefix: String) -> [UInt8] {
        let rows = groups.count + (members?.count ?? 0)
        var json = JSONWriter(capacity: document.count + 256 + rows * 192)
        json.raw(document[..<splices.externalID])
        if let externalID {
            json.member(.externalID, externalID)
            json.raw(",")
        }
        var start = splices.externalID
        if let manager = splices.manager, let managerReference {
            json.raw(document[start..<manager])
            json.location(.reference, locationPrefix, .user, managerReference.id)
            json.member(.displayName, managerReference.displayName)
            start = manager
        }
        json.raw(document[start..<splices.groups])
        if !groups.isEmpty {
            json.name(.groups)
            json.groups(groups, locationPrefix)
            json.raw(",")
        }
        if let members, !members.isEmpty {
            json.name(.members)
            json.members(members, locationPrefix)
            json.raw(",")
        }
        json.raw(document[splices.groups..<splices.location])
        json.location(.location, locationPrefix, type, id)
        json.raw(document[splices.location...])
        return json.bytes
    }
}

extension JSONWriter {
    /// A member that is the address of a resource, written without making a string of it first.
    fileprivate mutating func location(
        _ name: JSONName,
        _ locationPrefix: String,
        _ type: ResourceType.Name,
        _ id: ResourceID
    ) {
        self.name(name)
        string(locationPrefix, ResourceType.named(type).endpoint, "/", id.text)
    }

    /// The list of groups, as ``Swift/Array/value(_:)`` makes it for those who need values.
    fileprivate mutating func groups(_ groups: [GroupReference], _ locationPrefix: String) {
        beginArray()
        for group in groups {
            beginObject()
            member(.value, group.id.text)
            location(.reference, locationPrefix, .group, group.id)
            member(.display, group.display)
            member(.type, group.type)
            endObject()
        }
        endArray()
    }

    /// The list of members, likewise.
    fileprivate mutating func members(_ members: [MemberReference], _ locationPrefix: String) {
        beginArray()
        for member in members {
            beginObject()
            self.member(.value, member.id.text)
            location(.reference, locationPrefix, member.type, member.id)
            self.member(.display, member.display)
            self.member(.type, member.type.rawValue)
            endObject()
        }
        endArray()
    }
}

/// The names of what is derived.
extension JSONName {
    fileprivate static let externalID = JSONName("externalId")
    fileprivate static let reference = JSONName("$ref")
    fileprivate static let displayName = JSONName("displayName")
    fileprivate static let groups = JSONName("groups")
    fileprivate static let members = JSONName("members")
    fileprivate static let location = JSONName("location")
    fileprivate static let value = JSONName("value")
    fileprivate static let display = JSONName("display")
    fileprivate static let type = JSONName("type")
}

/// Addresses of resources below a location prefix.
package enum ResourceReference {
    /// Where the resource of that id is: `https://host/scim/v2/Users/…`.
    package static func location(
        _ locationPrefix: String,
        _ type: ResourceType.Name,
        _ id: ResourceID
    ) -> String {
        locationPrefix + ResourceType.named(type).endpoint + "/" + id.text
    }
}

extension ManagerReference {
    /// What stands behind `manager.value`.
    func derived(_ locationPrefix: String) -> ComplexValue {
        var values = ComplexValue()
        values["$ref"] = .simple(.string(ResourceReference.location(locationPrefix, .user, id)))
        values["displayName"] = .simple(.string(displayName))
        return values
    }
}

extension [GroupReference] {
    /// The attribute `groups`.
    func value(_ locationPrefix: String) -> AttributeValue {
        .multiValued(
            map { group in
                var values = ComplexValue()
                values["value"] = .simple(.string(group.id.text))
                values["$ref"] = .simple(
                    .string(ResourceReference.location(locationPrefix, .group, group.id))
                )
                values["display"] = .simple(.string(group.display))
                values["type"] = .simple(.string(group.type))
                return .complex(values)
            }
        )
    }
}

extension [MemberReference] {
    /// The attribute `members`.
    func value(_ locationPrefix: String) -> AttributeValue {
        .multiValued(
            map { member in
                var values = ComplexValue()
                values["value"] = .simple(.string(member.id.text))
                values["$ref"] = .simple(
                    .string(ResourceReference.location(locationPrefix, member.type, member.id))
                )
                values["display"] = .simple(.string(member.display))
                values["type"] = .simple(.string(member.type.rawValue))
                return .complex(values)
            }
        )
    }
}
