import SCIM
import Testing

@testable import Dialects

@Suite("Which members of groups an answer shows, product.md Answers")
struct MemberDemandTests {
    @Test(
        arguments: [
            ("generic", nil, nil, MemberDemand.upTo(1_000)), ("entra", nil, nil, .none),
            ("entra", "members", nil, .all), ("entra", "displayName", nil, .none),
            ("entra", "members.value", nil, .all),
            ("generic", nil, "members", .none), ("generic", nil, "members.display", .all),
            ("generic", nil, "displayName", .all),
        ] as [(String, String?, String?, MemberDemand)]
    )
    func `a PATCH shows them by dialect, and when they are asked for`(
        dialect: String,
        attributes: String?,
        excluded: String?,
        demand: MemberDemand
    ) throws {
        let request = try PatchRequest.reading(JSONReader.read(Array(#"{"Operations":[]}"#.utf8).span))
        let operation = SCIMOperation.patch(.group, ResourceID("1"), request, PatchRules(), .none)

        #expect(
            try rendering(dialect).members(shownFor: operation, projection(attributes, excluded)) == demand
        )
    }

    @Test(arguments: ["generic", "entra"])
    func `a read shows them unless they are excluded, in every dialect`(dialect: String) throws {
        let read = SCIMOperation.read(.group, ResourceID("1"), .none)
        let user = SCIMOperation.read(.user, ResourceID("1"), .none)

        let rendering = try rendering(dialect)
        #expect(rendering.members(shownFor: read, projection(nil, nil)) == .all)
        #expect(rendering.members(shownFor: read, projection(nil, "MEMBERS")) == .none)
        #expect(rendering.members(shownFor: user, projection(nil, nil)) == .none)
    }

    private func rendering(_ dialect: String) throws -> Rendering {
        Rendering(
            dialect: .named(try #require(Dialect.Name(rawValue: dialect))),
            attributeSet: .full,
            locationPrefix: "https://scim.example/scim/v2"
        )
    }

    private func projection(_ attributes: String?, _ excluded: String?) -> Projection {
        Projection(attributes: attributes, excludedAttributes: excluded)
    }
}
