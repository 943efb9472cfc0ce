import Testing

@testable import SCIM

@Suite("PATCH paths, RFC 7644 §3.5.2 figure 7")
struct PatchPathTests {
    @Test(
        arguments: [
            "members", "name.familyName", #"addresses[type eq "work"]"#,
            #"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#,
            #"members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName"#,
            #"emails[type eq "work" and value ew "example.com"]"#, "roles[primary eq true]",
            #"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value"#,
            #"emails[value eq "a]b\"c[d"].type"#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ])
    func `a path reads, prints and reads again`(text: String) throws {
        let path = try PatchPath.parse(text)

        #expect(path.description == text)
        #expect(try PatchPath.parse(path.description) == path)
    }

    /// Words of filters among them, and what is nearly a name.
    @Test(
        arguments: [
            "active", "userName", "a", "x-1_y", "not", "and", "or", "pr", "eq", "co", "true", "false", "null",
            "NOT",
            "schemas", "", "1a", "-a", "_a", "$ref", "a.b", "a b", "a ", " a", "a\u{e9}", "\u{212a}", "a\0",
            "a[",
            "urn:a", "a:b", "a/b",
        ])
    func `a name alone is the path that the parser makes of it`(text: String) {
        let path = Result { try PatchPath.parse(text) }
        let parsed = Result { try PatchPath.parsed(text) }

        switch (path, parsed) {
        case (.success(let path), .success(let parsed)): #expect(path == parsed)
        case (.failure, .failure): break
        default: Issue.record("one of them refuses")
        }
    }

    @Test func `the URN of a schema alone is a path`() throws {
        #expect(try PatchPath.parse(SchemaURI.enterpriseUser.text.uppercased()) == .schema(.enterpriseUser))
    }

    @Test(arguments: [" ", "  "]) func `spaces around the URN of a schema make no other path`(spaces: String)
        throws
    {
        let path = try PatchPath.parse(spaces + SchemaURI.enterpriseUser.text + spaces)

        #expect(path == .schema(.enterpriseUser))
        #expect(try PatchPath.parse(path.description) == path)
    }

    @Test(
        arguments: [
            "", " ", "name[", #"name[familyName eq "x""#, #"emails[type eq "work"] .value"#,
            #"emails [type eq "work"]"#,
            #"emails[type eq "work"]value"#, #"emails[type eq "work"]."#, #"emails[type eq "work"].a.b"#,
            "emails[]",
            #"emails[type eq work]"#, #"a[b[c[d eq 1]]]"#, "userName pr",
            #"emails[type eq "work"].value eq "x""#,
            "name..givenName", "1x", "__proto__.x", "a.b.c.d", "name. givenName", "{}",
        ])
    func `a malformed path is an invalid path`(text: String) {
        #expect(throws: SCIMError.badRequest(.invalidPath, "")) { try PatchPath.parse(text) }
    }

    @Test func `a path is at most 8 KiB long`() throws {
        let longest = String(repeating: "a", count: FilterLimits.bytes)

        #expect(try PatchPath.parse(longest).description.utf8.count == FilterLimits.bytes)
        #expect(throws: SCIMError.badRequest(.invalidPath, "")) { try PatchPath.parse(longest + "a") }
    }
}
