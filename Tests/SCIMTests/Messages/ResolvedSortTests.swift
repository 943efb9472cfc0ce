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

    @Test(
        arguments: [
            ("userName", #"{"userName":"A"}"#, #"{"userName":"a"}"#),
            ("name.familyName", #"{"name":{"familyName":"STRASSE"}}"#, #"{"name":{"familyName":"Straße"}}"#),
            ("emails", #"{"emails":[{"value":"A"}]}"#, #"{"emails":[{"value":"a"},{"value":"z"}]}"#),
            ("title", "{}", #"{"title":null}"#), ("userName", "{}", #"{"title":"a"}"#),
        ]
    )
    func `values that are the same without regard to case, and values that are not there, have no order`(
        sortBy: String,
        one: String,
        other: String
    ) throws {
        let sort = try ResolvedSort.resolve(sortBy, .ascending, type: .user, set: .full)
        let (one, other) = (sort.key(of: try view(one)), sort.key(of: try view(other)))

        #expect(!sort.isBefore(one, other) && !sort.isBefore(other, one))
    }

    @Test func `where case matters, capitals come first`() throws {
        let sort = try ResolvedSort.resolve("externalId", .ascending, type: .user, set: .learner)
        let keys = ["B", "a"].map { text in
            var core = ComplexValue()
            core["externalId"] = .simple(.string(text))
            return sort.key(of: ResourceView(type: .user, core: core))
        }

        #expect(sort.isBefore(keys[0], keys[1]) && !sort.isBefore(keys[1], keys[0]))
    }

    @Test func `moments go by time, whatever their offset`() throws {
        let sort = try ResolvedSort.resolve("meta.created", .ascending, type: .user, set: .learner)
        let keys = ["2026-01-01T12:00:00+02:00", "2026-01-01T11:00:00Z", "2026-01-01T11:00:00.001Z"].map {
            text in
            var meta = ComplexValue()
            meta["created"] = .simple(.string(text))
            var core = ComplexValue()
            core["meta"] = .complex(meta)
            return sort.key(of: ResourceView(type: .user, core: core))
        }

        #expect(sort.isBefore(keys[0], keys[1]) && sort.isBefore(keys[1], keys[2]))
    }

    @Test(
        arguments: [
            (#"{"emails":[{"value":"a"},{"value":"z","primary":true}]}"#, "z"),
            (#"{"emails":[{"value":"b","primary":false},{"value":"a"}]}"#, "b"),
            (#"{"emails":[{"type":"work"},{"value":"a"}]}"#, nil),
            (#"{"emails":[{"value":"a"},{"type":"work","primary":true}]}"#, nil),
            (#"{"emails":[]}"#, nil),
        ] as [(String, String?)]
    )
    func `of several values the primary one decides, else the first`(resource: String, value: String?) throws
    {
        for sortBy in ["emails", "emails.value"] {
            let sort = try ResolvedSort.resolve(sortBy, .ascending, type: .user, set: .full)

            #expect(sort.key(of: try view(resource)) == value.map { .text(Array($0.utf8)) } ?? .missing)
        }
    }

    @Test(arguments: [(SearchRequest.SortOrder.ascending, false), (.descending, true)])
    func `a type without the attribute has no value: last, and first in descending order`(
        order: SearchRequest.SortOrder,
        isFirst: Bool
    ) throws {
        let sort = try ResolvedSort.resolve("userName", order, type: nil, set: .learner)
        let group = sort.key(of: ResourceView(type: .group, core: ComplexValue()))
        let user = sort.key(of: try view(#"{"userName":"a"}"#))

        #expect(sort.isBefore(group, user) == isFirst && sort.isBefore(user, group) == !isFirst)
    }

    @Test(arguments: [SearchRequest.SortOrder.ascending, .descending])
    func `equal keys go by age, the older first in both directions`(order: SearchRequest.SortOrder) throws {
        let sort = try ResolvedSort.resolve("userName", order, type: .user, set: .learner)
        let key = ResolvedSort.Key.text(Array("a".utf8))

        #expect(sort.isBefore((key: key, row: 1), (key: key, row: 2)))
        #expect(!sort.isBefore((key: key, row: 2), (key: key, row: 1)))
        #expect(!sort.isBefore((key: key, row: 1), (key: key, row: 1)))
    }

    @Test func `a cursor carries the beginning of a long text, and of no other key`() {
        let (fits, long) = ([UInt8](repeating: 0x61, count: 256), [UInt8](repeating: 0x61, count: 257))

        #expect(ResolvedSort.Key.text(fits).shortened == .text(fits))
        #expect(ResolvedSort.Key.text(long).shortened == .text(fits))
        #expect(ResolvedSort.Key.missing.shortened == .missing)
        #expect(ResolvedSort.Key.number(7).shortened == .number(7))
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

    @Test(
        arguments: [
            ("name", true), ("addresses", true), ("meta", true), ("name.givenName", false),
            ("addresses.locality", false), ("meta.created", false), ("emails", false), ("members", false),
        ]
    )
    func `a complex attribute without a value of its own is refused`(sortBy: String, isRefused: Bool) {
        for type in [nil, sortBy == "members" ? ResourceType.Name.group : .user] {
            let refused = refusal { _ = try ResolvedSort.resolve(sortBy, .ascending, type: type, set: .full) }

            #expect(refused == (isRefused ? .badRequest(.invalidPath, "") : nil))
        }
    }

    private static func manager(_ value: String) -> String {
        #"{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"\#(value)"}}"#
    }

    private func view(_ text: String) throws -> ResourceView {
        let resource = try Resource.reading(json(text), type: .user, set: .full).resource
        return ResourceView(type: .user, core: resource.attributes, enterprise: resource.enterprise)
    }
}
