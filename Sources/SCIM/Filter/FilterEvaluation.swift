extension ResolvedFilter {
    /// What operands are taken from.
    enum Scope {
        /// A whole resource.
        case resource(ResourceView)
        /// One value of a multi-valued attribute: inside brackets.
        case value(AttributeValue)
    }
}

extension ResolvedFilter.Node {
    /// Whether the expression holds.
    ///
    /// Recursion is bounded by ``FilterLimits/depth``.
    func holds(in scope: ResolvedFilter.Scope) -> Bool {
        switch self {
        case .and(let nodes): return nodes.allSatisfy { $0.holds(in: scope) }
        case .or(let nodes): return nodes.contains { $0.holds(in: scope) }
        case .not(let node): return !node.holds(in: scope)
        case .test(let operand, let test): return test.holds(for: scope.value(of: operand))
        case .someValue(let part, let name, let condition):
            guard let value = scope.value(of: .attribute(part, name, nil)) else { return false }
            return value.elements.contains { condition.holds(in: .value($0)) }
        case .never: return false
        }
    }
}

extension ResolvedFilter.Scope {
    /// The value of an operand.
    ///
    /// For a sub-attribute of a multi-valued attribute: that of every element.
    func value(of operand: ResolvedFilter.Operand) -> AttributeValue? {
        switch (self, operand) {
        case (.resource(let view), .attribute(let part, let name, let subAttribute)):
            guard let subAttribute, let value = view[part, name] else { return view[part, name] }
            let parts = value.elements.compactMap { $0.part(subAttribute) }
            return parts.count == 1 ? parts[0] : .multiValued(parts)
        case (.value(let value), .part(let name)):
            return name.map(value.part) ?? value
        case (_, .nothing), (.resource, .part), (.value, .attribute):
            return nil
        }
    }
}

extension AttributeValue {
    /// The values of a multi-valued attribute; a single value is a list of one.
    var elements: [AttributeValue] {
        if case .multiValued(let values) = self { return values }
        return [self]
    }

    /// The sub-attribute of that name.
    func part(_ name: AttributeName) -> AttributeValue? {
        guard case .complex(let value) = self else { return nil }
        return value[name]
    }

    /// Whether there is anything in it (RFC 7643 §2.5).
    var isPresent: Bool {
        switch self {
        case .simple(.string(let text)): !text.utf8.isEmpty
        case .simple: true
        case .complex(let value): value.entries.contains { $0.value.isPresent }
        case .multiValued(let values): values.contains(where: \.isPresent)
        }
    }
}
