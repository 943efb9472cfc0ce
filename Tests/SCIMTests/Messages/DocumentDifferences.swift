@testable import SCIM

/// Where two discovery documents differ.
///
/// Descriptions are prose, ours in our own words, and are not compared. A characteristic that an attribute definition
/// leaves out has its default (RFC 7643 §2.2). Definitions are compared by name, other objects in order, texts as a whole.
enum DocumentDifferences {
    /// The places as JSON pointers, the names of definitions in place of their numbers.
    static func places(_ example: JSONValue?, _ ours: JSONValue?, at place: String = "") -> Set<String> {
        switch (example, ours) {
        case (.object(let example), .object(let ours)):
            let names = Set((example.members + ours.members).map(\.name)).subtracting(["description"])
            let isDefinition = example["multiValued"] != nil && ours["multiValued"] != nil
            return names.reduce(into: []) { found, name in
                let missing = isDefinition ? defaults[name] : nil
                let (left, right) = (example[name] ?? missing, ours[name] ?? missing)
                found.formUnion(places(left, right, at: "\(place)/\(name)"))
            }
        case (.array(let example), .array(let ours)) where (example + ours).contains(where: isObject):
            let (left, right) = (byName(example), byName(ours))
            return Set(left.keys).union(right.keys).reduce(into: []) { found, name in
                found.formUnion(places(left[name], right[name], at: "\(place)/\(name)"))
            }
        default:
            return example == ours ? [] : [place]
        }
    }

    private static func isObject(_ value: JSONValue) -> Bool {
        if case .object = value { true } else { false }
    }

    private static func byName(_ elements: [JSONValue]) -> [String: JSONValue] {
        var named: [String: JSONValue] = [:]
        for (index, element) in elements.enumerated() {
            if case .object(let object) = element, object["multiValued"] != nil,
                let name = object.text("name")
            {
                named[name] = element
            } else {
                named["\(index)"] = element
            }
        }
        return named
    }

    private static let defaults: [String: JSONValue] = [
        "required": .boolean(false), "caseExact": .boolean(false), "mutability": .string("readWrite"),
        "returned": .string("default"), "uniqueness": .string("none"), "canonicalValues": .array([]),
    ]
}
