@testable import SCIM

/// Resources for tests of filters, written as the JSON that clients see.
enum FilteredResource {
    /// A view of everything that the JSON holds, derived attributes too.
    static func view(_ source: String, type: ResourceType.Name = .user) throws -> ResourceView {
        view(try json(source), type: type)
    }

    /// The same, of JSON that is parsed already.
    static func view(_ source: JSONValue, type: ResourceType.Name = .user) -> ResourceView {
        var view = ResourceView(type: type, core: ComplexValue())
        guard case .complex(let attributes)? = value(source) else { return view }
        for entry in attributes.entries {
            if SchemaURI(entry.name.text) == .enterpriseUser, case .complex(let enterprise) = entry.value {
                view.enterprise = enterprise
            } else {
                view.core[entry.name] = entry.value
            }
        }
        return view
    }

    /// Whether a filter matches a view.
    static func matches(_ filter: String, _ view: ResourceView, _ set: AttributeSet = .learner) throws -> Bool
    {
        try resolve(filter, view.type, set).matches(view)
    }

    /// A filter, looked up.
    static func resolve(
        _ filter: String,
        _ type: ResourceType.Name? = .user,
        _ set: AttributeSet = .learner
    ) throws -> ResolvedFilter {
        try ResolvedFilter.resolve(try Filter.parse(filter), type: type, set: set)
    }

    private static func value(_ json: JSONValue) -> AttributeValue? {
        switch json {
        case .null: nil
        case .boolean(let value): .simple(.boolean(value))
        case .number(let number): .simple(.number(number))
        case .string(let text): .simple(.string(text))
        case .array(let items): .multiValued(items.compactMap(value))
        case .object(let object): .complex(complex(object))
        }
    }

    private static func complex(_ object: JSONObject) -> ComplexValue {
        var complex = ComplexValue()
        for member in object.members { complex[AttributeName(member.name)] = value(member.value) }
        return complex
    }
}
