import Testing

@testable import SCIM

/// Each case of the files `Samples/rfc7644-3.4.2.*.json` is one filter; adding one needs no code.
///
/// ```
/// {"filters": [{"filter": "title pr", "matches": {"title": "Guide"}, "misses": {}}]}
/// ```
@Suite("The RFC's own filters, RFC 7644 §3.4.2.1 and §3.4.2.2")
struct FilterSamplesTests {
    /// A filter of a sample, and two resources as the JSON that clients see.
    struct Case: Sendable, CustomTestStringConvertible {
        let filter: String
        let matches: JSONValue
        let misses: JSONValue

        var testDescription: String { filter }

        init(_ json: JSONObject) throws {
            guard let filter = json.text("filter"), let matches = json["matches"], let misses = json["misses"]
            else { throw Sample.Missing() }
            (self.filter, self.matches, self.misses) = (filter, matches, misses)
        }
    }

    @Test(arguments: try cases())
    func `a filter matches what it should, and nothing else`(sample: Case) throws {
        #expect(try FilteredResource.matches(sample.filter, FilteredResource.view(sample.matches), .full))
        #expect(try !FilteredResource.matches(sample.filter, FilteredResource.view(sample.misses), .full))
    }

    @Test(arguments: try cases())
    func `a filter that is printed is read the same`(sample: Case) throws {
        let filter = try Filter.parse(sample.filter)

        #expect(try Filter.parse(filter.description) == filter)
    }

    private static func cases() throws -> [Case] {
        try Sample.names(beginning: "rfc7644-3.4.2").flatMap { name in
            try Sample.object(name).objects("filters").map(Case.init)
        }
    }
}
