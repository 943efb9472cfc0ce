/// What an operation works on, looked up in the schemas: an attribute, a part of it, or chosen values
/// (RFC 7644 §3.5.2).
struct PatchTarget {
    /// The attribute, and the sub-attribute when the path had one.
    let found: SchemaSet.Found
    /// Which values of a multi-valued attribute; nil is all of them.
    let choice: Choice?

    /// Brackets of a path.
    struct Choice {
        /// What a value must fulfil to be chosen.
        let condition: ResolvedFilter.Node
        /// What the brackets say by `eq`, joined by `and`: the parts that a value has which is made
        /// for the path.
        let equalities: [Equality]
        /// How many comparisons one value costs, 1…``FilterLimits/terms``.
        let terms: Int
        /// The same choice, of a group's members.
        let members: MemberChoice

        /// Whether a value is chosen.
        func holds(for value: AttributeValue) -> Bool {
            condition.holds(in: .value(value))
        }
    }

    /// `type eq "work"`.
    struct Equality {
        let part: AttributeDefinition
        let literal: JSONValue
    }

    /// A sub-attribute of the attribute.
    func part(_ definition: AttributeDefinition) -> SchemaSet.Found {
        SchemaSet.Found(part: found.part, definition: found.definition, subDefinition: definition)
    }
}

extension PatchTarget {
    /// What became of a path.
    enum Resolution {
        case target(PatchTarget)
        /// Nothing of it is stored.
        case ignored(Note.Kind, String)
        /// Clients may not write there.
        case readOnly(String)
    }

    /// Looks up a path.
    ///
    /// - Throws: 400 `invalidPath` when no schema knows what it names.
    static func resolve(_ path: PatchPath, in schemas: SchemaSet) throws(SCIMError) -> Resolution {
        switch path {
        case .attribute(let path):
            guard let found = schemas.lookup(path).found else { throw unknown(path) }
            return resolution(PatchTarget(found: found, choice: nil), in: schemas)
        case .values(let values, let subAttribute):
            guard let found = schemas.lookup(values.attribute).found else { throw unknown(values.attribute) }
            let parts = try PartResolver(of: found, set: .full, kind: .invalidPath)
            let condition = try parts.resolve(values.filter)
            guard found.definition.isMultiValued else {
                throw .badRequest(
                    .invalidPath,
                    "'\(found.definition.name)' holds one value: no brackets can follow it."
                )
            }
            let choice = Choice(
                condition: condition,
                equalities: equalities(of: values.filter, in: found.definition),
                terms: values.filter.terms,
                members: MemberChoice(condition, filter: values.filter)
            )
            guard let subAttribute else {
                return resolution(PatchTarget(found: found, choice: choice), in: schemas)
            }
            guard let part = found.definition.subAttribute(subAttribute) else {
                throw unknown(AttributePath(name: found.definition.name, subAttribute: subAttribute))
            }
            let target = PatchTarget(
                found: SchemaSet.Found(part: found.part, definition: found.definition, subDefinition: part),
                choice: choice
            )
            return resolution(target, in: schemas)
        case .schema(let uri):
            throw .badRequest(.invalidPath, "The path names a schema\(AttributeNaming.quoted(uri.text)).")
        }
    }

    private static func resolution(_ target: PatchTarget, in schemas: SchemaSet) -> Resolution {
        let found = target.found
        let name = found.path
        // Some clients add an extension's URN to `schemas` before they write its attributes. Here
        // `schemas` follows from the attributes: there is nothing to do, and refusing would stop the
        // operations that matter.
        if found.definition.name == "schemas" { return .ignored(.dropped, name) }
        if found.definition.mutability == .readOnly || found.innermost.mutability == .readOnly {
            return .readOnly(name)
        }
        // A password is taken and not kept: people sign in at the identity provider.
        if found.definition.mutability == .writeOnly { return .ignored(.dropped, name) }
        guard found.definition.isHeld(by: schemas.set), found.innermost.isHeld(by: schemas.set) else {
            return .ignored(.dropped, name)
        }
        return .target(target)
    }

    /// The equalities that every chosen value fulfils.
    private static func equalities(of filter: Filter.Node, in definition: AttributeDefinition) -> [Equality] {
        switch filter {
        case .and(let nodes):
            return nodes.flatMap { equalities(of: $0, in: definition) }
        case .attribute(let path, .compare(.eq, let literal)):
            guard let part = definition.subAttribute(path.name) else { return [] }
            return [Equality(part: part, literal: literal.json)]
        default:
            return []
        }
    }

    private static func unknown(_ path: AttributePath) -> SCIMError {
        .badRequest(
            .invalidPath,
            "The path names an attribute that no schema knows\(AttributeNaming.quoted(path.description)). "
                + "Correct the name of the target attribute in the mapping, or remove the mapping."
        )
    }
}

extension Filter.Literal {
    /// The literal as a value of a body.
    fileprivate var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .number(let number): .number(number)
        case .boolean(let value): .boolean(value)
        case .null: .null
        }
    }
}
