import Testing

@testable import SCIM

@Suite("Plain look-ups, and what the parser makes of the same text")
struct PlainLookUpTests {
    @Test(arguments: [AttributeSet.learner, .full])
    func `a plain look-up is what parser and resolver make of it`(set: AttributeSet) throws {
        for text in [
            #"userName eq "ada@example.com""#, "userName eq \"ADA@Stra\u{df}e.example\"",
            #"userName eq """#,
            #"externalId eq "2819c223""#, #"externalId eq "A b""#, #"externalId eq """#,
            "userName eq \"cafe\u{301}\"", "userName eq \"\u{7f}\u{1F469}\"",
        ] {
            let plain = try #require(ResolvedFilter.lookUp(text, type: .user))
            let parsed = try ResolvedFilter.resolve(Filter.parse(text), type: .user, set: set)

            #expect(plain.filter == parsed.filter)
            #expect(plain.isExactly == parsed.isExactly && parsed.isExactly != nil)
            #expect(plain.equalities == parsed.equalities)
            #expect(plain.memberDemand == parsed.memberDemand)
            #expect(plain.isImpossible == parsed.isImpossible)
            #expect("\(plain.conditions)" == "\(parsed.conditions)")
        }
    }

    @Test(arguments: [
        #"username eq "a""#, #"userName  eq "a""#, #"userName EQ "a""#, #" userName eq "a""#,
        #"userName eq "a" "#,
        #"userName eq "a\"b""#, #"userName eq "a\\""#, "userName eq \"a\u{1f}\"", #"userName eq "a"#,
        #"userName eq ""#, "userName eq a", "userName eq 1", #"userName ne "a""#,
        #"userName eq "a" or userName eq "b""#, #"displayName eq "a""#, #"(userName eq "a")"#, "",
        "userName",
    ])
    func `everything else is for the parser`(text: String) {
        #expect(ResolvedFilter.lookUp(text, type: .user) == nil)
    }

    @Test func `groups, and all types together, are for the parser`() {
        #expect(ResolvedFilter.lookUp(#"externalId eq "a""#, type: .group) == nil)
        #expect(ResolvedFilter.lookUp(#"externalId eq "a""#, type: nil) == nil)
        #expect(ResolvedFilter.lookUp(#"externalId eq "a""#, type: .user) != nil)
    }

    @Test func `a text at the limit is read, and one byte more is for the parser`() {
        let room = FilterLimits.bytes - #"userName eq """#.utf8.count
        let text = { (count: Int) in #"userName eq "\#(String(repeating: "a", count: count))""# }

        #expect(ResolvedFilter.lookUp(text(room), type: .user) != nil)
        #expect(ResolvedFilter.lookUp(text(room + 1), type: .user) == nil)
    }

    @Test func `what is neither is refused as the parser refuses it`() throws {
        #expect(throws: SCIMError.self) {
            try ResolvedFilter.read(#"userName eq "a"#, type: .user, set: .learner)
        }
        #expect(
            try ResolvedFilter.read(#"userName eq "a""#, type: .user, set: .learner).isExactly != nil
        )
    }
}
