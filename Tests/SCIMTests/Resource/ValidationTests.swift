import Testing

@testable import SCIM

private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

@Suite("Checking a resource, RFC 7643 §7 and the learner set's rules")
struct ValidationTests {
    private func read(_ body: String, _ type: ResourceType.Name, _ set: AttributeSet) throws -> Resource {
        try Resource.reading(json(body), type: type, set: set).resource
    }

    private func validate(
        _ body: String,
        _ type: ResourceType.Name = .user,
        _ set: AttributeSet = .learner
    ) throws -> ValidatedResource {
        try Validation.validate(read(body, type, set), set: set)
    }

    // MARK: - Required

    @Test(arguments: [
        (ResourceType.Name.user, #"{"active":true}"#), (.user, #"{"userName":""}"#),
        (.group, #"{"members":[]}"#),
    ])
    func `a required attribute without a value is refused`(type: ResourceType.Name, body: String) {
        for set in AttributeSet.allCases {
            #expect(refusal { _ = try validate(body, type, set) } == .badRequest(.invalidValue, ""))
        }
    }

    @Test func `more than one primary value is refused`() {
        let one =
            joined(
                #"{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":false},"#,
                #"{"value":"c"}]}"#
            )
        let two = #"{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":"True"}]}"#

        #expect(throws: Never.self) { try validate(one, .user, .full) }
        #expect(refusal { _ = try validate(two, .user, .full) } == .badRequest(.invalidValue, ""))
    }

    @Test func `two lists may have a primary value each`() {
        let body =
            joined(
                #"{"userName":"a","emails":[{"value":"a","primary":true}],"roles":[{"value":"b","#,
                #""primary":true}]}"#
            )

        #expect(throws: Never.self) { try validate(body, .user, .full) }
    }

    // MARK: - The learner set

    @Test(arguments: ["plain", "@example.com", "ada@", "a b@example.com", "a@b@example.com", " "])
    func `a learner's user name must be an e-mail address, another user's need not`(name: String) {
        #expect(refusal { _ = try validate(#"{"userName":"\#(name)"}"#) } == .badRequest(.invalidValue, ""))
        #expect(throws: Never.self) { try validate(#"{"userName":"\#(name)"}"#, .user, .full) }
    }

    @Test(arguments: ["a", "é", "李"])
    func `a user name may be 320 bytes of UTF-8 and not 321`(letter: String) {
        let width = letter.utf8.count
        let fitting = String(repeating: letter, count: (320 - 12) / width)
        let name = fitting + String(repeating: "x", count: 320 - 12 - fitting.utf8.count) + "@example.com"
        #expect(name.utf8.count == LearnerLimits.userNameBytes)

        #expect(throws: Never.self) { try validate(#"{"userName":"\#(name)"}"#) }
        #expect(refusal { _ = try validate(#"{"userName":"x\#(name)"}"#) } == .badRequest(.invalidValue, ""))
        #expect(throws: Never.self) { try validate(#"{"userName":"x\#(name)"}"#, .user, .full) }
    }

    @Test(arguments: [
        #""externalId":"VALUE""#, #""name":{"givenName":"VALUE"}"#, #""name":{"familyName":"VALUE"}"#,
        #""locale":"VALUE""#,
        #""preferredLanguage":"VALUE""#, #""timezone":"VALUE""#, #""\#(enterprise)":{"department":"VALUE"}"#,
        #""\#(enterprise)":{"employeeNumber":"VALUE"}"#, #""\#(enterprise)":{"manager":{"value":"VALUE"}}"#,
    ])
    func `each other string of a learner may be 1 KiB and not a byte more`(member: String) {
        let longest = String(repeating: "é", count: LearnerLimits.stringBytes / 2)
        func body(_ value: String) -> String {
            #"{"userName":"a@b","# + member.replacing("VALUE", with: value) + "}"
        }

        #expect(throws: Never.self) { try validate(body(longest)) }
        #expect(refusal { _ = try validate(body(longest + "x")) } == .badRequest(.invalidValue, ""))
        #expect(throws: Never.self) { try validate(body(longest + "x"), .user, .full) }
    }

    @Test func `a refusal names the attribute and not the value`() throws {
        let error = try #require(refusal { _ = try validate(#"{"userName":"secret value"}"#) })

        #expect(error.detail.contains("userName"))
        #expect(!error.detail.contains("secret"))
    }

    // MARK: - A document of two sets

    @Test(arguments: [
        (AttributeSet.learner, AttributeSet.learner, AttributeSet.learner), (.learner, .full, .full),
        (.full, .learner, .full),
        (.full, .full, .full),
    ])
    func `the wider set stays with the document`(
        writer: AttributeSet,
        before: AttributeSet,
        after: AttributeSet
    ) throws {
        let resource = try read(#"{"userName":"a@b"}"#, .user, .full)

        #expect(try Validation.validate(resource, set: writer, keeping: before).attributeSet == after)
    }

    @Test func `what a learner connection cannot see is not held against it`() throws {
        let title = String(repeating: "x", count: 5_000)
        let resource = try read(#"{"userName":"a@b","title":"\#(title)"}"#, .user, .full)

        let validated = try Validation.validate(resource, set: .learner, keeping: .full)

        #expect(validated.resource.attributes.string("title")?.utf8.count == 5_000)
    }

    @Test func `a value that was there before is not refused, a new one is`() throws {
        let existing = try read(#"{"userName":"plain","active":true}"#, .user, .full)
        var disabled = existing
        disabled.attributes["active"] = .simple(.boolean(false))
        var renamed = existing
        renamed.attributes["userName"] = .simple(.string("also plain"))

        #expect(throws: Never.self) {
            try Validation.validate(disabled, set: .learner, keeping: .full, existing: existing)
        }
        #expect(throws: SCIMError.badRequest(.invalidValue, "")) {
            try Validation.validate(renamed, set: .learner, keeping: .full, existing: existing)
        }
    }

    // MARK: - What a store gets

    @Test func `the external id is taken out of the resource`() throws {
        let validated = try validate(#"{"userName":"a@b","externalId":"x"}"#)

        #expect(validated.externalID == "x")
        #expect(validated.resource.externalID == nil)
        #expect(try validate(#"{"userName":"a@b"}"#).externalID == nil)
    }

    @Test func `look-ups are folded where case does not count`() throws {
        let body = #"""
            {"userName":"ADA@Straße.de","active":false,"displayName":"Ada L","name":{"givenName":"Ada",
            "familyName":"L"},
            "emails":[{"value":"A@B"},{"type":"home"},{"value":"C@D"}],
            "\#(enterprise)":{"employeeNumber":"E7","manager":{"value":"Boss@B"}}}
            """#

        let lookups = try validate(body, .user, .full).lookups

        #expect(lookups.userName == "ada@strasse.de")
        #expect(lookups.isActive == false)
        #expect(lookups.displayName == "ada l")
        #expect(lookups.employeeNumber == "e7")
        #expect(lookups.managerValue == "boss@b")
        #expect(lookups.managerText == "Boss@B")
        #expect(lookups.nameAsManager == "Ada L")
        #expect(lookups.emailValues == ["a@b", "c@d"])
    }

    @Test(arguments: [
        (#"{"userName":"u@x","name":{"givenName":"G","familyName":"F"}}"#, "G F"),
        (#"{"userName":"u@x","name":{"familyName":"F"}}"#, "F"),
        (#"{"userName":"u@x","name":{"givenName":"G"}}"#, "G"),
        (#"{"userName":"u@x"}"#, "u@x"),
    ])
    func `a manager is called by given and family name, else by user name`(body: String, name: String) throws
    {
        #expect(try validate(body).lookups.nameAsManager == name)
    }

    @Test func `a group is looked up by its name, and its members are edits of their own`() throws {
        let group = try validate(
            #"{"displayName":"Head Office","members":[{"value":"U1"},"U2"]}"#,
            .group,
            .full
        )

        #expect(group.lookups.displayName == "head office")
        #expect(group.lookups.userName == nil && group.lookups.isActive == nil)
        #expect(group.memberEdits == [.replaceAll([ResourceID("U1"), ResourceID("U2")])])
        #expect(group.resource.memberEdits.isEmpty && group.resource.attributes["members"] == nil)
    }

    @Test func `look-ups compare by bytes and by column`() throws {
        func lookups(_ body: String) throws -> Lookups { try validate(body, .user, .full).lookups }

        // The folded names are the same; the name as manager keeps its case.
        #expect(try lookups(#"{"userName":"A@B"}"#) != lookups(#"{"userName":"a@b"}"#))
        #expect(
            try lookups(#"{"userName":"a","displayName":"A"}"#)
                == lookups(#"{"userName":"a","displayName":"a"}"#)
        )
        #expect(try lookups(#"{"userName":"a","active":true}"#) != lookups(#"{"userName":"a"}"#))
    }
}
