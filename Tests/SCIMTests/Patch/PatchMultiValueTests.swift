import Testing

@testable import SCIM

@Suite("PATCH of multi-valued attributes, RFC 7644 §3.5.2")
struct PatchMultiValueTests {
    static let work = #"{"type": "work", "value": "b@example.com", "primary": true}"#
    static let home = #"{"type": "home", "value": "b@home.example"}"#
    static let entra = PatchRules(replaceCreatesMissingTarget: true)

    /// What the e-mail addresses become.
    private func expect(
        _ operation: String,
        gives after: String,
        from before: String = "[\(work), \(home)]",
        rules: PatchRules = PatchRules(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try PatchedResource(
            #"{"userName": "a@b", "emails": \#(before)}"#,
            "[\(operation)]",
            rules: rules
        )
        #expect(
            try result.isLike(#"{"userName": "a@b", "emails": \#(after)}"#),
            "\(result.resource.attributes)",
            sourceLocation: sourceLocation
        )
    }

    private func refused(_ operation: String, rules: PatchRules = PatchRules()) -> SCIMError? {
        refusal { try expect(operation, gives: "[]", rules: rules) }
    }

    // MARK: - Without brackets

    @Test(
        arguments: [
            #"{"op": "Add", "path": "emails", "value": [{"type": "other", "value": "n@x"}]}"#,
            #"{"op": "Add", "path": "emails", "value": {"type": "other", "value": "n@x"}}"#,
            #"{"op": "Add", "value": {"emails": [{"type": "other", "value": "n@x"}]}}"#,
        ])
    func `add appends`(operation: String) throws {
        try expect(operation, gives: #"[\#(Self.work), \#(Self.home), {"type": "other", "value": "n@x"}]"#)
    }

    @Test func `add of a value that is there changes nothing, and is noted`() throws {
        let operation =
            #"[{"op": "add", "path": "emails", "value": [\#(Self.work), {"value": "b@example.com", "type": "work", "display": "B"}]}]"#
        let after = try PatchedResource(#"{"userName": "a@b", "emails": [\#(Self.work)]}"#, operation)

        #expect(try after.isLike(#"{"userName": "a@b", "emails": [\#(Self.work)]}"#))
        #expect(after.notes == [Note(.alreadySo, "emails")])
    }

    @Test func `a new primary value takes the mark from the old one`() throws {
        let old = #"{"type": "work", "value": "b@example.com", "primary": false}"#
        try expect(
            #"{"op": "add", "path": "emails", "value": [{"type": "other", "value": "n@x", "primary": true}]}"#,
            gives: #"[\#(old), \#(Self.home), {"type": "other", "value": "n@x", "primary": true}]"#
        )
        try expect(
            #"{"op": "add", "path": "emails", "value": [{"type": "home", "value": "b@home.example", "primary": "True"}]}"#,
            gives: #"[\#(old), {"type": "home", "value": "b@home.example", "primary": true}]"#
        )
        try expect(
            #"{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}"#,
            gives: #"[\#(old), {"type": "home", "value": "b@home.example", "primary": true}]"#
        )
    }

    @Test func `of 10,000 new primary values the last one is primary`() throws {
        let values = (0..<10_000).map { #"{"value": "\#($0)", "primary": true}"# }.joined(separator: ",")
        let operation = #"{"op": "add", "path": "emails", "value": [\#(values)]}"#

        let emails = try PatchedResource(#"{"userName": "a@b"}"#, "[\(operation)]").resource.attributes[
            "emails"
        ]?.elements

        let primary = emails?.filter { $0.part("primary") == .simple(.boolean(true)) }.map {
            $0.part("value")
        }
        #expect(emails?.count == 10_000)
        #expect(primary == [.simple(.string("9999"))])
    }

    @Test func `add of nothing changes nothing`() throws {
        for value in ["null", "[]", #""""#] {
            try expect(
                #"{"op": "add", "path": "emails", "value": \#(value)}"#,
                gives: "[\(Self.work), \(Self.home)]"
            )
        }
    }

    @Test func `replace puts the list in the place of the old one`() throws {
        try expect(#"{"op": "replace", "path": "emails", "value": [\#(Self.home)]}"#, gives: "[\(Self.home)]")
        for value in ["null", "[]", #""""#] {
            try expect(#"{"op": "replace", "path": "emails", "value": \#(value)}"#, gives: "[]")
        }
    }

    @Test func `a bare remove removes all`() throws {
        try expect(#"{"op": "remove", "path": "emails"}"#, gives: "[]")
        try expect(#"{"op": "remove", "path": "emails", "value": null}"#, gives: "[]")
    }

    @Test(
        arguments: [
            #"[{"value": "B@EXAMPLE.com"}]"#, #"{"value": "b@example.com", "type": "gone"}"#,
            #"["b@example.com"]"#, #""b@example.com""#, #"[{"type": "work"}]"#,
            #"[{"primary": true, "type": "work"}]"#, #"[{"value": "b@example.com"}, {"value": "stranger"}]"#,
        ])
    func `remove with values removes those only`(value: String) throws {
        try expect(#"{"op": "Remove", "path": "emails", "value": \#(value)}"#, gives: "[\(Self.home)]")
    }

    @Test(arguments: [
        "[]", #""""#, "[{}]", #"[{"value": "stranger"}]"#, #"[{"type": "work", "primary": false}]"#,
    ])
    func `remove with values that are not there removes nothing`(value: String) throws {
        try expect(
            #"{"op": "Remove", "path": "emails", "value": \#(value)}"#,
            gives: "[\(Self.work), \(Self.home)]"
        )
    }

    @Test func `a part without brackets is set in every value`() throws {
        try expect(
            #"{"op": "replace", "path": "emails.display", "value": "B"}"#,
            gives:
                #"[{"type": "work", "value": "b@example.com", "primary": true, "display": "B"}, {"type": "home", "value": "b@home.example", "display": "B"}]"#
        )
        try expect(
            #"{"op": "replace", "path": "emails.value", "value": "n@x"}"#,
            gives: #"[{"value": "n@x"}]"#,
            from: "[]"
        )
        try expect(#"{"op": "remove", "path": "emails.value"}"#, gives: "[]")
    }

    // MARK: - With brackets

    @Test func `a value path reaches one value`() throws {
        let work = #"{"type": "work", "value": "n@x", "primary": true}"#
        for path in [
            #"emails[type eq \"work\"].value"#, #"emails[primary eq true].value"#,
            #"emails[not (type eq \"home\")].value"#,
            #"emails[type eq \"Work\" and value co \"EXAMPLE.com\"].value"#,
            #"emails[(type eq \"work\") and (primary eq \"True\")].value"#,
        ] {
            for op in ["add", "replace"] {
                try expect(
                    #"{"op": "\#(op)", "path": "\#(path)", "value": "n@x"}"#,
                    gives: "[\(work), \(Self.home)]"
                )
            }
        }
    }

    @Test func `add merges into the value, replace puts another in its place`() throws {
        try expect(
            #"{"op": "add", "path": "emails[type eq \"work\"]", "value": {"display": "B"}}"#,
            gives:
                #"[{"type": "work", "value": "b@example.com", "primary": true, "display": "B"}, \#(Self.home)]"#
        )
        try expect(
            #"{"op": "replace", "path": "emails[type eq \"work\"]", "value": [{"value": "n@x"}]}"#,
            gives: #"[{"type": "work", "value": "n@x"}, \#(Self.home)]"#
        )
        try expect(
            #"{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "n@x", "type": "other"}}"#,
            gives: #"[{"type": "other", "value": "n@x"}, \#(Self.home)]"#
        )
    }

    @Test(
        arguments: [
            #"{"op": "remove", "path": "emails[type eq \"work\"]"}"#,
            #"{"op": "remove", "path": "emails[type eq \"work\"].value"}"#,
            #"{"op": "replace", "path": "emails[type eq \"work\"].value", "value": ""}"#,
            #"{"op": "replace", "path": "emails[type eq \"work\"].value", "value": null}"#,
            #"{"op": "replace", "path": "emails[type eq \"work\"]", "value": null}"#,
            #"{"op": "remove", "path": "emails[value eq \"b@example.com\"]", "value": [{"value": "x"}]}"#,
        ])
    func `a value is removed by its path`(operation: String) throws {
        try expect(operation, gives: "[\(Self.home)]")
    }

    @Test func `the last value takes the attribute with it`() throws {
        try expect(#"{"op": "remove", "path": "emails[type pr]"}"#, gives: "[]")
    }

    @Test func `a part other than the value is removed alone`() throws {
        try expect(
            #"{"op": "remove", "path": "emails[type eq \"work\"].primary"}"#,
            gives: #"[{"type": "work", "value": "b@example.com"}, \#(Self.home)]"#
        )
    }

    @Test(
        arguments: [
            (#"emails[type eq \"other\"].value"#, #""n@x""#, #"{"type": "other", "value": "n@x"}"#),
            (#"emails[type eq \"other\"]"#, #"{"value": "n@x"}"#, #"{"type": "other", "value": "n@x"}"#),
            (#"emails[type eq \"other\"]"#, #""n@x""#, #"{"type": "other", "value": "n@x"}"#),
            (
                #"emails[type eq \"other\" and display eq \"B\"].value"#, #""n@x""#,
                #"{"type": "other", "display": "B", "value": "n@x"}"#
            ),
            (
                #"emails[type eq \"other\" and primary eq \"false\"].value"#, #""n@x""#,
                #"{"type": "other", "primary": false, "value": "n@x"}"#
            ),
            (
                #"emails[type eq \"a]b\\\"c eq d\"].value"#, #""n@x""#,
                #"{"type": "a]b\"c eq d", "value": "n@x"}"#
            ),
            (
                #"emails[type eq \"other\" and value pr].value"#, #""n@x""#,
                #"{"type": "other", "value": "n@x"}"#
            ),
            (#"emails[type ne \"work\" and type ne \"home\"].value"#, #""n@x""#, #"{"value": "n@x"}"#),
        ])
    func `add to a value that is not there makes it, replace where the dialect says so`(
        path: String,
        value: String,
        made: String
    ) throws {
        let replacing = #"{"op": "Replace", "path": "\#(path)", "value": \#(value)}"#

        try expect(
            #"{"op": "Add", "path": "\#(path)", "value": \#(value)}"#,
            gives: "[\(Self.work), \(Self.home), \(made)]"
        )
        try expect(replacing, gives: "[\(Self.work), \(Self.home), \(made)]", rules: Self.entra)
        #expect(refused(replacing) == .badRequest(.noTarget, ""))
    }

    @Test func `a value is made where there was no list`() throws {
        try expect(
            #"{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "n@x"}"#,
            gives: #"[{"type": "work", "value": "n@x"}]"#,
            from: "[]"
        )
    }

    @Test(arguments: [#"emails[type eq \"a\" or type eq \"b\"].value"#, #"emails[type sw \"x\"].value"#])
    func `brackets that do not tell what to make have no target`(path: String) {
        #expect(refused(#"{"op": "Add", "path": "\#(path)", "value": "n@x"}"#) == .badRequest(.noTarget, ""))
    }

    @Test func `nothing is made of nothing`() throws {
        for op in ["Add", "Replace"] {
            try expect(
                #"{"op": "\#(op)", "path": "emails[type eq \"other\"].value", "value": ""}"#,
                gives: "[\(Self.work), \(Self.home)]",
                rules: Self.entra
            )
        }
    }

    @Test func `the comparisons of one request are bounded`() throws {
        let before = try Resource.reading(
            json(#"{"userName": "a@b", "emails": [\#(Self.work), \#(Self.home)]}"#),
            type: .user,
            set: .full
        ).resource
        let request = try PatchRequest.reading(
            json(
                #"{"Operations": [{"op": "remove", "path": "emails[type eq \"x\" or not (type pr or value eq \"y\")]"}]}"#
            )
        )
        let apply = { (comparisons: Int) throws in
            var editor = PatchEditor(before, set: .full, rules: PatchRules(), comparisons: comparisons)
            for operation in request.operations + request.operations { try editor.apply(operation) }
        }

        #expect(throws: Never.self) { try apply(2 * 2 * 3) }
        #expect(throws: SCIMError.badRequest(.tooMany, "")) { try apply(2 * 2 * 3 - 1) }
    }

    @Test func `remove of what is not there is so already`() throws {
        let after = try PatchedResource(
            #"{"userName": "a@b", "emails": [\#(Self.home)]}"#,
            #"[{"op": "remove", "path": "emails[type eq \"work\"]"}]"#
        )

        #expect(after.notes == [Note(.alreadySo, "emails")])
    }

    @Test(
        arguments: [
            (#""path": "emails", "value": "x""#, nil), (#""path": "emails", "value": 1"#, .invalidValue),
            (#""path": "emails", "value": [[{"value": "x"}]]"#, .invalidValue),
            (#""path": "emails[type eq \"work\"].value", "value": 1"#, .invalidValue),
            (#""path": "emails[type eq \"work\"].primary", "value": "maybe""#, .invalidValue),
            (#""path": "emails[type eq \"work\"]", "value": true"#, .invalidValue),
            (#""path": "addresses", "value": ["Road"]"#, .invalidValue),
        ] as [(String, SCIMError.Kind?)]
    )
    func `values are typed as in a body`(operation: String, kind: SCIMError.Kind?) {
        let refusal = refusal {
            _ = try PatchedResource(
                #"{"userName": "a@b", "emails": [\#(Self.work)]}"#,
                #"[{"op": "add", \#(operation)}]"#
            )
        }

        #expect(refusal == kind.map { .badRequest($0, "") })
    }
}
