@testable import SCIM

/// Checks a discovery document against the schema that RFC 7643 §8.7.2 gives for it.
enum DocumentCheck {
    /// The places that break it, as JSON pointers without the numbers of list elements.
    ///
    /// `schemas`, `id` and `meta` belong to every resource, listed or not.
    static func places(_ document: JSONObject, _ schema: JSONObject) throws -> Set<String> {
        var found = try places(document, attributes: schema.objects("attributes"), at: "")
        found.subtract(["/schemas", "/id", "/meta"])
        return found
    }

    private static func places(_ object: JSONObject, attributes: [JSONObject], at place: String) throws
        -> Set<String>
    {
        let known = Set(attributes.compactMap { $0.text("name") })
        var found = Set(object.members.map(\.name)).subtracting(known).reduce(into: Set<String>()) {
            $0.insert("\(place)/\($1)")
        }
        for attribute in attributes {
            guard let name = attribute.text("name") else { throw Sample.Missing() }
            if let value = object[name] {
                found.formUnion(try places(value, attribute, at: "\(place)/\(name)"))
            } else if attribute["required"] == .boolean(true) {
                found.insert("\(place)/\(name)")
            }
        }
        return found
    }

    private static func places(_ value: JSONValue, _ attribute: JSONObject, at place: String) throws
        -> Set<String>
    {
        guard attribute["multiValued"] == .boolean(true) else {
            return try element(value, attribute, at: place)
        }
        guard case .array(let elements) = value else { return [place] }
        return try elements.reduce(into: []) { $0.formUnion(try element($1, attribute, at: place)) }
    }

    private static func element(_ value: JSONValue, _ attribute: JSONObject, at place: String) throws
        -> Set<String>
    {
        switch (attribute.text("type"), value) {
        case ("complex", .object(let object)):
            return try places(object, attributes: attribute.objects("subAttributes"), at: place)
        case ("boolean", .boolean), ("integer", .number), ("reference", .string): return []
        case ("string", .string):
            guard case .array(let values)? = attribute["canonicalValues"] else { return [] }
            return values.contains(value) ? [] : [place]
        default: return [place]
        }
    }
}
