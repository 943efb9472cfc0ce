import Testing

@testable import SCIM

@Suite("Which attributes a write changes")
struct ChangedAttributesTests {
    private static let learner = joined(
        #"{"userName":"ada@example.com","name":{"givenName":"Ada","familyName":"King"},"active":true,"#,
        #""locale":"en-GB","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"#,
        #"{"department":"Engines","manager":{"value":"charles"}}}"#
    )

    private func paths(
        from before: String = learner,
        to after: String,
        externalID: (String?, String?) = (nil, nil)
    ) throws -> [String] {
        var before = try Resource.reading(json(before), type: .user, set: .learner).resource
        var after = try Resource.reading(json(after), type: .user, set: .learner).resource
        before.externalID = externalID.0
        after.externalID = externalID.1
        let validated = try Validation.validate(after, set: .learner)
        return ChangedAttributes.paths(from: before, externalID: externalID.0, to: validated)
    }

    @Test func `the same attributes in any order are no change`() throws {
        let other = joined(
            #"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"#,
            #"{"manager":{"value":"charles"},"department":"Engines"},"locale":"en-GB","active":true,"#,
            #""name":{"familyName":"King","givenName":"Ada"},"userName":"ada@example.com"}"#
        )

        #expect(try paths(to: Self.learner).isEmpty)
        #expect(try paths(to: other).isEmpty)
        #expect(try paths(from: other, to: Self.learner).isEmpty)
    }

    /// Each has another place than before, or none.
    @Test(arguments: [
        (
            #"{"userName":"ada@example.com","active":true,"locale":"en-GB"}"#,
            ["name", "department", "manager"]
        ),
        (
            #"{"locale":"de-DE","userName":"ada@example.com","timezone":"Europe/London","active":false}"#,
            ["locale", "timezone", "active", "name", "department", "manager"]
        ),
        (
            #"{"userName":"ada@example.com","name":{"givenName":"Augusta"},"active":true,"locale":"en-GB"}"#,
            ["name.givenName", "name.familyName", "department", "manager"]
        ),
    ])
    func `what is new, other or gone is told by its path`(after: String, changed: [String]) throws {
        #expect(try paths(to: after) == changed)
    }

    @Test func `the externalId is told only when the connection's own changes`() throws {
        #expect(try paths(to: Self.learner, externalID: ("x-1", "x-1")).isEmpty)
        #expect(try paths(to: Self.learner, externalID: ("x-1", "x-2")) == ["externalId"])
        #expect(try paths(to: Self.learner, externalID: ("x-1", nil)) == ["externalId"])
    }
}
