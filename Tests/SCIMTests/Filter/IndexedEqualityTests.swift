import Testing

@testable import SCIM

@Suite("What an index answers of a filter")
struct IndexedEqualityTests {
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    @Test(
        arguments: [
            (#"id eq "A""#, .user, .learner, .id("A")),
            (#"userName eq "Ada@X""#, .user, .learner, .userName(folded: "ada@x")),
            (#"(userName eq "Ada@X")"#, .user, .learner, .userName(folded: "ada@x")),
            (#"externalId eq "A""#, .user, .learner, .externalID("A")),
            (#"emails eq "Ada@X""#, .user, .learner, .userName(folded: "ada@x")),
            (#"emails[type eq "work"].value eq "Ada@X""#, .user, .learner, .userName(folded: "ada@x")),
            (#"\#(enterprise):employeeNumber eq "N1""#, .user, .learner, .employeeNumber(folded: "n1")),
            (#"manager eq "B""#, .user, .learner, .managerValue(folded: "b")),
            (#"manager[value eq "B"]"#, .user, .learner, .managerValue(folded: "b")),
            (#"displayName eq "Staff""#, .group, .learner, .displayName(folded: "staff")),
            (#"displayName eq "Staff""#, nil, .full, .displayName(folded: "staff")),
            (#"members eq "U""#, .group, .full, .memberValue("U")),
            (#"members[value eq "U"]"#, .group, .full, .memberValue("U")),
            (#"emails.value eq "A""#, .user, .full, .emailValue(folded: "a")),
            (#"id eq "A""#, nil, .full, .id("A")),
            (#"userName eq "A""#, nil, .full, .userName(folded: "a")),
        ] as [(String, ResourceType.Name?, AttributeSet, IndexedEquality)]
    )
    func `an equality alone is what the index answers`(
        filter: String,
        type: ResourceType.Name?,
        set: AttributeSet,
        equality: IndexedEquality
    ) throws {
        let resolved = try FilteredResource.resolve(filter, type, set)

        #expect(resolved.isExactly == equality)
        #expect(resolved.equalities == [equality])
    }

    @Test(
        arguments: [
            (#"id eq "A" and manager eq "B""#, .learner, [.id("A"), .managerValue(folded: "b")]),
            (#"active eq true and (locale pr and (userName eq "A"))"#, .learner, [.userName(folded: "a")]),
            (#"emails[type eq "work"].value eq "A""#, .full, [.emailValue(folded: "a")]),
            (#"emails[value eq "A" and type eq "work"]"#, .full, [.emailValue(folded: "a")]),
        ] as [(String, AttributeSet, [IndexedEquality])]
    )
    func `an equality joined by and finds the candidates`(
        filter: String,
        set: AttributeSet,
        equalities: [IndexedEquality]
    ) throws {
        let resolved = try FilteredResource.resolve(filter, .user, set)

        #expect(resolved.equalities == equalities)
        #expect(resolved.isExactly == nil)
    }

    @Test func `of several equalities the one that fewest resources can fulfil comes first`() throws {
        let user = try FilteredResource.resolve(
            joined(
                #"displayName eq "D" and manager eq "M" and \#(Self.enterprise):employeeNumber eq "N" and "#,
                #"emails.value eq "E" and externalId eq "X" and userName eq "U" and id eq "I""#
            ),
            .user,
            .full
        )
        let group = try FilteredResource.resolve(#"members eq "M" and displayName eq "D""#, .group, .full)

        #expect(
            user.equalities == [
                .id("I"), .userName(folded: "u"), .externalID("X"), .emailValue(folded: "e"),
                .employeeNumber(folded: "n"), .managerValue(folded: "m"), .displayName(folded: "d"),
            ]
        )
        #expect(group.equalities == [.displayName(folded: "d"), .memberValue("M")])
    }

    @Test func `equalities of one attribute stay in the order of the filter`() throws {
        let resolved = try FilteredResource.resolve(
            #"emails.value eq "B" and emails.value eq "A""#,
            .user,
            .full
        )

        #expect(resolved.equalities == [.emailValue(folded: "b"), .emailValue(folded: "a")])
    }

    @Test(
        arguments: [
            #"id eq "A" or userName eq "B""#, #"not (id eq "A")"#, #"id ne "A""#, #"id sw "A""#, "id pr",
            "id eq null", #"locale eq "A""#,
            #"groups[value eq "A"]"#, #"emails[not (value eq "A")]"#, #"emails[value eq "A" or type eq "B"]"#,
        ])
    func `anything else has no index`(filter: String) throws {
        let resolved = try FilteredResource.resolve(filter, .user, .full)

        #expect(resolved.equalities.isEmpty)
        #expect(resolved.isExactly == nil)
        #expect(!resolved.isImpossible)
    }

    @Test(arguments: [
        #"title eq "x""#, #"title pr and id eq "A""#, #"emails[type eq "home"].value eq "x""#,
        #"phoneNumbers[value pr]"#,
    ])
    func `what the set does not hold cannot match`(filter: String) throws {
        #expect(try FilteredResource.resolve(filter).isImpossible)
    }

    @Test(arguments: [#"title ne "x""#, "title eq null", #"title eq "x" or id eq "A""#, "not (title pr)"])
    func `what has no value can still be unequal`(filter: String) throws {
        #expect(try FilteredResource.resolve(filter).isImpossible == false)
    }

    @Test func `an index keeps canonical equivalents apart`() {
        #expect(IndexedEquality.id("\u{E9}") != .id("e\u{301}"))
        #expect(IndexedEquality.id("a") != .externalID("a"))
    }
}
