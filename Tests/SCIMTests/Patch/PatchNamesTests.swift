import Testing

@testable import SCIM

@Suite("Names in a PATCH: URNs, dots, unknown and dropped ones, RFC 7644 §3.5.2")
struct PatchNamesTests {
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
    static let ada =
        #"{"userName": "ada@example.com", "\#(enterprise)": {"department": "Tax", "employeeNumber": "1"}}"#

    private func patched(_ operations: String, _ set: AttributeSet = .learner) throws -> PatchedResource {
        try PatchedResource(Self.ada, operations, set: set)
    }

    @Test(
        arguments: [
            "\(enterprise):department", "\(enterprise.lowercased()):DEPARTMENT", "\(enterprise).department",
        ])
    func `an attribute of the extension is reached by its URN, as path and as key`(name: String) throws {
        for operation in [
            #"{"op": "Replace", "path": "\#(name)", "value": "Law"}"#,
            #"{"op": "Replace", "value": {"\#(name)": "Law"}}"#,
        ] {
            let after = try patched("[\(operation)]")

            #expect(after.resource.enterprise.string("department") == "Law")
            #expect(after.resource.enterprise.string("employeeNumber") == "1")
            #expect(after.notes.isEmpty)
        }
    }

    @Test(arguments: [enterprise, enterprise.uppercased()], ["add", "replace"])
    func `the URN alone holds an object of attributes, as path and as key`(urn: String, op: String) throws {
        for operation in [
            #"{"op": "\#(op)", "path": "\#(urn)", "value": {"department": "Law"}}"#,
            #"{"op": "\#(op)", "value": {"\#(urn)": {"DEPARTMENT": "Law"}}}"#,
        ] {
            let after = try patched("[\(operation)]")

            #expect(after.resource.enterprise.string("department") == "Law")
            #expect(after.resource.enterprise.string("employeeNumber") == "1")
        }
    }

    @Test(arguments: [
        #"{"op": "remove", "path": "\#(enterprise)"}"#,
        #"{"op": "replace", "value": {"\#(enterprise)": null}}"#,
    ])
    func `the URN alone removes the extension`(operation: String) throws {
        #expect(try patched("[\(operation)]").resource.enterprise.isEmpty)
    }

