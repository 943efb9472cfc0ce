import Testing

@testable import SCIM

/// Four learners as a connection of the learner set sees them, told apart by their given names.
@Suite("Filters on learners, RFC 7644 §3.4.2.2")
struct LearnerFilterTests {
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    static let crew = [
        #"""
        {"id": "1", "externalId": "X-ada", "userName": "ada@Example.com", "active": true, "locale": "en-GB",
         "name": {"givenName": "Ada", "familyName": "Lovelace"},
         "meta": {"resourceType": "User", "created": "2026-11-24T00:30:00Z", "location": "https://h/scim/v2/Users/1"},
         "groups": [{"value": "g1", "display": "Head office"}],
         "\#(enterprise)": {"employeeNumber": "100", "manager": {"value": "Boss@Example.com"}}}
        """#,
        #"""
        {"id": "2", "userName": "bob@example.com", "active": false, "locale": "en-US",
         "name": {"givenName": "Bob", "familyName": "Ross"}, "meta": {"resourceType": "User", "created": "2026-11-24T01:30:00+02:00"},
         "groups": [{"value": "g1", "display": "Head office"}, {"value": "g2", "display": "Branch"}],
         "\#(enterprise)": {"employeeNumber": "200"}}
        """#,
        #"""
        {"id": "3", "userName": "cyd@example.com", "active": true, "name": {"givenName": "Cyd", "familyName": "O\"Neil\\s"},
         "meta": {"resourceType": "User", "created": "2026-11-24T00:30:00.001Z"}, "\#(enterprise)": {"employeeNumber": "300"}}
        """#,
        #"""
        {"id": "4", "userName": "dan@example.com", "name": {"givenName": "Dan", "familyName": "Étienne"}, "locale": "fr eq FR and x",
         "meta": {"resourceType": "User", "created": "2026-11-25T00:00:00Z"}, "\#(enterprise)": {"employeeNumber": "400"}}
        """#,
    ]

    /// The given names of those who match, in lower case, a space between them.
    private func matches(of filter: String) throws -> String {
        let names = ["ada", "bob", "cyd", "dan"]
        let found = try zip(names, Self.crew).filter {
            try FilteredResource.matches(filter, FilteredResource.view($1))
        }
        return found.map(\.0).joined(separator: " ")
    }

    @Test(
        arguments: [
            (#"name.givenName eq "aDA""#, "ada"), (#"NAME.GIVENNAME EQ "Ada""#, "ada"),
            (#"name.givenName ne "Ada""#, "bob cyd dan"),
            (#"name.familyName co "OVE""#, "ada"), (#"name.familyName sw "ro""#, "bob"),
            (#"name.familyName ew "LACE""#, "ada"),
            (#"name.familyName co """#, "ada bob cyd dan"), (#"name.familyName co "Lovelace and more""#, ""),
            (#"name.familyName eq "O\"Neil\\s""#, "cyd"), (#"name.familyName eq "\u00c9tienne""#, "dan"),
            (#"name.familyName eq "étienne""#, "dan"), (#"name.familyName eq "e\u0301tienne""#, "dan"),
            (#"externalId eq "X-ada""#, "ada"), (#"externalId eq "x-ADA""#, ""), (#"id eq "2""#, "bob"),
            (#"locale eq "fr eq FR and x""#, "dan"), (#"locale co " and ""#, "dan"),
            (#"locale eq "x" or locale co " eq ""#, "dan"),
        ])
    func `text compares by case exactness`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            ("locale pr", "ada bob dan"), ("not (locale pr)", "cyd"), ("locale eq null", "cyd"),
            ("locale ne null", "ada bob dan"),
            (#"locale ne "en-GB""#, "bob cyd dan"), (#"not (locale eq "en-GB")"#, "bob cyd dan"),
            (#"locale gt "a""#, "ada bob dan"),
            ("name pr", "ada bob cyd dan"), ("groups pr", "ada bob"), ("manager pr", "ada"),
            ("manager eq null", "bob cyd dan"),
            (#"manager ne "x""#, "ada bob cyd dan"), ("active eq null", "dan"),
        ])
    func `what has no value is absent, and not equal to anything`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            ("active eq true", "ada cyd"), ("active eq false", "bob"), ("active ne false", "ada cyd dan"),
            (#"active eq "True""#, "ada cyd"), (#"active eq "FALSE""#, "bob"),
        ])
    func `truth values compare by eq and ne`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            (#"gt "200""#, "cyd dan"), (#"ge "200""#, "bob cyd dan"), (#"lt "200""#, "ada"),
            (#"le "200""#, "ada bob"), (#"gt "20""#, "bob cyd dan"),
        ])
    func `text is ordered by its bytes`(comparison: String, names: String) throws {
        #expect(try matches(of: "\(Self.enterprise):employeeNumber \(comparison)") == names)
    }

    @Test(
        arguments: [
            (#"meta.created eq "2026-11-24T00:30:00Z""#, "ada"),
            (#"meta.created eq "2026-11-24T02:30:00+02:00""#, "ada"),
            (#"meta.created gt "2026-11-24T00:30:00Z""#, "cyd dan"),
            (#"meta.created le "2026-11-24T00:30:00Z""#, "ada bob"),
            (#"meta.created lt "2026-11-23T23:30:00.000-00:30""#, "bob"),
            (#"meta.created ne "2026-11-24T00:30:00.0Z""#, "bob cyd dan"),
            (#"meta.created sw "2026-11-25""#, "dan"), (#"meta.resourceType eq "User""#, "ada bob cyd dan"),
            (#"meta.resourceType eq "user""#, ""), (#"meta.location co "/Users/1""#, "ada"),
        ])
    func `dates compare as moments, whatever their offsets`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            (#"urn:ietf:params:scim:schemas:core:2.0:User:name.givenName eq "Bob""#, "bob"),
            (#"\#(enterprise.uppercased()):EMPLOYEENUMBER eq "100""#, "ada"),
            (#"\#(enterprise).employeeNumber eq "100""#, "ada"),
            (#"\#(enterprise):manager.value eq "boss@example.com""#, "ada"),
            (#"\#(enterprise):manager eq "boss@example.com""#, "ada"),
            (#"manager eq "boss@example.com""#, "ada"),
            (#"id eq "1" and manager eq "BOSS@example.com""#, "ada"),
            (#"manager eq "boss@example.com" and id eq "2""#, ""),
        ])
    func `names are found with their URN, and the manager without`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            (#"groups[display eq "head office" and value pr]"#, "ada bob"),
            (#"groups[display eq "Branch"]"#, "bob"),
            (#"groups[display eq "Branch" and value eq "g1"]"#, ""),
            (#"groups.display eq "branch" and groups.value eq "g1""#, "bob"),
            (#"groups[not (display eq "Branch")]"#, "ada bob"),
            (#"not (groups[display eq "Branch"])"#, "ada cyd dan"),
            (#"groups[display eq "Branch"].value eq "g2""#, "bob"),
            (#"groups[display eq "Branch"].value ne "g2""#, ""),
            (#"groups[(value eq "g2")]"#, "bob"), (#"groups eq "g2""#, "bob"),
            (#"groups.display ne "Head office""#, "bob cyd dan"),
            (#"manager[value eq "boss@example.com"]"#, "ada"), (#"groups[type eq null]"#, "ada bob"),
        ])
    func `of several values one must match, inside brackets one and the same`(filter: String, names: String)
        throws
    {
        #expect(try matches(of: filter) == names)
    }

    @Test(
        arguments: [
            (#"name.givenName eq "Ada" or name.givenName eq "Bob" and active eq true"#, "ada"),
            (#"active eq true and name.givenName eq "Cyd" or name.givenName eq "Dan""#, "cyd dan"),
            (#"(name.givenName eq "Ada" or name.givenName eq "Bob") and active eq false"#, "bob"),
            (#"NOT (name.givenName eq "Ada") AND active eq true"#, "cyd"),
            (#"not (active eq true and (locale pr or name.givenName sw "C"))"#, "bob dan"),
            (#"((active eq true) and (locale pr))"#, "ada"),
        ])
    func `and binds tighter than or`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }

    @Test(arguments: [
        "emails", "emails.value", #"emails[type eq "work"].value"#, #"EMAILS[TYPE EQ "Work"].VALUE"#,
        "urn:ietf:params:scim:schemas:core:2.0:User:emails.value", #"emails[(type eq "work")].value"#,
    ])
    func `the e-mail address is the user name`(path: String) throws {
        #expect(try matches(of: #"\#(path) eq "ADA@example.com""#) == "ada")
        #expect(try matches(of: #"\#(path) sw "b""#) == "bob")
        #expect(try matches(of: #"\#(path) co "@example" and active eq false"#) == "bob")
        #expect(try matches(of: "\(path) pr") == "ada bob cyd dan")
        #expect(try matches(of: #"\#(path) ne "ada@example.com""#) == "bob cyd dan")
    }

    @Test(
        arguments: [
            #"emails[type eq "work"]"#, #"emails[type eq "home"].value eq "ada@example.com""#,
            #"emails[type eq "work"].type eq "work""#,
            #"emails[type eq "work" and primary eq true].value eq "ada@example.com""#,
            #"emails[value eq "ada@example.com"]"#,
            #"emails[type eq "work" and value eq "ada@example.com"]"#, #"emails[type ne "work"].value pr"#,
            #"emails[type sw "work"].value pr"#,
            #"emails.type eq "work""#, #"emails[type eq "home"].value ne "x""#, "emails.display pr",
        ])
    func `any other form of the e-mail address finds nobody`(filter: String) throws {
        #expect(try matches(of: filter) == "")
    }

    @Test(
        arguments: [
            ("title pr", ""), (#"title eq "x""#, ""), (#"title ne "x""#, "ada bob cyd dan"),
            ("title eq null", "ada bob cyd dan"),
            (#"name.formatted co "a""#, ""), (#"phoneNumbers[type eq "work"].value eq "1""#, ""),
            (#"not (title pr) and active eq false"#, "bob"),
            (#"\#(enterprise):division eq "x""#, ""), (#"displayName eq "x" or active eq false"#, "bob"),
        ])
    func `what the set does not hold has no value`(filter: String, names: String) throws {
        #expect(try matches(of: filter) == names)
    }
}
