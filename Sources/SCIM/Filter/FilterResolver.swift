/// Looks up the names of a filter in the schemas, and types its literals.
struct FilterResolver {
    /// The schemas of the resource type at hand.
    let schemas: SchemaSet
    /// Those of all types that are searched.
    ///
    /// A name that only another of them knows has no value in this one.
    let searched: [SchemaSet]

    /// The expression over a whole resource.
    ///
    /// - Throws: 400 `invalidFilter`, as ``ResolvedFilter/resolve(_:type:set:)``.
    func resolve(_ node: Filter.Node) throws(SCIMError) -> ResolvedFilter.Node {
        switch node {
        case .and(let nodes): .and(try nodes.map { (node) throws(SCIMError) in try resolve(node) })
        case .or(let nodes): .or(try nodes.map { (node) throws(SCIMError) in try resolve(node) })
        case .not(let node): .not(try resolve(node))
        case .attribute(let path, let test): try attribute(path, test)
        case .valuePath(let values): try valuePath(values, selecting: nil)
        case .selection(let values, let name, let test): try valuePath(values, selecting: (name, test))
        }
    }

    // MARK: - Attributes

    private func attribute(_ path: AttributePath, _ test: Filter.Test) throws(SCIMError)
        -> ResolvedFilter.Node
    {
        switch schemas.lookup(path) {
        case .known(let found):
            let compared = try compared(found, by: test)
            let operand = ResolvedFilter.Operand.attribute(
                found.part,
                found.definition.name,
                compared.subAttribute
            )
            return .test(operand, try LiteralTyping.typed(test, as: compared.definition))
        case .outsideSet(let found) where isEmail(found):
            return try userName(test)
        case .outsideSet(let found):
            return try nothing(found, test)
        case .unknown:
            return try nothing(try foundElsewhere(path), test)
        }
    }

    /// What a test of the attribute compares: a simple attribute itself, of a complex one its
    /// `value`.
    ///
    /// `manager eq "x"` and `members eq "x"` are what Entra's documents have; other clients send
    /// `emails eq "x"`.
    private func compared(
        _ found: SchemaSet.Found,
        by test: Filter.Test
    ) throws(SCIMError) -> (subAttribute: AttributeName?, definition: AttributeDefinition) {
        let attribute = found.definition
        guard attribute.returned != .never else {
            // Asked often enough, `password sw "…"` reads a secret out letter by letter. None is kept
            // here, and no client should learn that it may ask.
            throw .badRequest(
                .invalidFilter,
                "'\(attribute.name)' cannot be searched. Leave it out of the filter."
            )
        }
        guard found.innermost.type == .complex, test != .present else {
            return (found.subDefinition?.name, found.innermost)
        }
        guard let value = attribute.significantSubAttribute else {
            let example = attribute.subAttributes.first.map { ", such as \(attribute.name).\($0.name)" } ?? ""
            throw .badRequest(
                .invalidFilter,
                "'\(attribute.name)' has several parts. Compare one of them\(example)."
            )
        }
        return (value.name, value)
    }

    /// A test of what has no value here.
    ///
    /// The literal is typed all the same: whether a filter is refused does not depend on the
    /// attribute set.
    private func nothing(_ found: SchemaSet.Found, _ test: Filter.Test) throws(SCIMError)
        -> ResolvedFilter.Node
    {
        .test(.nothing, try LiteralTyping.typed(test, as: try compared(found, by: test).definition))
    }

    private func foundElsewhere(_ path: AttributePath) throws(SCIMError) -> SchemaSet.Found {
        for schemas in searched {
            if let found = schemas.lookup(path).found { return found }
        }
        throw unknown(path.description)
    }

    // MARK: - Brackets

    /// `emails[type eq "work"]`, and with a test of a sub-attribute `emails[type eq "work"].value eq "x"`.
    ///
    /// The second holds when one and the same value fulfils the brackets and passes the test.
    private func valuePath(
        _ values: ValuePath,
        selecting selected: (AttributeName, Filter.Test)?
    ) throws(SCIMError) -> ResolvedFilter.Node {
        let lookup = schemas.lookup(values.attribute)
        let found = if let found = lookup.found { found } else { try foundElsewhere(values.attribute) }
        let parts = try PartResolver(of: found, set: schemas.set, kind: .invalidFilter)
        var condition = try parts.resolve(values.filter)
        if let (name, test) = selected { condition = .and([condition, try parts.part(name, test)]) }

        switch lookup {
        case .known: return .someValue(found.part, found.definition.name, condition)
        case .unknown: return .never
        case .outsideSet:
            guard isEmail(found), isWork(values.filter), let (name, test) = selected, name == "value" else {
                return .never
            }
            return try userName(test)
        }
    }

    // MARK: - The e-mail address in the learner set

    /// Whether the path is one that means `userName` where the set holds no e-mail addresses:
    /// `emails`, `emails.value`.
    ///
    /// Entra and PingFederate match people so; here the e-mail address is the user name.
    private func isEmail(_ found: SchemaSet.Found) -> Bool {
        schemas.type == .user && found.part == .core && found.definition.name == "emails"
            && (found.subDefinition.map { $0.name == "value" } ?? true)
    }

    /// Whether the brackets say `type eq "work"` and nothing else.
    private func isWork(_ filter: Filter.Node) -> Bool {
        guard case .attribute(let path, .compare(.eq, .string(let type))) = filter else { return false }
        return path == AttributePath(name: "type") && TextOrder.isSameBytes(CaseFolding.fold(type), "work")
    }

    private func userName(_ test: Filter.Test) throws(SCIMError) -> ResolvedFilter.Node {
        try attribute(AttributePath(name: "userName"), test)
    }

    private func unknown(_ name: String) -> SCIMError {
        .badRequest(
            .invalidFilter,
            "The filter names an attribute that no schema knows\(AttributeNaming.quoted(name))."
        )
    }
}
