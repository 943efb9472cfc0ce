import Testing

@testable import SCIM

@Suite("If-Match and If-None-Match, RFC 7644 §3.14 and RFC 9110 §13")
struct PreconditionsTests {
    @Test(
        arguments: [
            ("*", .any), (" * ", .any), ("\"1\"", .tags(["\"1\""])), ("W/\"1\"", .tags(["W/\"1\""])),
            ("W/\"1\", \"2\"\t,W/\"3\"", .tags(["W/\"1\"", "\"2\"", "W/\"3\""])),
            (" , \"1\",, \"2\" ,", .tags(["\"1\"", "\"2\""])), ("\"a,b\"", .tags(["\"a,b\""])),
            ("\"\"", .tags(["\"\""])),
            ("\"*\"", .tags(["\"*\""])),
        ] as [(String, EntityTags)]
    )
    func `a field is a star or a list of tags in quotes`(field: String, tags: EntityTags) throws {
        #expect(try EntityTags.reading(field) == tags)
    }

    @Test(arguments: [
        "", " ", ",", "1", "W/1", "w/\"1\"", "W/ \"1\"", "\"1", "1\"", "\"1\" \"2\"", "\"1\"2", "*, \"1\"",
        "**", "\"1\", *",
        "\"a b\"", "'1'", "\"\u{7F}\"",
    ])
    func `another text is refused, for it could be misread`(field: String) {
        #expect(refusal { _ = try EntityTags.reading(field) } == .badRequest(.invalidValue, ""))
    }

    @Test func `without a field nothing is asked`() throws {
        #expect(try EntityTags.reading(nil) == nil)
    }

    @Test func `a hundred tags are read, and not one more`() throws {
        let list = { (count: Int) in (0..<count).map { "W/\"\($0)\"" }.joined(separator: ",") }

        #expect(try EntityTags.reading(list(100))?.contains("W/\"99\"") == true)
        #expect(refusal { _ = try EntityTags.reading(list(101)) } == .badRequest(.invalidValue, ""))
    }

    @Test(
        arguments: [
            (nil, nil, "read"), ("*", nil, "read"), ("W/\"3\"", nil, "read"),
            ("W/\"2\",W/\"3\"", nil, "read"),
            ("W/\"4\"", nil, "failed"), ("\"3\"", nil, "failed"), ("W/\"03\"", nil, "failed"),
            (nil, "*", "notModified"),
            (nil, "W/\"3\"", "notModified"), (nil, "\"3\"", "notModified"),
            (nil, "W/\"1\", \"3\"", "notModified"),
            (nil, "W/\"4\"", "read"), ("W/\"3\"", "W/\"3\"", "notModified"), ("W/\"4\"", "W/\"3\"", "failed"),
        ] as [(String?, String?, String)]
    )
    func `If-Match compares the text, If-None-Match weakly`(
        ifMatch: String?,
        ifNoneMatch: String?,
        expected: String
    ) throws {
        let conditions = Preconditions(
            ifMatch: try .reading(ifMatch),
            ifNoneMatch: try .reading(ifNoneMatch)
        )

        #expect("\(conditions.verdict(onReading: "W/\"3\""))" == expected)
        #expect(conditions.allowWrite(to: ResourceVersion(3)) == (expected == "read"))
    }
}
