import Configuration
import SCIM
import Testing

@testable import Tenancy

@Suite("explain, and the JSON Schema of the same tables")
struct KnownKeyTests {
    @Test func `a key is explained with type, default, example, what a change takes, and its variable`()
        throws
    {
        let keys = KnownKey.meant(by: "limits.body")

        #expect(
            try #require(keys.first).explanation == [
                "limits.body  (gateway.yaml)",
                "  Bytes of one request's body.",
                "  type      a number with its unit of size (B, KiB, MiB, GiB), 64KiB to 1MiB",
                "  default   1MiB",
                "  example   body: 1MiB",
                "  change    needs a restart",
                "  override  SCIMGW_LIMITS__BODY",
            ]
        )
        #expect(keys.count == 1)
    }

    @Test(
        arguments: [
            ("body", ["limits.body"]), ("listeners[0].public_url", ["listeners.public_url"]),
            ("burst", ["limits.burst", "limits.burst"]), ("version", ["version", "version"]),
            ("profiles.gcc-high.fips", ["profiles.gcc-high.fips"]),
            ("allow_from", ["allow_from"]), ("connections.allow_from", ["connections.allow_from"]),
            ("nonsense", []), ("", []), (".", []),
        ])
    func `a key is found by its path or the end of it`(_ text: String, _ names: [String]) {
        #expect(KnownKey.meant(by: text).map(\.name) == names)
    }

    @Test(
        arguments: [
            ("limits.bdoy", "limits.body"), ("alow_from", "allow_from"), ("displayname", "display_name"),
            ("something else entirely", nil),
        ])
    func `a mistyped key is guessed`(_ text: String, _ meant: String?) {
        #expect(KnownKey.nearest(to: text) == meant)
    }

    @Test
    func `every key of both tables has a sentence, and every plain one an example that its own type takes`() {
        for key in KnownKey.all {
            #expect(key.doc.hasSuffix("."), "\(key.name)")
            #expect(key.row.shape.example != nil || !key.row.shape.tables.isEmpty, "\(key.name)")
            #expect(key.explanation.count >= 5, "\(key.name)")
        }
    }

    @Test(arguments: KnownKey.File.allCases)
    func `the schema has every key of the table and no other`(_ file: KnownKey.File) throws {
        let text = IndentedJSON.text(JSONSchema.schema(of: file))

        let schema = try JSONReader.read(Array(text.utf8))
        #expect(schema["$schema"]?.text == "http://json-schema.org/draft-07/schema#")
        #expect(schema["properties"]?.names == file.rows.map(\.name))
        #expect(schema["required"]?.texts == file.rows.filter(\.isRequired).map(\.name))
        #expect(schema["additionalProperties"] == .boolean(false))
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object.members.first { $0.name == name }?.value
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    fileprivate var names: [String] {
        guard case .object(let object) = self else { return [] }
        return object.members.map(\.name)
    }

    fileprivate var texts: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap(\.text)
    }
}
