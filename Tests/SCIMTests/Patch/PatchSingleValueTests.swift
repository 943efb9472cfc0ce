import Testing

@testable import SCIM

@Suite("PATCH of single values, RFC 7644 §3.5.2")
struct PatchSingleValueTests {
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    static let ada = #"""
        {"userName": "ada@example.com", "active": true, "locale": "en-GB", "name": {"givenName": "Ada", "familyName": "Lovelace"},
         "\#(enterprise)": {"department": "Tax", "employeeNumber": "1"}}
        """#

    /// The learner after the operations, as one attribute.
    private func patched(_ operations: String, _ set: AttributeSet = .learner) throws -> PatchedResource {
        try PatchedResource(Self.ada, operations, set: set)
    }

    @Test(arguments: [("False", false), ("false", false), ("FALSE", false), ("True", true), ("true", true)])
    func `a boolean may come as text, with a path and without`(text: String, value: Bool) throws {
        for operation in [
            #"{"op": "Replace", "path": "active", "value": "\#(text)"}"#,
            #"{"op": "Replace", "value": {"active": "\#(text)"}}"#,
        ] {
            #expect(try patched("[\(operation)]").resource.attributes["active"] == .simple(.boolean(value)))
        }
    }

    @Test func `True stays text where the schema says text`() throws {
        let after = try patched(
            #"[{"op": "Replace", "path": "\#(Self.enterprise):department", "value": "True"}]"#
        )

        #expect(after.resource.enterprise.string("department") == "True")
    }

    @Test(arguments: [#""maybe""#, "1", #"{"value": true}"#])
    func `what is no boolean is refused`(value: String) {
        #expect(
            refusal { _ = try patched(#"[{"op": "replace", "path": "active", "value": \#(value)}]"#) }
                == .badRequest(.invalidValue, "")
        )
    }

    @Test(arguments: ["add", "replace"])
    func `add and replace of a single value are the same`(op: String) throws {
        let after = try patched(
            #"[{"op": "\#(op)", "path": "locale", "value": "de-DE"}, {"op": "\#(op)", "path": "timezone", "value": "Z"}]"#
        )

        #expect(after.resource.attributes.string("locale") == "de-DE")
        #expect(after.resource.attributes.string("timezone") == "Z")
        #expect(after.notes.isEmpty)
    }

    @Test(arguments: ["null", #""""#, "[]"], ["add", "replace"])
    func `a value of nothing removes`(value: String, op: String) throws {
        let after = try patched(
            #"""
            [{"op": "\#(op)", "path": "locale", "value": \#(value)}, {"op": "\#(op)", "path": "name.givenName", "value": \#(value)},
             {"op": "\#(op)", "value": {"\#(Self.enterprise):department": \#(value)}}]
            """#
        )

        #expect(after.resource.attributes["locale"] == nil)
        #expect(after.resource.attributes.complex("name")?.entries.map(\.name) == ["familyName"])
        #expect(after.resource.enterprise.entries.map(\.name) == ["employeeNumber"])
    }

    @Test func `a complex attribute without parts is gone`() throws {
        let after = try patched(
            #"[{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]"#
        )

        #expect(after.resource.attributes["name"] == nil)
    }

    @Test(
        arguments: [
            #""path": "name", "value": {"givenName": "Grace"}"#,
            #""value": {"name": {"givenName": "Grace"}}"#, #""value": {"NAME.GIVENNAME": "Grace"}"#,
        ],
        ["add", "replace"]
    )
    func `an object is merged into a complex attribute`(rest: String, op: String) throws {
        let name = try #require(
            try patched(#"[{"op": "\#(op)", \#(rest)}]"#).resource.attributes.complex("name")
        )

        #expect(name.string("givenName") == "Grace")
        #expect(name.string("familyName") == "Lovelace")
    }

    @Test func `null in an object removes that part only`() throws {
        let after = try patched(#"[{"op": "replace", "path": "name", "value": {"givenName": null}}]"#)

        #expect(after.resource.attributes.complex("name")?.entries.map(\.name) == ["familyName"])
    }

    @Test func `an empty object changes no part, null removes all`() throws {
        #expect(
            try patched(#"[{"op": "replace", "path": "name", "value": {}}]"#).resource.attributes.complex(
                "name"
            )?.entries.count == 2
        )
        #expect(
            try patched(#"[{"op": "replace", "path": "name", "value": null}]"#).resource.attributes["name"]
                == nil
        )
        #expect(try patched(#"[{"op": "remove", "path": "name"}]"#).resource.attributes["name"] == nil)
    }

    @Test func `a part of a complex attribute that is not there makes it`() throws {
        let after = try PatchedResource(
            #"{"userName": "ada@example.com"}"#,
            #"[{"op": "replace", "path": "name.givenName", "value": "Ada"}]"#
        )

        #expect(try after.isLike(#"{"userName": "ada@example.com", "name": {"givenName": "Ada"}}"#))
    }

    @Test func `operations apply in order`() throws {
        let after = try patched(
            #"[{"op": "replace", "path": "locale", "value": "aa"}, {"op": "remove", "path": "locale"}, {"op": "add", "path": "locale", "value": "bb"}]"#
        )

        #expect(after.resource.attributes.string("locale") == "bb")
    }

    @Test func `no operations change nothing`() throws {
        let after = try patched("[]")

        #expect(try after.isLike(Self.ada))
        #expect(after.notes.isEmpty)
    }

    @Test(
        arguments: [
            (#"{"op": "remove", "path": "userName"}"#, .mutability),
            (#"{"op": "remove", "path": "USERNAME", "value": "x"}"#, .mutability),
            (#"{"op": "replace", "path": "userName", "value": null}"#, .mutability),
            (#"{"op": "replace", "path": "userName", "value": ""}"#, .invalidValue),
            (#"{"op": "add", "value": {"userName": ""}}"#, .invalidValue),
            (#"{"op": "replace", "path": "userName", "value": 1}"#, .invalidValue),
        ] as [(String, SCIMError.Kind)]
    )
    func `a required attribute stays`(operation: String, kind: SCIMError.Kind) {
        #expect(refusal { _ = try patched("[\(operation)]") } == .badRequest(kind, ""))
    }

    @Test(
        arguments: [
            "id", "meta", "meta.created", "groups", "groups.display", #"groups[value eq "x"]"#,
            #"groups[value eq "x"].display"#,
            "\(enterprise):manager.displayName", "manager.$ref",
        ],
        ["add", "replace", "remove"]
    )
    func `a path to what the service sets is refused`(path: String, op: String) throws {
        let escaped = path.replacing("\"", with: "\\\"")

        #expect(
            refusal { _ = try patched(#"[{"op": "\#(op)", "path": "\#(escaped)", "value": "x"}]"#) }
                == .badRequest(.mutability, "")
        )
    }

    @Test func `without a path what the service sets is passed over, and noted`() throws {
        let after = try patched(
            #"[{"op": "replace", "value": {"id": "x", "meta": {}, "schemas": ["urn:x"], "groups": [], "locale": "de"}}]"#
        )

        #expect(after.resource.attributes.string("locale") == "de")
        #expect(after.notes == ["id", "meta", "schemas", "groups"].map { Note(.dropped, $0) })
    }

    @Test func `schemas follow from the attributes and are passed over`() throws {
        let after = try patched(#"[{"op": "add", "path": "schemas", "value": ["\#(Self.enterprise)"]}]"#)

        #expect(after.notes == [Note(.dropped, "schemas")])
    }

    @Test func `what is so already is noted`() throws {
        let after = try patched(
            #"[{"op": "replace", "path": "active", "value": "True"}, {"op": "remove", "path": "timezone"}, {"op": "add", "value": {"name": {"givenName": "Ada"}}}]"#
        )

        #expect(try after.isLike(Self.ada))
        #expect(after.notes == ["active", "timezone", "name"].map { Note(.alreadySo, $0) })
    }

    @Test func `an externalId is set and removed`() throws {
        #expect(
            try patched(#"[{"op": "Add", "path": "externalId", "value": "7"}]"#).resource.externalID == "7"
        )
        #expect(
            try patched(
                #"[{"op": "Add", "path": "externalId", "value": "7"}, {"op": "Remove", "path": "externalId"}]"#
            ).resource.externalID == nil
        )
    }
}
