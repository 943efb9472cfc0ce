import Testing

@testable import SCIM

@Suite("Reading filters, RFC 7644 §3.4.2.2 figure 1")
struct FilterParserTests {
    /// Written as the printer writes: each reads, prints the same, and reads again.
    static let canonical = [
        #"userName eq "bjensen""#,
        #"name.familyName co "O'Malley""#,
        "title pr",
        #"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        #"title pr and userType eq "Employee""#,
        #"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        #"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        #"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        #"emails[type eq "work" and value co "@example.com"]"#,
        #"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        #"emails[type eq "work" or type eq "home" and value ew "@example.com"]"#,
        #"emails[type eq "work"].value eq "ada@example.com""#,
        "emails[primary eq true].value pr",
        #"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        "active eq true and not (active eq false)",
        "a eq null or b ne null or c eq -1.5e+3 or d eq 0",
        "a pr or b pr and c pr",
        "(a pr or b pr) and c pr",
        "(a pr and b pr) and c pr",
        "(a pr or b pr) or c pr",
        "not (not (a pr))",
        #"a eq "\"\\\u0001 é 😀 ] ) eq and""#,
        #"id eq "x" and manager eq "y""#,
    ]

    @Test(arguments: canonical)
    func `a filter reads, prints and reads again`(text: String) throws {
        let filter = try Filter.parse(text)

        #expect(filter.description == text)
        #expect(try Filter.parse(filter.description) == filter)
    }

