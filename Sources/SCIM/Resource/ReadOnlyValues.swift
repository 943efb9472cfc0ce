/// What a body says of `id` and `groups`, which only the service sets.
///
/// RFC 7644 §3.5.1 has read-only attributes ignored. Clients send back what they read, Okta in every
/// PUT, and ask for nothing by it; one that sends another value does, and gets a note. `schemas` and
/// `meta` describe the message and the moment of a reading: what they say is no wish.
package struct ReadOnlyValues: Sendable, Equatable {
    /// The values as sent.
    private var id: JSONValue?
    private var groups: JSONValue?

    /// A body that says nothing of them.
    package init() {}

    /// Keeps what the body says.
    mutating func keep(_ value: JSONValue, of definition: AttributeDefinition) {
        switch definition.name {
        case "id": id = value
        case "groups": groups = value
        default: break
        }
    }

    /// Notes the attributes that have another value than the one sent.
    package func notes(on resource: StoredResource) -> [Note] {
        var notes: [Note] = []
        if let id, id != .string(resource.id.text) { notes.append(Note(.dropped, "id")) }
        if let groups, Self.ids(groups) != Set(resource.groups.map(\.id)) {
            notes.append(Note(.dropped, "groups"))
        }
        return notes
    }

    /// The ids in a list of groups; nil for what is none.
    private static func ids(_ groups: JSONValue) -> Set<ResourceID>? {
        guard case .array(let groups) = groups else { return nil }
        var ids: Set<ResourceID> = []
        for group in groups {
            guard case .object(let parts) = group,
                case .string(let id) = parts.members.first(where: { AttributeName($0.name) == "value" })?
                    .value
            else { return nil }
            ids.insert(ResourceID(id))
        }
        return ids
    }
}
