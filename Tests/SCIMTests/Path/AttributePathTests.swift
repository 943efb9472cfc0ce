import Testing

@testable import SCIM

@Suite("Attribute paths, RFC 7644 §3.4.2.2 attrPath, RFC 7643 §2.1")
struct AttributePathTests {
    @Test(
        arguments: [
            ("userName", nil, "userName", nil),
            ("name.givenName", nil, "name", "givenName"),
            ("manager.$ref", nil, "manager", "$ref"),
            ("x-1_y", nil, "x-1_y", nil),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", SchemaURI.user, "name",
                "givenName"
            ),
            ("URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER:USERNAME", SchemaURI.user, "userName", nil),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
                SchemaURI.enterpriseUser,
                "manager", "value"
            ),
            ("urn:example:2.0:thing", SchemaURI("urn:example:2.0"), "thing", nil),
        ] as [(String, SchemaURI?, AttributeName, AttributeName?)]
    )
    func `a path is a URI, a name and a sub-attribute`(
        text: String,
        schema: SchemaURI?,
        name: AttributeName,
        subAttribute: AttributeName?
    ) {
        #expect(
            AttributePath.parse(text) == AttributePath(schema: schema, name: name, subAttribute: subAttribute)
        )
    }

    @Test(
        arguments: [
            ("employeeNumber", AttributePath(schema: .enterpriseUser, name: "employeeNumber")),
            ("manager.value", AttributePath(schema: .enterpriseUser, name: "manager", subAttribute: "value")),
        ])
    func `a dot after the URI is what clients of 2018 send`(rest: String, path: AttributePath) {
        let text = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User." + rest

        #expect(AttributePath.parse(text) == path)
        #expect(AttributePath.parse(path.description) == path)
    }

    @Test(
        arguments: [
            "", ".", ":", "1x", "_x", "-x", "name.", ".name", "name..givenName", "a.b.c", "a.b.c.d",
            "name givenName",
            "naïve", "x:y", "urn:", "urn:x:", ":urn:x:y", "urn:x:1", "$", "$1", "a[b", "__proto__.x",
            "urn:ietf:params:scim:schemas:core:2.0:User:a.b.c",
            "urn:ietf:params:scim:schemas:core:2.0:User.a.b.c",
            "urn:é:y:name", String(repeating: "a.", count: 10_000) + "a",
        ])
    func `what breaks the grammar is no path`(text: String) {
        #expect(AttributePath.parse(text) == nil)
    }

    @Test func `a path prints as it is written`() {
        let text = "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName"

        #expect(AttributePath.parse(text)?.description == text)
        #expect(AttributePath.parse("name.givenName")?.description == "name.givenName")
    }
}
