import Testing

@testable import SCIM

/// The files `Samples/rfc7643-8.[1234]*.json`, as the RFC has them: bodies of resources.
@Suite("The RFC's own resources, RFC 7643 §8.1–§8.4")
struct ResourceSamplesTests {
    /// What a service gives, a client cannot set; and what people sign in with is not kept.
    private static let notTaken: Set<String> = [
        "/schemas", "/id", "/meta", "/groups", "/password", "/members/$ref", "/members/display",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/$ref",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager/displayName",
    ]

    @Test(
        arguments: [
            ("rfc7643-8.1", ResourceType.Name.user), ("rfc7643-8.2", .user), ("rfc7643-8.3", .user),
            ("rfc7643-8.4", .group),
        ]
    )
    func `a resource is taken whole`(section: String, type: ResourceType.Name) throws {
        for name in try Sample.names(beginning: section) {
            let example = try Sample.json(name)

            let resource = try Resource.reading(example, type: type, set: .full).resource
            _ = try Validation.validate(resource, set: .full)

            let left = lost(example, from: try written(resource))
            #expect(left.isSubset(of: Self.notTaken), "\(name)")
            #expect(left.contains("/id") && left.contains("/schemas"), "\(name)")
        }
    }

    /// The attributes as JSON, those of the extension under its URN; a group's members by their ids.
    private func written(_ resource: Resource) throws -> JSONValue {
        guard case .object(var object) = try json(of: resource.attributes) else { throw Sample.Missing() }
        if !resource.enterprise.isEmpty {
            object.append(SchemaURI.enterpriseUser.text, try json(of: resource.enterprise))
        }
        if case .replaceAll(let ids)? = resource.memberEdits.first {
            let members = ids.map { JSONObject([.init(name: "value", value: .string($0.text))]) }
            object.append("members", .array(members.map(JSONValue.object)))
        }
        return .object(object)
    }

    private func json(of values: ComplexValue) throws -> JSONValue {
        var json = JSONWriter()
        json.value(.complex(values))
        return try JSONReader.read(json.bytes)
    }

    /// What of the example is not in the resource, as JSON pointers without the numbers of list elements.
    private func lost(_ example: JSONValue, from resource: JSONValue?, at place: String = "") -> Set<String> {
        switch (example, resource) {
        case (.object(let example), .object(let resource)):
            example.members.reduce(into: []) { found, member in
                found.formUnion(
                    lost(member.value, from: resource[member.name], at: "\(place)/\(member.name)")
                )
            }
        case (.array(let example), .array(let resource)) where example.count == resource.count:
            zip(example, resource).reduce(into: []) { $0.formUnion(lost($1.0, from: $1.1, at: place)) }
        default: example == resource ? [] : [place]
        }
    }
}
