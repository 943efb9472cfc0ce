import Testing

@testable import SCIM

@Suite("Sorting, RFC 7644 §3.4.2.3")
struct ResolvedSortTests {
    @Test(arguments: [
        ("userName", #"{"userName":"B"}"#, #"{"userName":"a"}"#),
        ("name.familyName", #"{"name":{"familyName":"b"}}"#, #"{"name":{"familyName":"a"}}"#),
        ("active", #"{"active":true}"#, #"{"active":false}"#),
        (
            "emails", #"{"emails":[{"value":"a"},{"value":"z","primary":true}]}"#,
            #"{"emails":[{"value":"c"}]}"#
        ),
        (
            "emails.type", #"{"emails":[{"value":"a","type":"work"}]}"#,
            #"{"emails":[{"value":"b","type":"home"}]}"#
        ),
        ("manager", Self.manager("b"), Self.manager("a")),
        ("title", "{}", #"{"title":"a"}"#),
    ])
    func `the greater comes after, and before in descending order`(
        sortBy: String,
        greater: String,
        less: String
    ) throws {
        let up = try ResolvedSort.resolve(sortBy, .ascending, type: .user, set: .full)
        let down = try ResolvedSort.resolve(sortBy, .descending, type: .user, set: .full)
        let (great, small) = (up.key(of: try view(greater)), up.key(of: try view(less)))

        #expect(up.isBefore(small, great) && !up.isBefore(great, small))
        #expect(down.isBefore(great, small) && !down.isBefore(small, great))
    }

    @Test func `text that is the same without regard to case has no order`() throws {
        let sort = try ResolvedSort.resolve("userName", .ascending, type: .user, set: .learner)
        let (one, other) = (
            sort.key(of: try view(#"{"userName":"A"}"#)), sort.key(of: try view(#"{"userName":"a"}"#))
        )

        #expect(!sort.isBefore(one, other) && !sort.isBefore(other, one))
    }

    @Test func `an attribute outside the set sorts nothing`() throws {
        let sort = try ResolvedSort.resolve("title", .ascending, type: .user, set: .learner)

        #expect(
            !sort.isBefore(
                sort.key(of: try view(#"{"title":"a"}"#)),
                sort.key(of: try view(#"{"title":"b"}"#))
            )
        )
    }

    @Test(arguments: ["noSuchAttribute", "name.noSuchPart", "", "1x"])
    func `an attribute that no schema knows is refused`(sortBy: String) {
        let refused = #expect(throws: SCIMError.self) {
            try ResolvedSort.resolve(sortBy, .ascending, type: .user, set: .learner)
        }

        #expect(refused?.kind == .invalidPath)
    }

    private static func manager(_ value: String) -> String {
        #"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"\#(value)"}}"#
    }

    private func view(_ text: String) throws -> ResourceView {
        let resource = try Resource.reading(json(text), type: .user, set: .full).resource
        return ResourceView(type: .user, core: resource.attributes, enterprise: resource.enterprise)
    }
}
