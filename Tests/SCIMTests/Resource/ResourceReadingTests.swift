import Testing

@testable import SCIM

private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

@Suite("Reading a resource, RFC 7643 §2 and RFC 7644 §3.3")
struct ResourceReadingTests {
    /// The resource as JSON, to compare by eye.
    private func read(_ body: String, _ type: ResourceType.Name = .user, _ set: AttributeSet = .full) throws
        -> String
    {
        written(try Resource.reading(json(body), type: type, set: set).resource)
    }

    private func written(_ resource: Resource) -> String {
        var json = JSONWriter()
        json.value(.complex(resource.attributes))
        if !resource.enterprise.isEmpty { json.value(.complex(resource.enterprise)) }
        return text(json.bytes)
    }

    private func notes(_ body: String, _ set: AttributeSet = .learner) throws -> [Note] {
        try Resource.reading(json(body), type: .user, set: set).notes
    }

    // MARK: - Names

    @Test func `names are taken in any case and kept in the schema's`() throws {
        let body =
            joined(
                #"{"USERNAME":"a","Active":false,"NAME":{"GIVENname":"A"},"#,
                #""\#(enterprise.uppercased())":{"DEPARTMENT":"T"}}"#
            )

        #expect(
            try read(body) == #"{"userName":"a","active":false,"name":{"givenName":"A"}},{"department":"T"}"#
        )
    }

    @Test(arguments: [
        #"{"userName":"a","USERNAME":"b"}"#, #"{"name":{"givenName":"a","GivenName":"b"}}"#,
        #"{"\#(enterprise)":{"department":"a"},"\#(enterprise.uppercased())":{"department":"b"}}"#,
        #"{"\#(enterprise)":{"department":"a","Department":"b"}}"#,
    ])
    func `an attribute that is there twice in different case is refused`(body: String) {
        #expect(refusal { _ = try read(body) } == .badRequest(.invalidSyntax, ""))
    }

    @Test(arguments: ["[]", "\"x\"", "null", "7", "true"])
    func `a body that is no object is refused`(body: String) {
        #expect(refusal { _ = try read(body) } == .badRequest(.invalidSyntax, ""))
    }

    // MARK: - No value

    @Test(arguments: [
        "null", #""""#, "[]", "{}", "[null]", #"[""]"#, "[[]]", "[{}]", #"{"value":null}"#, #"{"value":""}"#,
        #"[{"value":""}]"#,
        #"{"shoeSize":{"left":null}}"#,
    ])
    func `null and empty values are no value, whatever the attribute, and make no note`(value: String) throws
    {
        for name in [
            "userName", "name", "active", "emails", "roles", "shoeSize", "title", "manager", "department",
        ] {
            let reading = try Resource.reading(json(#"{"\#(name)":\#(value)}"#), type: .user, set: .full)
            #expect(reading.resource.attributes.isEmpty)
            #expect(reading.notes.isEmpty)
        }
        for name in ["manager", "department"] {
            #expect(try read(#"{"\#(enterprise)":{"\#(name)":\#(value)}}"#) == "{}")
        }
    }

    @Test func `values that are none leave the others in their places`() throws {
        #expect(
            try read(
                joined(
                    #"{"emails":[null,{"value":"a"},{},{"value":"","type":"work"}],"#,
                    #""name":{"givenName":null,"familyName":"F"}}"#
                )
            )
                == #"{"emails":[{"value":"a"},{"type":"work"}],"name":{"familyName":"F"}}"#
        )
    }

    // MARK: - Types

    @Test(arguments: [
        #"{"userName":7}"#, #"{"userName":true}"#, #"{"userName":["a"]}"#, #"{"userName":{"value":"a"}}"#,
        #"{"name":"Ada"}"#,
        #"{"name":[{"givenName":"A"}]}"#, #"{"name":{"givenName":1}}"#, #"{"active":"perhaps"}"#,
        #"{"active":1}"#,
        #"{"active":"true "}"#, #"{"active":[true]}"#, #"{"locale":["en"]}"#, #"{"emails":{"value":"a"}}"#,
        #"{"emails":"a"}"#,
        #"{"emails":[7]}"#, #"{"emails":[["a"]]}"#, #"{"emails":[{"value":"a","primary":"yes"}]}"#,
        #"{"emails":[{"value":{"a":1}}]}"#, #"{"addresses":["1 Road"]}"#, #"{"externalId":7}"#,
        #"{"\#(enterprise)":"x"}"#, #"{"\#(enterprise)":[{"department":"T"}]}"#,
        #"{"\#(enterprise)":{"department":["T"]}}"#,
        #"{"\#(enterprise)":{"manager":7}}"#, #"{"\#(enterprise)":{"manager":["a","b"]}}"#,
        #"{"\#(enterprise)":{"manager":[["a"]]}}"#, #"{"\#(enterprise)":{"manager":{"value":7}}}"#,
    ])
    func `a value of the wrong type is refused`(body: String) {
        #expect(refusal { _ = try read(body) } == .badRequest(.invalidValue, ""))
    }

    @Test func `a refusal names the attribute and not the value`() throws {
        let error = try #require(refusal { _ = try read(#"{"name":{"givenName":8715}}"#) })

        #expect(error.detail.contains("name.givenName"))
        #expect(!error.detail.contains("8715"))
    }

    @Test(arguments: [
        ("true", true), ("false", false), (#""True""#, true), (#""False""#, false), (#""TRUE""#, true),
        (#""false""#, false),
    ])
    func `a boolean may be a string in any case where the schema says boolean`(value: String, expected: Bool)
        throws
    {
        #expect(try read(#"{"active":\#(value)}"#) == #"{"active":\#(expected)}"#)
        #expect(
            try read(#"{"emails":[{"value":"a","primary":\#(value)}]}"#)
                == #"{"emails":[{"value":"a","primary":\#(expected)}]}"#
        )
    }

    @Test func `a string that reads like a boolean stays a string elsewhere`() throws {
        #expect(try read(#"{"userName":"True","title":"False"}"#) == #"{"userName":"True","title":"False"}"#)
    }

    @Test func `text in a list of complex values is the value`() throws {
        #expect(
            try read(#"{"roles":["admin",{"value":"user"}]}"#)
                == #"{"roles":[{"value":"admin"},{"value":"user"}]}"#
        )
    }

    // MARK: - The manager's shapes

    @Test(arguments: [
        #""m""#, #"{"value":"m"}"#, #"{"VALUE":"m"}"#, #"["m"]"#, #"[{"value":"m"}]"#,
        #"[{"$ref":"http://x/Users/m","value":"m"}]"#,
        #"{"value":"m","displayName":"Boss","$ref":"../Users/m"}"#, #"[null,{"value":"m"}]"#,
    ])
    func `a manager is one value, however it is sent`(manager: String) throws {
        for set in AttributeSet.allCases {
            #expect(
                try read(#"{"\#(enterprise)":{"manager":\#(manager)}}"#, .user, set)
                    == #"{},{"manager":{"value":"m"}}"#
            )
        }
    }

    @Test(arguments: [#"{"displayName":"Boss"}"#, #"{"value":""}"#, #"{"value":null,"$ref":"../Users/m"}"#])
    func `a manager without a value is none`(manager: String) throws {
        #expect(try read(#"{"\#(enterprise)":{"manager":\#(manager)}}"#) == "{}")
    }

    // MARK: - What is not kept

    @Test func `read-only attributes are passed over, whatever they hold`() throws {
        let body =
            joined(
                #"{"id":7,"meta":{"created":"1999-01-01T00:00:00Z"},"groups":[{"value":"admins"}],"#,
                #""schemas":"x","userName":"a"}"#
            )

        #expect(try read(body) == #"{"userName":"a"}"#)
        #expect(try notes(body).isEmpty)
    }

    @Test func `attributes outside the set are dropped, whatever their type, and noted`() throws {
        let body = #"""
            {"userName":"a","displayName":"A","emails":"wrong type","name":{"formatted":"A","givenName":"A"},
            "\#(enterprise)":{"division":"N","department":"T"},"roles":[]}
            """#

        let reading = try Resource.reading(json(body), type: .user, set: .learner)

        #expect(written(reading.resource) == #"{"userName":"a","name":{"givenName":"A"}},{"department":"T"}"#)
        #expect(
            reading.notes == [
                Note(.dropped, "displayName"), Note(.dropped, "emails"), Note(.dropped, "name.formatted"),
                Note(.dropped, "\(enterprise):division"),
            ]
        )
    }

    @Test func `names that no schema knows are noted`() throws {
        let body = #"""
            {"userName":"a","shoeSize":"44","name":{"nick":"A"},"department":"T","manager":{"value":"m"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0User":{"department":"T"},
            "\#(enterprise)":{"desk":"7"}}
            """#

        #expect(
            try notes(body) == [
                Note(.unknown, "shoeSize"), Note(.unknown, "name.nick"), Note(.unknown, "department"),
                Note(.unknown, "manager"),
                Note(.unknown, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"),
                Note(.unknown, "\(enterprise):desk"),
            ]
        )
    }

    @Test func `a password is accepted, dropped and noted`() throws {
        #expect(try read(#"{"userName":"a","password":"S3cret"}"#) == #"{"userName":"a"}"#)
        #expect(try notes(#"{"password":"S3cret"}"#, .full) == [Note(.dropped, "password")])
        #expect(try notes(#"{"password":"S3cret"}"#, .learner) == [Note(.dropped, "password")])
    }

    @Test func `an extension of users is unknown in a group`() throws {
        let reading = try Resource.reading(
            json(#"{"displayName":"G","\#(enterprise)":{"department":"T"}}"#),
            type: .group,
            set: .full
        )

        #expect(written(reading.resource) == #"{"displayName":"G"}"#)
        #expect(reading.notes == [Note(.unknown, enterprise)])
    }

    @Test func `the members of a group are read without what is derived`() throws {
        let body =
            joined(
                #"{"displayName":"G","members":[{"$ref":null,"value":"u1","display":"U"},{"value":"u2","#,
                #""type":"User"}]}"#
            )

        let full = try Resource.reading(json(body), type: .group, set: .full)
        let learner = try Resource.reading(json(body), type: .group, set: .learner)

        #expect(written(full.resource) == #"{"displayName":"G"}"#)
        #expect(full.resource.memberEdits == [.replaceAll([ResourceID("u1"), ResourceID("u2")])])
        #expect(learner.resource.memberEdits.isEmpty)
        #expect(learner.notes == [Note(.dropped, "members")])
    }

    @Test(arguments: ["null", "[]", "[{}]", #"[{"value":""}]"#])
    func `members that are no value leave nobody, members that are not named are left alone`(value: String)
        throws
    {
        let emptied = try Resource.reading(
            json(#"{"displayName":"G","members":\#(value)}"#),
            type: .group,
            set: .full
        )
        let untouched = try Resource.reading(json(#"{"displayName":"G"}"#), type: .group, set: .full)

        #expect(emptied.resource.memberEdits == [.replaceAll([])])
        #expect(untouched.resource.memberEdits.isEmpty)
    }

    @Test func `a member without an id, and members that come twice, are refused`() throws {
        for (body, kind) in [
            (#"{"displayName":"G","members":[{"type":"User"}]}"#, SCIMError.Kind.invalidValue),
            (#"{"displayName":"G","members":[{"value":7}]}"#, .invalidValue),
            (#"{"displayName":"G","members":[{"id":"u1"}]}"#, .invalidValue),
            (#"{"displayName":"G","members":[{"value":"u1"},{"id":"u2"}]}"#, .invalidValue),
            (#"{"displayName":"G","members":[],"Members":[]}"#, .invalidSyntax),
        ] {
            #expect(throws: SCIMError.badRequest(kind, "")) {
                try Resource.reading(json(body), type: .group, set: .full)
            }
        }
    }

    // MARK: - Notes

    @Test func `a hundred unknown names are kept, the others only counted`() throws {
        for (count, kept) in [(99, 99), (100, 100), (101, 100), (5_000, 100)] {
            let body = "{" + (0..<count).map { "\"x\($0)\":1" }.joined(separator: ",") + "}"
            let further = count - kept

            let notes = try notes(body)

            #expect(notes.prefix(kept) == (0..<kept).map { Note(.unknown, "x\($0)") }[...])
            #expect(
                notes.dropFirst(kept)
                    == (further > 0 ? [Note(.unknown, "(further names)", count: further)] : [])
            )
        }
    }

    @Test func `names that schemas know find room behind any number of unknown ones`() throws {
        let unknown = (0..<101).map { "\"x\($0)\":1," }.joined()

        let notes = try notes("{\(unknown)\"title\":\"T\"}")

        #expect(notes.last == Note(.dropped, "title"))
    }

    @Test(arguments: [
        (String(repeating: "n", count: 128), true), (String(repeating: "n", count: 129), false),
        ("bob@example.com", false),
        ("a b", false), ("é", false), ("a-b_c.d:e$1", true),
    ])
    func `a note keeps a name, and nothing that is none`(name: String, isKept: Bool) throws {
        #expect(try notes(#"{"\#(name)":1}"#).map(\.attribute) == [isKept ? name : "(a name that is none)"])
    }

    // MARK: - Samples

    @Test func `the full user of the RFC is read whole`() throws {
        let reading = try Resource.reading(Sample.json("rfc7643-8.2-full-user"), type: .user, set: .full)

        #expect(reading.resource.attributes.entries.count == 18)
        #expect(reading.resource.externalID == "701984")
        #expect(
            reading.resource.attributes.values(of: "emails") == ["bjensen@example.com", "babs@jensen.org"]
        )
        #expect(reading.notes == [Note(.dropped, "password")])
    }

    @Test func `the enterprise user of the RFC keeps what the learner set holds`() throws {
        let reading = try Resource.reading(
            Sample.json("rfc7643-8.3-enterprise-user"),
            type: .user,
            set: .learner
        )

        #expect(
            written(reading.resource)
                == joined(
                    #"{"externalId":"701984","userName":"bjensen@example.com","#,
                    #""name":{"familyName":"Jensen","givenName":"Barbara"},"preferredLanguage":"en-US","#,
                    #""locale":"en-US","#,
                    #""timezone":"America/Los_Angeles","active":true},{"employeeNumber":"701984","#,
                    #""department":"Tour Operations","#,
                    #""manager":{"value":"26118915-6090-4610-87e4-49d8ca9f808d"}}"#
                )
        )
        #expect(reading.notes.count == 11)
    }

    @Test func `the body with nulls and a broken URN that Entra documents is read`() throws {
        let reading = try Resource.reading(
            Sample.json("entra-create-user-with-nulls"),
            type: .user,
            set: .learner
        )

        #expect(
            written(reading.resource)
                == joined(
                    #"{"externalId":"jyoung","userName":"jyoung@testuser.com","active":true,"#,
                    #""name":{"familyName":"Young","givenName":"Joy"}}"#
                )
        )
        #expect(
            reading.notes == [
                Note(.dropped, "displayName"), Note(.dropped, "emails"),
                Note(.unknown, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"),
            ]
        )
    }
}
