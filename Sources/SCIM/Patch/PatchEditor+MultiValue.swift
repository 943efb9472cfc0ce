extension PatchEditor {
    /// Performs an operation on a multi-valued attribute: all of it, chosen values, or a part of either.
    mutating func editList(_ target: PatchTarget, _ op: PatchOperation.Op, _ value: JSONValue)
        throws(SCIMError)
    {
        let present = resource[target.found].map(\.elements) ?? []
        let changed =
            if target.found.subDefinition != nil {
                try settingPart(of: target, op, value, in: present)
            } else if target.choice != nil {
                try settingChosen(target, op, value, in: present)
            } else {
                try settingAll(target, op, value, in: present)
            }
        resource[target.found] = changed.isEmpty ? nil : .multiValued(changed)
    }

    // MARK: - Without brackets: `emails`

    private mutating func settingAll(
        _ target: PatchTarget,
        _ op: PatchOperation.Op,
        _ value: JSONValue,
        in present: [AttributeValue]
    ) throws(SCIMError) -> [AttributeValue] {
        switch op {
        case .replace:
            return try elements(of: value, target)
        case .add:
            var list = ValueList(present, of: target.found.definition)
            for element in try elements(of: value, target) { list.add(element) }
            return list.values
        case .remove:
            // RFC 7644 §3.5.2.2 knows no value in a `remove`. Entra without `aadOptscim062020` lists
            // those that go, and servers that passed over the list have emptied groups. So the list
            // decides, an empty one removes nothing; without one, all go.
            guard value != .null else { return [] }
            let removed = ValuePatterns(try patterns(value, target), of: target.found.definition)
            return present.filter { !removed.match($0) }
        }
    }

    /// What a `remove` lists.
    ///
    /// Nothing of it is stored, so nothing of it is noted.
    private func patterns(_ value: JSONValue, _ target: PatchTarget) throws(SCIMError) -> [AttributeValue] {
        var reading = reading
        var patterns: [AttributeValue] = []
        for item in value.items {
            if let pattern = try reading.element(item, of: target.found) { patterns.append(pattern) }
        }
        return patterns
    }

    private mutating func elements(of value: JSONValue, _ target: PatchTarget) throws(SCIMError)
        -> [AttributeValue]
    {
        try reading.value(.array(value.items), of: target.found)?.elements ?? []
    }

    // MARK: - With brackets: `emails[type eq "work"]`

    private mutating func settingChosen(
        _ target: PatchTarget,
        _ op: PatchOperation.Op,
        _ value: JSONValue,
        in present: [AttributeValue]
    ) throws(SCIMError) -> [AttributeValue] {
        guard op != .remove, let new = try reading.element(value.item, of: target.found) else {
            return op == .add ? present : present.filter { !target.chooses($0) }
        }
        var list = ValueList(present, of: target.found.definition)
        let chosen = list.values.indices.filter { target.chooses(list.values[$0]) }
        for index in chosen {
            if op == .add { try refuseChanges(in: list.values[index], to: new, of: target) }
            let started = op == .add ? list.values[index] : try made(for: target)
            list.replace(at: index, with: started.merging(new))
        }
        if chosen.isEmpty { list.add(try make(target, op) { made in made.merging(new) }) }
        return list.values
    }

    // MARK: - A part: `emails[type eq "work"].value`, `emails.value`

    private mutating func settingPart(
        of target: PatchTarget,
        _ op: PatchOperation.Op,
        _ value: JSONValue,
        in present: [AttributeValue]
    ) throws(SCIMError) -> [AttributeValue] {
        let part = target.found.innermost
        let new = op == .remove ? nil : try reading.value(value, of: target.found)
        var list = ValueList(present, of: target.found.definition)
        let chosen = list.values.indices.filter { target.chooses(list.values[$0]) }
        for index in chosen {
            try refuseChange(of: part, in: list.values[index], to: new)
            list.replace(at: index, with: list.values[index].setting(part.name, to: new))
        }
        if chosen.isEmpty, let new {
            list.add(try make(target, op) { made in made.setting(part.name, to: new) })
        }
        // What has lost its `value` is no e-mail address, member or role any more.
        guard new == nil, part.name == target.found.definition.significantSubAttribute?.name else {
            return list.nonEmptyValues
        }
        return list.nonEmptyValues.filter { $0.part(part.name) != nil }
    }

    /// An immutable part is written once: `members.value` (RFC 7643 §7).
    private func refuseChange(
        of part: AttributeDefinition,
        in element: AttributeValue,
        to new: AttributeValue?
    ) throws(SCIMError) {
        guard part.mutability == .immutable, let present = element.part(part.name), present != new else {
            return
        }
        throw .badRequest(.mutability, "'\(part.name)' cannot be changed. Remove the value, and add another.")
    }

    /// The same for every part of a value that is merged into another.
    private func refuseChanges(
        in element: AttributeValue,
        to new: AttributeValue,
        of target: PatchTarget
    ) throws(SCIMError) {
        for part in target.found.definition.subAttributes where new.part(part.name) != nil {
            try refuseChange(of: part, in: element, to: new.part(part.name))
        }
    }

    // MARK: - A value that is not there yet

    /// Makes a value for a path whose brackets choose none.
    ///
    /// RFC 7644 §3.5.2.3 refuses a `replace` there with `noTarget`; for `add` it is silent, and
    /// erratum 8097 (held for the next version) has the value made. So `add` makes it in every
    /// dialect, `replace` where the dialect says so. Without brackets there is no such rule: a
    /// `replace` of what is not there is an `add` (§3.5.2.3).
    private mutating func make(
        _ target: PatchTarget,
        _ op: PatchOperation.Op,
        completing: (AttributeValue) -> AttributeValue
    ) throws(SCIMError) -> AttributeValue {
        let name = target.found.path
        guard let choice = target.choice else { return completing(.complex(ComplexValue())) }
        guard op == .add || rules.replaceCreatesMissingTarget else {
            throw .badRequest(
                .noTarget,
                "No value of '\(name)' fulfils the brackets of the path, so nothing can be replaced. Send op add."
            )
        }
        let started = try made(for: target)
        let completed = completing(started)
        guard choice.holds(for: started) || choice.holds(for: completed) else {
            throw .badRequest(
                .noTarget,
                "No value of '\(name)' fulfils the brackets of the path, and they do not tell how to make one."
            )
        }
        return completed
    }

    /// The parts that the brackets give by `eq`: `type` is `work`.
    ///
    /// A value that takes the place of a chosen one keeps them too, where it does not bring its
    /// own: it would no longer be found by the path that made it.
    private mutating func made(for target: PatchTarget) throws(SCIMError) -> AttributeValue {
        var made = ComplexValue()
        for equality in target.choice?.equalities ?? [] {
            made[equality.part.name] = try reading.value(equality.literal, of: target.part(equality.part))
        }
        return .complex(made)
    }
}

extension PatchTarget {
    /// Whether the operation works on that value of the list.
    fileprivate func chooses(_ value: AttributeValue) -> Bool {
        choice?.holds(for: value) ?? true
    }
}

extension JSONValue {
    /// The values of a list.
    ///
    /// One value that is no list is taken as a list of one: clients send both.
    var items: [JSONValue] {
        if case .array(let items) = self { return items }
        return isNoValue ? [] : [self]
    }

    /// The value itself, where a client put one value into a list.
    fileprivate var item: JSONValue {
        if case .array(let items) = self, items.count == 1 { return items[0] }
        return self
    }
}

extension AttributeValue {
    /// The value with one part set or removed.
    fileprivate func setting(_ name: AttributeName, to part: AttributeValue?) -> AttributeValue {
        guard case .complex(var complex) = self else { return self }
        complex[name] = part
        return .complex(complex)
    }

    /// The value with the parts of another one laid over its own.
    fileprivate func merging(_ other: AttributeValue) -> AttributeValue {
        guard case .complex(let parts) = other else { return other }
        return parts.entries.reduce(self) { $0.setting($1.name, to: $1.value) }
    }
}
