extension PatchEditor {
    /// Performs an operation on a group's members: says who is to come and go.
    ///
    /// The list itself is not at hand, and need not be: see ``MemberEdit``.
    mutating func editMembers(_ target: PatchTarget, _ op: PatchOperation.Op, _ value: JSONValue)
        throws(SCIMError)
    {
        let isWhole = target.found.subDefinition == nil
        guard isWhole || target.found.innermost.name == "value" else {
            throw Self.immutable(target.found.innermost.name)
        }
        let edit: MemberEdit? =
            if let choice = target.choice {
                try edit(choice.members, op, value, isWhole: isWhole)
            } else {
                try editAll(op, value, isWhole: isWhole)
            }
        guard let edit else { return reading.note(.alreadySo, target.found.path) }
        resource.memberEdits.append(edit)
    }

    // MARK: - Without brackets: `members`, `members.value`

    private mutating func editAll(_ op: PatchOperation.Op, _ value: JSONValue, isWhole: Bool)
        throws(SCIMError) -> MemberEdit?
    {
        switch op {
        case .replace:
            guard isWhole else { throw Self.immutable("value") }
            return .replaceAll(try reading.memberIDs(value))
        case .add:
            let ids = try reading.memberIDs(value)
            return ids.isEmpty ? nil : .add(ids)
        case .remove:
            // RFC 7644 §3.5.2.2 knows no value in a `remove`. Entra without `aadOptscim062020` lists those that go,
            // and servers that passed over the list have emptied groups. So the list decides, an empty one removes
            // nobody; without one, all go.
            guard value != .null else { return .replaceAll([]) }
            // Nothing of it is stored, so nothing of it is noted.
            var reading = reading
            let ids = try reading.memberIDs(value)
            return ids.isEmpty ? nil : .remove(ids)
        }
    }

    // MARK: - With brackets: `members[value eq "2819c223"]`, `members[type eq "Group"].value`

    private mutating func edit(
        _ choice: MemberChoice,
        _ op: PatchOperation.Op,
        _ value: JSONValue,
        isWhole: Bool
    ) throws(SCIMError) -> MemberEdit? {
        guard op != .remove else { return .removeChosen(choice) }
        let ids = try reading.memberIDs(value)
        // A member is its id, which is written once (RFC 7643 §7): brackets that name one make no other of it.
        if op == .add || !isWhole, let named = choice.candidates, !ids.allSatisfy(named.contains) {
            throw Self.immutable("value")
        }
        switch op {
        case .add: return ids.isEmpty ? nil : .add(ids)
        case .replace, .remove:
            return ids.isEmpty
                ? .removeChosen(choice)
                : .replaceChosen(choice, ids, makingMissing: rules.replaceCreatesMissingTarget)
        }
    }

    private static func immutable(_ part: AttributeName) -> SCIMError {
        .badRequest(
            .mutability,
            "'\(part)' of a member cannot be changed. Remove the member, and add another."
        )
    }
}

extension AttributeReading {
    /// The ids in the value of `members`: a list of `{"value": id}`, or one such, or ids alone.
    ///
    /// What else stands in a member (`$ref`, `type`, `display`) is checked for its type and derived from the member
    /// itself afterwards.
    ///
    /// - Throws: 400 `invalidValue` for a member without an id.
    mutating func memberIDs(_ json: JSONValue) throws(SCIMError) -> [ResourceID] {
        let found = SchemaSet.Found(part: .core, definition: .members, subDefinition: nil)
        var ids: [ResourceID] = []
        // What says nothing at all names nobody. What says anything else must say who: passed over, a list of such would
        // be an empty one, and `replace` would empty the group.
        for item in json.items where !item.isNoValue {
            guard case .simple(.string(let id)) = try element(item, of: found)?.part("value") else {
                throw .badRequest(
                    .invalidValue,
                    "Each of the members needs a value: the id of a user or group. Correct the attribute mapping."
                )
            }
            ids.append(ResourceID(id))
        }
        return ids
    }
}

extension AttributeReading {
    /// The same of the body of a POST or PUT, where members are a list or nothing.
    mutating func memberIDs(ofBody json: JSONValue) throws(SCIMError) -> [ResourceID] {
        guard !json.isNoValue else { return [] }
        guard case .array = json else {
            throw .badRequest(
                .invalidValue,
                "The value of members must be a list. Correct the attribute mapping."
            )
        }
        return try memberIDs(json)
    }
}

extension SchemaSet.Found {
    /// Whether it is a group's `members`, or a part of them, which are rows and no part of the document.
    var isOfMembers: Bool { definition === AttributeDefinition.members }
}
