import Testing

@testable import SCIM

/// Each file `Samples/rfc7643-8.[567]*.json` is an example of the RFC, and where ours differs from it, with the reason.
///
/// ```
/// {"example": {…}, "differences": {"/filter/maxResults": "A page holds up to 1,000 resources."}}
/// ```
@Suite("Discovery beside the RFC's examples, RFC 7643 §8.5–§8.7")
struct DiscoverySamplesTests {
    private let discovery = Discovery(set: .full, locationPrefix: "https://example.com/v2", digest: { $0 })

    @Test(arguments: try examples())
    func `our document differs from the example where its file says so, and nowhere else`(name: String) throws
    {
        let sample = try Sample.object(name)
        let example = try #require(sample["example"])

        let ours = try JSONReader.read(#require(document(like: example)))

        let expected = Set(try sample.object("differences").members.map(\.name))
        #expect(DocumentDifferences.places(example, ours) == expected)
    }

    @Test(arguments: try Sample.names(beginning: "rfc7643-8.7.2"))
    func `our documents obey the schema that describes them, but for what its file says`(name: String) throws
    {
        let sample = try Sample.object(name)
        let schema = try sample.object("schema")

        let found = try documents(of: #require(schema.text("id"))).reduce(into: Set<String>()) {
            found,
            bytes in
            guard case .object(let document) = try JSONReader.read(bytes) else { throw Sample.Missing() }
            found.formUnion(try DocumentCheck.places(document, schema))
        }

        #expect(found == Set(try sample.object("differences").members.map(\.name)))
    }

    @Test func `a document that breaks its schema is found out`() throws {
        let schema = try Sample.object("rfc7643-8.7.2-resource-type-schema").object("schema")
        guard case .object(let broken) = try json(#"{"name": 7, "endpoint": "/Users", "shoeSize": "44"}"#)
        else {
            return
        }

        #expect(
            try DocumentCheck.places(broken, schema) == [
                "/name", "/schema", "/schemaExtensions", "/shoeSize",
            ]
        )
    }

    private static func examples() throws -> [String] {
        try ["rfc7643-8.5", "rfc7643-8.6", "rfc7643-8.7.1"].flatMap { try Sample.names(beginning: $0) }
    }

    /// Our document of the same kind and name.
    private func document(like example: JSONValue) -> [UInt8]? {
        guard case .object(let object) = example else { return nil }
        guard let id = object.text("id") else { return discovery.serviceProviderConfig.body }
        return (discovery.resourceType(named: id) ?? discovery.schema(SchemaURI(id)))?.body
    }

    /// All of our documents that a schema describes.
    private func documents(of schema: String) -> [[UInt8]] {
        switch schema.split(separator: ":").last {
        case "ServiceProviderConfig": [discovery.serviceProviderConfig.body]
        case "ResourceType":
            ResourceType.Name.allCases.compactMap { discovery.resourceType(named: $0.rawValue)?.body }
        case "Schema": Schema.all.compactMap { discovery.schema($0.uri)?.body }
        default: []
        }
    }
}
