extension PatchEditor {
    /// Sets or removes a simple attribute that holds one value.
    ///
    /// `add` replaces (RFC 7644 §3.5.2.1).
    mutating func editSimple(
        _ target: PatchTarget,
        _ op: PatchOperation.Op,
        _ value: JSONValue
    ) throws(SCIMError) {
        let new = op == .remove ? nil : try reading.value(value, of: target.found)
        if new == nil { try refuseRemoval(of: target.found.definition, op, value) }
        resource[target.found] = new
    }

    /// Sets parts of a complex attribute that holds one value: `name`, `manager`.
    ///
    /// A whole object is merged, by `replace` too: only the parts that it names change (RFC 7644 §3.5.2.3).
    mutating func editComplex(
        _ target: PatchTarget,
        _ op: PatchOperation.Op,
        _ value: JSONValue
    ) throws(SCIMError) {
        guard target.found.subDefinition == nil else { return try setPart(target.found, op, value) }
        if op == .remove {
            resource[target.found] = nil
        } else if case .object(let object) = value, target.found.definition.significantSubAttribute == nil {
            try merge(object, into: target, op)
        } else {
            // `manager` is its `value`: a new one brings its own parts, and those of the old one go.
            let new = try reading.value(value, of: target.found)
            guard
                new != nil || value.isNoValue || value.names(target.found.definition.significantSubAttribute)
            else {
                // `{"displayName": "Boss"}` says nothing of who the manager is: the old one stays.
                return reading.note(.dropped, target.found.path)
            }
            resource[target.found] = new
        }
    }

    private mutating func merge(
        _ object: JSONObject,
        into target: PatchTarget,
        _ op: PatchOperation.Op
    ) throws(SCIMError) {
        // Refuses and notes what the body of a POST would; what it gives is not used, for it forgets
        // which parts were sent as null.
        _ = try reading.value(.object(object), of: target.found)
        for member in object.members {
            guard let part = target.found.definition.subAttribute(AttributeName(member.name)),
                part.isHeld(by: reading.schemas.set), part.mutability != .readOnly
            else { continue }
            try setPart(target.part(part), op, member.value)
        }
    }

    /// Sets or removes one part.
    ///
    /// What is left empty, or without the part that matters, is removed.
    private mutating func setPart(
        _ found: SchemaSet.Found,
        _ op: PatchOperation.Op,
        _ value: JSONValue
    ) throws(SCIMError) {
        let part = found.innermost.name
        let new = op == .remove ? nil : try reading.value(value, of: found)
        var complex = ComplexValue()
        if case .complex(let present) = resource[found],
            part != found.definition.significantSubAttribute?.name
        {
            complex = present
        }
        complex[part] = new
        resource[found] = complex.isEmpty ? nil : .complex(complex)
    }

    /// A required attribute cannot be removed (RFC 7644 §3.5.2.2), nor made empty.
    private func refuseRemoval(
        of definition: AttributeDefinition,
        _ op: PatchOperation.Op,
        _ value: JSONValue
    ) throws(SCIMError) {
        guard definition.isRequired else { return }
        guard op != .remove, value != .null else {
            throw .badRequest(
                .mutability,
                "'\(definition.name)' is required and cannot be removed. Replace it instead."
            )
        }
        throw .badRequest(
            .invalidValue,
            "'\(definition.name)' is required and cannot be empty. Check the mapping."
        )
    }
}

extension JSONValue {
    /// Whether the object, or the one in a list of one, has a member for the part.
    fileprivate func names(_ part: AttributeDefinition?) -> Bool {
        switch self {
        case .object(let object): object.members.contains { AttributeName($0.name) == part?.name }
        case .array(let items): items.contains { $0.names(part) }
        default: false
        }
    }
}
