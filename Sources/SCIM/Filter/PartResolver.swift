/// Looks up what stands in the brackets behind an attribute: its names are sub-attributes (RFC 7644
/// §3.4.2.2).
struct PartResolver {
    /// The attribute before the brackets.
    private let definition: AttributeDefinition
    /// What the connection may see.
    private let set: AttributeSet
    /// What an error is called: `invalidFilter`, or `invalidPath` in the path of a PATCH.
    private let kind: SCIMError.Kind

    /// Brackets behind that attribute.
    ///
    /// - Throws: when the attribute has no values to choose from.
    init(of found: SchemaSet.Found, set: AttributeSet, kind: SCIMError.Kind) throws(SCIMError) {
        definition = found.definition
        self.set = set
        self.kind = kind
        guard found.subDefinition == nil, definition.type == .complex || definition.isMultiValued else {
            throw .badRequest(
                kind,
                "'\(definition.name)' holds one value without parts: no brackets can follow it."
            )
        }
    }

    /// The expression over one value.
    func resolve(_ node: Filter.Node) throws(SCIMError) -> ResolvedFilter.Node {
        switch node {
        case .and(let nodes): return .and(try nodes.map { (node) throws(SCIMError) in try resolve(node) })
        case .or(let nodes): return .or(try nodes.map { (node) throws(SCIMError) in try resolve(node) })
        case .not(let node): return .not(try resolve(node))
        case .attribute(let path, let test):
            guard path.schema == nil, path.subAttribute == nil else { throw unknown(path.description) }
            return try part(path.name, test)
        case .valuePath(let values), .selection(let values, _, _):
            throw unknown(values.attribute.description)
        }
    }

    /// A test of one sub-attribute.
    ///
    /// In a list of simple values, such as `schemas`, `value` is the value itself.
    func part(_ name: AttributeName, _ test: Filter.Test) throws(SCIMError) -> ResolvedFilter.Node {
        if definition.type != .complex, name == "value" {
            return .test(.part(nil), try LiteralTyping.typed(test, as: definition, kind: kind))
        }
        guard let part = definition.subAttribute(name) else { throw unknown("\(definition.name).\(name)") }
        let typed = try LiteralTyping.typed(test, as: part, kind: kind)
        return .test(part.isHeld(by: set) ? .part(part.name) : .nothing, typed)
    }

    private func unknown(_ name: String) -> SCIMError {
        .badRequest(
            kind,
            "The brackets name a part that '\(definition.name)' does not have\(AttributeNaming.quoted(name))."
        )
    }
}