    @Test(
        arguments: [
            (#"USERNAME EQ "x""#, #"USERNAME eq "x""#),
            (#"  userName   eq   "x"  "#, #"userName eq "x""#),
            (#"((a pr) and (b pr))"#, "a pr and b pr"),
            (#"a[b pr or (c pr and d pr)]"#, "a[b pr or c pr and d pr]"),
            (#"not(a pr)"#, "not (a pr)"),
            (#"NOT (a pr) AND b pr"#, "not (a pr) and b pr"),
            (#"a PR oR b pR"#, "a pr or b pr"),
            (#"emails[ type eq "work" ]"#, #"emails[type eq "work"]"#),
            (#"emails[not (type eq "work")]"#, #"emails[not (type eq "work")]"#),
            (#"( a pr )"#, "a pr"),
            (#"a eq "\u00c9\ud83d\ude00\/""#, "a eq \"É😀/\""),
            (#"a eq True"#, "a eq true"),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User.title pr",
                "urn:ietf:params:scim:schemas:core:2.0:User:title pr"
            ),
        ])
    func `spaces, case and needless parentheses do not matter`(text: String, canonical: String) throws {
        #expect(try Filter.parse(text).description == canonical)
    }

    @Test func `and binds tighter than or, and not tightest`() throws {
        let (a, b, c) = (present("a"), present("b"), present("c"))

        #expect(try Filter.parse("a pr or b pr and c pr").root == .or([a, .and([b, c])]))
        #expect(try Filter.parse("a pr and b pr or c pr").root == .or([.and([a, b]), c]))
        #expect(try Filter.parse("not (a pr) and b pr").root == .and([.not(a), b]))
    }

    @Test(
        arguments: [
            #"a eq "x eq y and z""#, #"a eq "it is not (this) or [that]""#, #"a[b eq "]"]"#, #"a[b eq "\""]"#,
            #"a eq "\\""#, #"a co "(""#,
        ])
    func `an operator, bracket or quote inside a value is part of the value`(text: String) throws {
        let filter = try Filter.parse(text)

        #expect(filter.description == text)
    }

    @Test(
        arguments: [
            // expressions
            "", "  ", "userName", "userName ", "userName eq", #"eq "x""#, #"userName = "x""#,
            #"userName pr "x""#,
            #"not userName eq "x""#, "not", "not (", "and", "a and b", "pr", #"userName.eq "x""#,
            #"userName eq"x""#,
            #"userName regex "(a+)+$""#, "1x pr", "a..b pr", "a.b.c pr", "a,b pr",
            // values
            #"userName eq "x"#, "userName eq 'x'", "userName eq x", "userName eq bjensen@example.com",
            "a eq nul",
            "a eq 01", "a eq 1.", "a eq .5", "a eq -", "a eq 1e999", "a eq +1", "a eq 0x1", #"a eq "\q""#,
            #"a eq "\u12""#,
            #"a eq "\u0000""#, #"a eq "\ud800""#, #"a eq "\ud800\u0041""#, #"a eq "\udc00""#,
            "a eq \"\u{1}\"", "a eq \"\n\"",
            #"a eq "x\"#, "a eq [1]", "a eq {}", "a eq (b)",
            // combinations
            #"userName eq "x" and"#, #"(userName eq "x""#, #"userName eq "x")"#,
            #"userName eq "x" userName pr"#,
            #"userName eq "x" xor active eq true"#, #"groups[value eq "x""#, "()", "[]", "a[]", "a[b]",
            "(a pr))", "((a pr)",
            "(a pr)and b pr", "a pr and(b pr)", "a pr, b pr", "a pr;", #"a [b eq "x"]"#, "a pr\tand b pr",
            // brackets
            "a[b[c pr]]", "a[b pr].c", "a[b pr]. c pr", "a[b pr].c.d pr", "a[b pr]c pr", "a[(b[c pr])]",
        ])
    func `what breaks the grammar is an invalid filter`(text: String) {
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) { try Filter.parse(text) }
    }

    @Test(
        arguments: [
            (#"userName eq secret"#, 13), (#"é eq "x""#, 1), (#"a eq "ééé" b"#, 12), (#"a eq "x\q""#, 8),
            ("(a pr", 6), ("a pr or", 8), (#"a eq "open"#, 6),
        ])
    func `an error tells at which character it is`(text: String, position: Int) {
        let detail = refusal(of: text)

        #expect(detail.contains("at character \(position)."), "\(detail)")
    }

    @Test(arguments: [
        "userName eq Sesame", #"userName eq "Sesame"#, #"a eq "Sesame" Sesame"#, #"a eq "Sesame\q""#,
        "Sesame! pr",
    ])
    func `an error does not repeat what the client wrote`(text: String) {
        #expect(!refusal(of: text).contains("Sesame"))
    }

    // MARK: - Limits

    @Test func `a filter is at most 8 KiB long`() throws {
        let text = { (bytes: Int) in #"userName eq ""# + String(repeating: "a", count: bytes - 14) + "\"" }

        #expect(try Filter.parse(text(FilterLimits.bytes)).description.utf8.count == FilterLimits.bytes)
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try Filter.parse(text(FilterLimits.bytes + 1))
        }
    }

    @Test(arguments: [("(", ")"), ("not (", ")"), ("not(", ")")])
    func `a filter is at most 32 levels deep`(opening: String, closing: String) throws {
        let text = { (depth: Int) in
            String(repeating: opening, count: depth) + "a pr" + String(repeating: closing, count: depth)
        }

        #expect(throws: Never.self) { try Filter.parse(text(FilterLimits.depth)) }
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try Filter.parse(text(FilterLimits.depth + 1))
        }
    }

    @Test func `brackets count as a level`() throws {
        let text = { (depth: Int) in
            "a[" + String(repeating: "(", count: depth - 1) + "b pr"
                + String(repeating: ")", count: depth - 1) + "]"
        }

        #expect(throws: Never.self) { try Filter.parse(text(FilterLimits.depth)) }
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try Filter.parse(text(FilterLimits.depth + 1))
        }
    }

    @Test(arguments: [" or ", " and "])
    func `a filter has at most 128 terms`(word: String) throws {
        let text = { (terms: Int) in Array(repeating: "locale pr", count: terms).joined(separator: word) }

        #expect(throws: Never.self) { try Filter.parse(text(FilterLimits.terms)) }
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try Filter.parse(text(FilterLimits.terms + 1))
        }
    }

    @Test func `terms in brackets count`() {
        let text = { (terms: Int) in
            "a[" + Array(repeating: "b pr", count: terms).joined(separator: " or ") + "]"
        }

        #expect(throws: Never.self) { try Filter.parse(text(FilterLimits.terms)) }
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try Filter.parse(text(FilterLimits.terms + 1))
        }
    }

    // MARK: - Anything at all

    @Test(arguments: 0..<8)
    func `whatever the text, it is refused, or prints and reads the same again`(seed: UInt64) throws {
        let pieces = [
            "(", ")", "[", "]", " ", " ", " ", "not ", " and ", " or ", "emails", "userName", "type",
            ".value", ".", ":", "urn:a:b",
            " eq ", " pr", " ne ", " gt ", #""x""#, "\"", "\\", "true", "null", "-1.5e3", "é", "\u{0}",
            "active", "members", "groups",
        ]
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for _ in 0..<1_000 {
            var text = ""
            for _ in 0..<12 {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(random >> 33) % pieces.count]
            }
            // A refusal is the other half of the claim.
            guard let filter = try? Filter.parse(text) else { continue }
            #expect(try Filter.parse(filter.description) == filter, "\(text)")
        }
    }

    private func present(_ name: AttributeName) -> Filter.Node {
        .attribute(AttributePath(name: name), .present)
    }

    private func refusal(of text: String) -> String {
        do throws(SCIMError) {
            _ = try Filter.parse(text)
            return "nothing was refused"
        } catch {
            return error.detail
        }
    }
}
