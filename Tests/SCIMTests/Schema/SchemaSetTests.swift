import Testing

@testable import SCIM

@Suite("What a name means, RFC 7643 §2.1 and §10")
struct SchemaSetTests {
    /// A name with what it is expected to mean: `known`, `outside` or `unknown`, and in which part.
    struct Case: Sendable {
        let name: String
        let learner: String
        let full: String
    }

    private func meaning(_ path: String, _ type: ResourceType.Name, _ set: AttributeSet) throws -> String {
        let path = try #require(AttributePath.parse(path))
        switch SchemaSet.of(type, set).lookup(
            schema: path.schema,
            name: path.name,
            subAttribute: path.subAttribute
        ) {
        case .known(let found): return "known \(found.part) \(found.path)"
        case .outsideSet(let found): return "outside \(found.path)"
        case .unknown: return "unknown"
        }
    }

    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    @Test(arguments: [
        Case(name: "userName", learner: "known core userName", full: "known core userName"),
        Case(name: "USERNAME", learner: "known core userName", full: "known core userName"),
        Case(name: "name.GIVENname", learner: "known core name.givenName", full: "known core name.givenName"),
        Case(name: "name.formatted", learner: "outside name.formatted", full: "known core name.formatted"),
        Case(name: "emails.value", learner: "outside emails.value", full: "known core emails.value"),
        Case(name: "emails.shoeSize", learner: "unknown", full: "unknown"),
        Case(name: "userName.value", learner: "unknown", full: "unknown"),
        Case(name: "shoeSize", learner: "unknown", full: "unknown"),
        Case(name: "id", learner: "known core id", full: "known core id"),
        Case(name: "externalid", learner: "known core externalId", full: "known core externalId"),
        Case(
            name: "meta.lastModified",
            learner: "known core meta.lastModified",
            full: "known core meta.lastModified"
        ),
        Case(name: "schemas", learner: "known core schemas", full: "known core schemas"),
        Case(name: "members", learner: "unknown", full: "unknown"),
        Case(name: "department", learner: "unknown", full: "unknown"),
        Case(
            name: "urn:ietf:params:scim:schemas:core:2.0:user:userName",
            learner: "known core userName",
            full: "known core userName"
        ),
        Case(
            name: "urn:ietf:params:scim:schemas:core:2.0:User:meta.created",
            learner: "known core meta.created",
            full: "known core meta.created"
        ),
        Case(
            name: "urn:ietf:params:scim:schemas:core:2.0:User:department",
            learner: "unknown",
            full: "unknown"
        ),
        Case(
            name: "urn:ietf:params:scim:schemas:core:2.0:Group:displayName",
            learner: "unknown",
            full: "unknown"
        ),
        Case(name: "urn:example:other:userName", learner: "unknown", full: "unknown"),
        Case(name: "\(enterprise):userName", learner: "unknown", full: "unknown"),
        Case(
            name: "\(enterprise):department",
            learner: "known enterprise \(enterprise):department",
            full: "known enterprise \(enterprise):department"
        ),
        Case(
            name: "\(enterprise):division",
            learner: "outside \(enterprise):division",
            full: "known enterprise \(enterprise):division"
        ),
        Case(
            name: "manager",
            learner: "known enterprise \(enterprise):manager",
            full: "known enterprise \(enterprise):manager"
        ),
        Case(
            name: "manager.value",
            learner: "known enterprise \(enterprise):manager.value",
            full: "known enterprise \(enterprise):manager.value"
        ),
    ])
    func `a user's name is known, outside the set, or unknown`(expected: Case) throws {
        #expect(try meaning(expected.name, .user, .learner) == expected.learner)
        #expect(try meaning(expected.name, .user, .full) == expected.full)
    }

    @Test(arguments: [
        Case(name: "displayName", learner: "known core displayName", full: "known core displayName"),
        Case(name: "members.value", learner: "outside members.value", full: "known core members.value"),
        Case(name: "userName", learner: "unknown", full: "unknown"),
        Case(name: "manager", learner: "unknown", full: "unknown"),
        Case(name: "\(enterprise):department", learner: "unknown", full: "unknown"),
        Case(name: "externalId", learner: "known core externalId", full: "known core externalId"),
    ])
    func `a group's name is known, outside the set, or unknown`(expected: Case) throws {
        #expect(try meaning(expected.name, .group, .learner) == expected.learner)
        #expect(try meaning(expected.name, .group, .full) == expected.full)
    }

    @Test func `a set holds its attributes, the common ones among them`() {
        let learner = SchemaSet.of(.user, .learner)

        #expect(learner.holds(.core, "username") && learner.holds(.core, "externalId"))
        #expect(!learner.holds(.core, "emails") && !learner.holds(.core, "shoeSize"))
        #expect(learner.holds(.enterprise, "department") && !learner.holds(.enterprise, "division"))
        #expect(!SchemaSet.of(.group, .full).holds(.enterprise, "department"))
    }
}
