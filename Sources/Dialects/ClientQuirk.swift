internal import SCIM

/// How a request departs from the RFC, or from what is kept here, in a way that is understood all the same: told in the
/// activity, never refused.
///
/// The words are stored: one may be added, none may be renamed.
package enum ClientQuirk: String, Sendable, CaseIterable {
    /// `"active": "False"`: a boolean as text, as Entra sends it.
    case activeAsString = "active_as_string"
    /// `"op": "Replace"`: the name of an operation with a capital letter, as Entra sends it.
    case capitalOperation = "capital_op"
    /// `"manager": [{"value": "…"}]`: a list where there is one manager.
    case managerArray = "manager_array"
    /// `emails[type eq "work"].value` where no e-mail addresses are kept: what the brackets choose plays no part.
    case valueFilterIgnored = "value_filter_ignored"

    /// Those of a resource's body.
    ///
    /// A body of another shape has none: reading it tells what is wrong.
    static func found(inResource json: JSONValue) -> [ClientQuirk] {
        var found = Found()
        found.look(at: json)
        return found.quirks
    }

    /// Those of a filter: brackets behind what is not kept.
    ///
    /// A filter that cannot be read has none: reading it tells what is wrong.
    static func found(
        inFilter text: String?,
        of type: ResourceType.Name?,
        _ set: AttributeSet
    ) -> [ClientQuirk] {
        // Look-ups by name, which are most searches, need not be parsed for this.
        guard let text, text.utf8.contains(UInt8(ascii: "[")) else { return [] }
        // Silence is right: the search itself refuses what cannot be parsed.
        guard let filter = try? Filter.parse(text) else { return [] }
        let isIdle = filter.hasIdleBrackets(of: type ?? .user, in: set)
        return isIdle ? [.valueFilterIgnored] : []
    }

    /// Those of a PATCH body, whose paths are those of the request.
    static func found(
        inPatch json: JSONValue,
        _ request: PatchRequest,
        of type: ResourceType.Name,
        _ set: AttributeSet
    ) -> [ClientQuirk] {
        var found = Found()
        guard case .object(let body) = json else { return [] }
        if request.hasIdleBrackets(of: type, in: set) { found.insert(.valueFilterIgnored) }
        for member in body.members where TextOrder.isSameName(member.name, "Operations") {
            guard case .array(let operations) = member.value else { continue }
            for operation in operations { found.look(atOperation: operation) }
        }
        return found.quirks
    }
}

/// What a look through a body has found.
private struct Found {
    private var kinds: Set<ClientQuirk> = []

    /// Each once, in the order of the enumeration.
    var quirks: [ClientQuirk] { kinds.isEmpty ? [] : ClientQuirk.allCases.filter(kinds.contains) }

    /// Adds what was found elsewhere.
    mutating func insert(_ quirk: ClientQuirk) { kinds.insert(quirk) }

    /// A resource, or the value of an operation without a path.
    mutating func look(at json: JSONValue) {
        guard case .object(let members) = json else { return }
        for member in members.members { look(at: member.value, named: member.name) }
    }

    /// One operation of a PATCH.
    mutating func look(atOperation json: JSONValue) {
        guard case .object(let operation) = json else { return }
        var (path, value): (String?, JSONValue?) = (nil, nil)
        for member in operation.members {
            if TextOrder.isSameName(member.name, "op"), case .string(let name) = member.value {
                if name.utf8.contains(where: (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains) {
                    kinds.insert(.capitalOperation)
                }
            } else if TextOrder.isSameName(member.name, "path"), case .string(let text) = member.value {
                path = text
            } else if TextOrder.isSameName(member.name, "value") {
                value = member.value
            }
        }
        guard let value else { return }
        if let path, !path.utf8.isEmpty { look(at: value, named: path) } else { look(at: value) }
    }

    /// A value under its name, or under the path to it.
    private mutating func look(at value: JSONValue, named name: String) {
        switch value {
        case .string: if TextOrder.isSameName(name, "active") { kinds.insert(.activeAsString) }
        case .array: if Self.names(manager: name) { kinds.insert(.managerArray) }
        case .object: if TextOrder.isSameName(name, Self.enterprise) { look(at: value) }
        default: break
        }
    }

    /// Both spellings: with the URN of the extension, and without.
    private static func names(manager name: String) -> Bool {
        TextOrder.isSameName(name, "manager") || TextOrder.isSameName(name, enterprise + ":manager")
    }

    private static let enterprise = SchemaURI.enterpriseUser.text
}
