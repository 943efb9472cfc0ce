import Testing

@testable import SCIM

@Suite("Looking up the names of filters, RFC 7644 §3.4.2.2")
struct ResolvedFilterTests {
    @Test(
        arguments: [
            // names
            #"favouriteColour eq "x""#, #"name.favourite eq "x""#,
            #"urn:example:none:1.0:User:userName eq "x""#, #"members eq "x""#,
            #"groups[favourite eq "x"]"#, #"groups[groups.value eq "x"]"#, #"groups[urn:a:b:value eq "x"]"#,
            #"department eq "x""#,
            #"userName.value eq "x""#, #"urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "x""#,
            "meta.favourite pr",
            // secrets
            #"password eq "x""#, "password pr", "not (password pr)",
            // types
            "active gt true", #"active sw "t""#, #"active eq "yes""#, "active eq 1", "userName eq true",
            "userName eq 1", "userName gt null",
            #"meta.created gt "yesterday""#, "meta.created gt 2026", #"meta.created eq "2026-11-24""#,
            "name eq null or name eq \"x\"", #"meta eq "x""#,
            #"x509Certificates gt "x""#, #"addresses eq "x""#, "emails.primary gt true", "title eq 1",
            #"emails[primary eq "x"]"#,
            // brackets
            #"userName[value eq "x"]"#, #"name.givenName[value eq "x"]"#, #"groups.value[value eq "x"]"#,
        ],
        AttributeSet.allCases
    )
    func `an unknown name or a wrong comparison is an invalid filter in either set`(
        filter: String,
        set: AttributeSet
    ) {
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try FilteredResource.resolve(filter, .user, set)
        }
    }

    @Test func `an error names the attribute and not the literal`() throws {
        let error = refusal { _ = try FilteredResource.resolve(#"favouriteColour eq "Sesame""#) }
        let typed = refusal { _ = try FilteredResource.resolve(#"active eq "Sesame""#) }

        #expect(error?.detail.contains("'favouriteColour'") == true)
        #expect(typed?.detail.contains("'active'") == true)
        #expect(typed?.detail.contains("Sesame") == false)
    }

    @Test func `a long name is not repeated`() {
        let name = String(repeating: "a", count: 101)

        #expect(refusal { _ = try FilteredResource.resolve("\(name) pr") }?.detail.contains(name) == false)
    }

    @Test func `a search of all types takes a name that one of them knows`() throws {
        let user = try FilteredResource.view(#"{"id": "1", "userName": "ada@example.com"}"#)
        let group = try FilteredResource.view(#"{"id": "2", "displayName": "Staff"}"#, type: .group)
        let filter = try FilteredResource.resolve(
            #"userName eq "ADA@example.com" or displayName eq "staff""#,
            nil,
            .full
        )

        #expect(filter.matches(user))
        #expect(filter.matches(group))
        #expect(throws: SCIMError.badRequest(.invalidFilter, "")) {
            try FilteredResource.resolve("favouriteColour pr", nil, .full)
        }
    }

    @Test func `a search of one type never matches another`() throws {
        let group = try FilteredResource.view(#"{"id": "2", "displayName": "Staff"}"#, type: .group)

        #expect(try FilteredResource.resolve("id pr", .user, .full).matches(group) == false)
    }

    @Test(
        arguments: [
            (#"emails[type eq "work" and value ew "@example.com"]"#, true),
            (#"emails[type eq "home" and value ew "@example.com"]"#, false),
            (#"emails.value eq "B@EXAMPLE.COM""#, true), (#"emails co "home.example""#, true),
            (#"emails.type eq "other""#, false),
            (#"emails[type eq "work"].value eq "b@example.com""#, true),
            (#"emails[type eq "home"].value eq "b@example.com""#, false),
            ("emails[primary eq true]", true), ("emails[primary eq false]", false),
            ("emails[not (primary eq true)]", true),
            (#"emails[type eq "work" or (type eq "home" and value sw "x")]"#, true),
            (#"emails[primary eq "True"].value sw "b""#, true),
            (#"title pr and not (userType eq "Intern")"#, true), (#"addresses[locality eq "x]\"y"]"#, true),
            (#"addresses.locality eq "X]\"Y""#, true),
            (#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true),
            (#"schemas[value eq "urn:x"]"#, false), (#"schemas[value sw "urn:ietf:"]"#, true),
            (#"x509Certificates eq "AAEC""#, true),
            (#"x509Certificates eq "aaec""#, false), (#"profileUrl eq "https://example.com/B""#, true),
            (#"profileUrl eq "https://example.com/b""#, false),
        ])
    func `the full set compares everything that is stored`(filter: String, isMatch: Bool) throws {
        let view = try FilteredResource.view(
            #"""
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "title": "Guide", "profileUrl": "https://example.com/B",
             "emails": [{"value": "b@example.com", "type": "work", "primary": true}, {"value": "b@home.example", "type": "home"}],
             "addresses": [{"type": "work", "locality": "X]\"Y"}], "x509Certificates": [{"value": "AAEC"}]}
            """#
        )

        #expect(try FilteredResource.matches(filter, view, .full) == isMatch)
    }

    @Test func `members of a group are found by their id`() throws {
        let group = try FilteredResource.view(
            #"{"id": "g", "displayName": "Staff", "members": [{"value": "u1"}, {"value": "u2"}]}"#,
            type: .group
        )

        for filter in [
            #"members eq "u2""#, #"members.value eq "u2""#, #"members[value eq "u2"]"#,
            #"id eq "g" and members eq "u1""#,
        ] {
            #expect(try FilteredResource.matches(filter, group, .full), "\(filter)")
            #expect(
                try FilteredResource.matches(filter, group, .learner) == false,
                "\(filter) in the learner set"
            )
        }
        #expect(try FilteredResource.matches(#"members eq "U2""#, group, .full) == false)
    }
}
