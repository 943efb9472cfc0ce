/// Which attributes an answer holds: `attributes` and `excludedAttributes` (RFC 7644 §3.9).
///
/// The RFC calls the two mutually exclusive and names no error; when both are given, `attributes`
/// decides alone. Names that no schema knows are ignored. What is returned always (`id`, `schemas`)
/// or never is not up to the client.
package struct Projection: Sendable {
    /// What was asked for; nil when `attributes` was not given.
    private let attributes: Set<Item>?
    /// What was excluded.
    private let excluded: Set<Item>

    /// Everything: what an answer holds when nobody asks.
    package static let all = Projection(attributes: nil, excludedAttributes: nil)

    /// The values of the two query parameters: names with commas between them.
    package init(attributes: String?, excludedAttributes: String?) {
        self.init(attributes: attributes.map(Self.names), excluded: excludedAttributes.map(Self.names))
    }

    /// The names of a search request.
    ///
    /// An empty list is the same as none.
    package init(attributes: [String]?, excluded: [String]?) {
        let asked = attributes.flatMap { $0.isEmpty ? nil : $0 }
        self.attributes = asked.map { Set($0.compactMap(Item.init)) }
        self.excluded = asked == nil ? Set((excluded ?? []).compactMap(Item.init)) : []
    }

    /// Whether the answer is the whole resource.
    package var isEmpty: Bool { attributes == nil && excluded.isEmpty }

    /// Whether an answer shows a group's members, or parts of them.
    package var wantsMembers: Bool {
        let schemas = SchemaSet.of(.group, .full)
        let extent = Self.extent(
            of: AttributeDefinition.members.name,
            .core,
            schemas,
            in: attributes ?? excluded
        )
        switch extent {
        case .nothing: return attributes == nil
        case .subAttributes: return true
        case .whole: return attributes != nil
        }
    }

    /// The resource without what the client does not want.
    func applied(to view: ResourceView) -> ResourceView {
        guard !isEmpty else { return view }
        let schemas = SchemaSet.of(view.type, .full)
        var result = view
        result.core = picked(from: view.core, .core, schemas)
        result.enterprise = picked(from: view.enterprise, .enterprise, schemas)
        result.nameSchemas()
        return result
    }

    /// The names of a comma-separated list, without the spaces around them.
    static func names(_ list: String) -> [String] {
        let names = list.split(separator: ",").map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return names.filter { !$0.isEmpty }
    }
}

// MARK: - What a name means

extension Projection {
    /// One name of a list.
    private enum Item: Hashable {
        /// An attribute or sub-attribute.
        case attribute(AttributePath)
        /// All attributes of a schema: its URI alone.
        case schema(SchemaURI)

        /// Nil for a name that no schema knows.
        ///
        /// Since names are a set, a list of any length costs no more than the schemas are long.
        init?(_ text: String) {
            if let schema = Schema.all.first(where: { $0.uri == SchemaURI(text) }) {
                self = .schema(schema.uri)
                return
            }
            guard let path = AttributePath.parse(text), Self.isKnown(path) else { return nil }
            self = .attribute(path)
        }

        private static func isKnown(_ path: AttributePath) -> Bool {
            ResourceType.Name.allCases.contains { type in
                let lookup = SchemaSet.of(type, .full).lookup(
                    schema: path.schema,
                    name: path.name,
                    subAttribute: path.subAttribute
                )
                guard case .known = lookup else { return false }
                return true
            }
        }
    }

    /// How much of an attribute a list of names means.
    private enum Extent {
        case nothing
        case subAttributes(Set<AttributeName>)
        case whole
    }

    private static func extent(
        of name: AttributeName,
        _ part: SchemaSet.Part,
        _ schemas: SchemaSet,
        in items: Set<Item>
    ) -> Extent {
        var subAttributes: Set<AttributeName> = []
        for item in items {
            switch item {
            case .schema(let uri):
                if uri == schemas.uri(of: part), CommonAttributes.attribute(name) == nil { return .whole }
            case .attribute(let path):
                guard path.name == name, schemas.isIn(part, path) else { continue }
                guard let subAttribute = path.subAttribute else { return .whole }
                subAttributes.insert(subAttribute)
            }
        }
        return subAttributes.isEmpty ? .nothing : .subAttributes(subAttributes)
    }
}

extension SchemaSet {
    /// The URI of a part's schema; nil for an extension that the type has not.
    fileprivate func uri(of part: Part) -> SchemaURI? {
        switch part {
        case .core: core.uri
        case .enterprise: enterprise?.uri
        }
    }

    /// Whether the path leads into that part.
    fileprivate func isIn(_ part: Part, _ path: AttributePath) -> Bool {
        if case .known(let found) = lookup(schema: path.schema, name: path.name) {
            found.part == part
        } else {
            false
        }
    }
}

// MARK: - What is left

extension Projection {
    private func picked(from values: ComplexValue, _ part: SchemaSet.Part, _ schemas: SchemaSet)
        -> ComplexValue
    {
        var result = ComplexValue()
        for entry in values.entries {
            guard let definition = schemas.definition(part, entry.name) else { continue }
            switch definition.returned {
            case .never: continue
            case .always: result[entry.name] = entry.value
            case .default, .request:
                result[entry.name] = pick(entry, part, schemas, isDefault: definition.returned == .default)
            }
        }
        return result
    }

    private func pick(
        _ entry: ComplexValue.Entry,
        _ part: SchemaSet.Part,
        _ schemas: SchemaSet,
        isDefault: Bool
    ) -> AttributeValue? {
        guard let attributes else {
            guard isDefault else { return nil }
            switch Self.extent(of: entry.name, part, schemas, in: excluded) {
            case .nothing: return entry.value
            case .subAttributes(let names): return entry.value.filtered { !names.contains($0) }
            case .whole: return nil
            }
        }
        switch Self.extent(of: entry.name, part, schemas, in: attributes) {
        case .nothing: return nil
        case .subAttributes(let names): return entry.value.filtered { names.contains($0) }
        case .whole: return entry.value
        }
    }
}
