import Testing

@testable import SCIM

/// One attribute or sub-attribute of the full set, with the JSON that puts a value there.
struct SchemaPlace: CustomTestStringConvertible, Sendable {
    let type: ResourceType.Name
    let found: SchemaSet.Found

    /// What its characteristics are asked of.
    var definition: AttributeDefinition { found.innermost }
    /// The path as PATCH, filters and projections take it.
    var path: String { found.path }
    var testDescription: String { "\(type.rawValue) \(path)" }

    /// Whether clients may write it.
    var isWritable: Bool {
        found.definition.mutability != .readOnly && definition.mutability != .readOnly
            && definition.mutability != .writeOnly
    }
    /// Whether it has no parts.
    var isSimple: Bool { definition.type != .complex }

    /// Every attribute and sub-attribute of users and groups, the common ones too.
    static let all: [SchemaPlace] = ResourceType.Name.allCases.flatMap { type in
        let schemas = SchemaSet.of(type, .full)
        let core = (CommonAttributes.definitions + schemas.core.attributes).flatMap {
            places($0, .core, type)
        }
        return core + (schemas.enterprise?.attributes ?? []).flatMap { places($0, .enterprise, type) }
    }

    /// Those that stand in a resource's document: members do not.
    static let ofDocuments = all.filter { !$0.found.isOfMembers }

    private static func places(
        _ definition: AttributeDefinition,
        _ part: SchemaSet.Part,
        _ type: ResourceType.Name
    ) -> [SchemaPlace] {
        ([nil] + definition.subAttributes.map(Optional.some)).map {
            SchemaPlace(
                type: type,
                found: SchemaSet.Found(part: part, definition: definition, subDefinition: $0)
            )
        }
    }

    /// A resource with that value there, and what a resource of the type must have.
    ///
    /// A value of a list is put into one element.
    func body(_ value: String) -> String {
        var value = value
        if let sub = found.subDefinition { value = #"{"\#(sub.name)":\#(value)}"# }
        if found.definition.isMultiValued, found.subDefinition != nil { value = "[\(value)]" }
        var members = #""\#(found.definition.name)":\#(value)"#
        if found.part == .enterprise { members = #""\#(SchemaURI.enterpriseUser)":{\#(members)}"# }
        let required = SchemaSet.of(type, .full).core.attributes.filter {
            $0.isRequired && $0.name != found.definition.name
        }
        return "{" + required.map { #""\#($0.name)":"r","# }.joined() + members + "}"
    }

    /// What is there.
    func value(in resource: Resource) -> AttributeValue? {
        let value = resource[found].map(\.elements)?.first
        return found.subDefinition.map { value?.part($0.name) } ?? value
    }

    /// Values that the attribute's type does not take.
    var wrongValues: [String] {
        let shared = ["7", "[[\"a\"]]"]
        let lists = found.innermost.isMultiValued ? ["\"x\"", "true", "{\"a\":1}"] : ["[7]", "[true,false]"]
        switch definition.type {
        case .string: return shared + lists + ["true", "{\"a\":1}"]
        case .boolean: return shared + lists + ["\"perhaps\"", "{\"a\":1}"]
        case .reference:
            return shared + lists + ["true", #""a b""#, #""a\nb""#, #""a\u0085b""#, #""\u2028""#]
        case .binary:
            return shared + lists + ["true", #""AQI?""#, #""AQIDA""#, #""AQ=""#, #""A-_D""#, #""AQ\nID""#]
        case .dateTime: return shared + lists + [#""yesterday""#]
        case .integer, .decimal: return lists + [#""7""#]
        case .complex: return shared + lists
        }
    }

    /// Values that it takes: none is one of the canonical ones.
    var rightValues: [(json: String, kept: SimpleValue)] {
        let texts =
            switch definition.type {
            case .string: ["Unheard of", "True", "ﬀ"]
            case .reference:
                ["https://x.example/a?b=c#d", "../Users/2819c223", "urn:x:y", "data:image/png;base64,AA=="]
            case .binary: ["AQIDBA==", "AQIDBA", "AQID", "+/+/"]
            case .dateTime: ["2011-05-13T04:42:34Z"]
            case .boolean, .integer, .decimal, .complex: [String]()
            }
        let booleans = definition.type == .boolean ? [true, false] : []
        return texts.map { (#""\#($0)""#, .string($0)) } + booleans.map { ("\($0)", .boolean($0)) }
    }
}