    @Test(
        arguments: [
            (#"{"op": "remove", "path": "\#(user)"}"#, .mutability),
            (#"{"op": "add", "path": "\#(enterprise)", "value": "x"}"#, .invalidValue),
            (
                #"{"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:Group", "value": {}}"#,
                .invalidPath
            ),
            (#"{"op": "add", "value": "x"}"#, .invalidValue),
            (#"{"op": "add", "value": null}"#, .invalidValue),
            (#"{"op": "add", "value": [{}]}"#, .invalidValue),
            (#"{"op": "add", "value": {"locale": "a", "LOCALE": "b"}}"#, .invalidSyntax),
            (
                #"{"op": "add", "value": {"\#(enterprise)": {"department": "a", "Department": "b"}}}"#,
                .invalidSyntax
            ),
            (#"{"op": "add", "value": {"name": {"givenName": "a", "GivenName": "b"}}}"#, .invalidSyntax),
        ] as [(String, SCIMError.Kind)]
    )
    func `what could mean two things, or nothing, is refused`(operation: String, kind: SCIMError.Kind) {
        #expect(refusal { _ = try patched("[\(operation)]") } == .badRequest(kind, ""))
    }

    @Test(arguments: ["userName", "USERNAME", "\(user):userName", "\(user).userName"])
    func `an attribute of the core schema is reached in any case and with its URN`(name: String) throws {
        for operation in [
            #"{"op": "replace", "path": "\#(name)", "value": "x@y"}"#,
            #"{"op": "replace", "value": {"\#(name)": "x@y"}}"#,
        ] {
            #expect(try patched("[\(operation)]").resource.attributes.string("userName") == "x@y")
        }
    }

    @Test(
        arguments: [
            "noSuchAttribute", "name.noSuchPart", "urn:example:none:1.0:User:thing",
            "\(enterprise):noSuchAttribute", "department",
            "__proto__.x", "constructor", "toString.y", #"emails[noSuchPart eq "x"].value"#,
            #"emails[type eq "work"].noSuchPart"#,
            #"noSuchAttribute[type eq "work"]"#, #"name[familyName eq "x"].givenName"#,
            #"userName[value eq "x"]"#, #"emails.value[type eq "x"]"#,
            #"emails[primary gt true]"#, "members",
        ],
        AttributeSet.allCases
    )
    func `a path that names what no schema knows is refused in either set`(path: String, set: AttributeSet) {
        let escaped = path.replacing("\"", with: "\\\"")
        let operations =
            #"[{"op": "replace", "path": "locale", "value": "x"}, {"op": "replace", "path": "\#(escaped)", "value": "x"}]"#

        #expect(refusal { _ = try patched(operations, set) } == .badRequest(.invalidPath, ""))
    }

    @Test func `a refusal names the attribute, not the value`() throws {
        let detail = refusal { _ = try patched(#"[{"op": "add", "path": "favourite", "value": "Sesame"}]"#) }?
            .detail

        #expect(detail?.contains("'favourite'") == true)
        #expect(detail?.contains("Sesame") == false)
    }

    @Test func `unknown keys of a pathless value are passed over, and noted`() throws {
        let after = try patched(
            #"""
            [{"op": "add", "value": {"favourite": 1, "name.favourite": "x", "urn:example:x:thing": true, "urn:ietf:params:scim:schemas:core:2.0:Group": {},
                                     "department": "Law", "bad key": 1, "emails[type eq \"Sesame\"": 1, "locale": "de"}}]
            """#
        )

        #expect(after.resource.attributes.string("locale") == "de")
        #expect(after.resource.enterprise.string("department") == "Tax")
        #expect(after.notes.allSatisfy { $0.kind == .unknown })
        #expect(
            after.notes.map(\.attribute).prefix(3) == ["favourite", "name.favourite", "urn:example:x:thing"]
        )
        #expect(after.notes.reduce(0) { $0 + $1.count } == 7)
        #expect(!after.notes.contains { $0.attribute.contains("Sesame") })
    }

    @Test(
        arguments: [
            ("title", "title"), ("displayName", "displayName"), ("emails", "emails"),
            (#"emails[type eq \"work\"].value"#, "emails.value"),
            (#"phoneNumbers[type eq \"mobile\"].value"#, "phoneNumbers.value"),
            (#"addresses[type eq \"work\"].formatted"#, "addresses.formatted"),
            ("name.formatted", "name.formatted"), ("\(enterprise):division", "\(enterprise):division"),
            ("password", "password"),
            (#"roles[primary eq true]"#, "roles"), (#"emails[type eq \"other\"]"#, "emails"),
        ],
        ["Add", "Replace", "Remove"]
    )
    func `attributes that the learner set does not hold are dropped, and noted`(
        case: (path: String, name: String),
        op: String
    ) throws {
        let after = try patched(
            #"[{"op": "\#(op)", "path": "\#(`case`.path)", "value": "x"}, {"op": "\#(op)", "path": "locale", "value": "it"}]"#
        )

        #expect(
            after.resource.attributes.entries.map(\.name)
                == (op == "Remove" ? ["userName"] : ["userName", "locale"])
        )
        #expect(after.notes.first == Note(.dropped, `case`.name))
    }

    @Test func `dropped names are noted without a path too`() throws {
        let after = try patched(
            #"[{"op": "add", "value": {"title": "x", "emails[type eq \"work\"].value": "x@y", "name": {"formatted": "x", "givenName": "Ada"}}}]"#
        )

        #expect(after.resource.attributes.complex("name")?.entries.map(\.name) == ["givenName"])
        #expect(after.notes == ["title", "emails.value", "name.formatted"].map { Note(.dropped, $0) })
    }

    @Test func `what a full connection wrote stays when a learner connection changes the rest`() throws {
        let after = try PatchedResource(
            #"{"userName": "ada@example.com", "title": "Countess"}"#,
            #"[{"op": "replace", "value": {"title": "x", "locale": "de"}}]"#,
            set: .learner
        )

        #expect(try after.isLike(#"{"userName": "ada@example.com", "title": "Countess", "locale": "de"}"#))
    }

    @Test(
        arguments: [
            #"{"op": "replace", "path": "password", "value": "Sesame"}"#,
            #"{"op": "add", "value": {"password": "Sesame"}}"#,
        ],
        AttributeSet.allCases
    )
    func `a password is never kept`(operation: String, set: AttributeSet) throws {
        let after = try patched("[\(operation)]", set)

        #expect(try after.isLike(Self.ada))
        #expect(after.notes == [Note(.dropped, "password")])
    }
}
