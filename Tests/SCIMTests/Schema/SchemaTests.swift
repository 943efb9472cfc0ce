import Testing

@testable import SCIM

@Suite("Schemas, RFC 7643 §4 and §8.7.1")
struct SchemaTests {
    private func names(_ definitions: [AttributeDefinition], _ set: AttributeSet) -> [String] {
        definitions.filter { $0.isHeld(by: set) }.map(\.name.text)
    }

    @Test func `the full User schema has every attribute of the RFC`() {
        #expect(
            Set(names(Schema.user.attributes, .full)) == [
                "userName", "name", "displayName", "nickName", "profileUrl", "title", "userType",
                "preferredLanguage",
                "locale", "timezone", "active", "password", "emails", "phoneNumbers", "ims", "photos",
                "addresses",
                "groups", "entitlements", "roles", "x509Certificates",
            ]
        )
    }

    @Test func `the learner set holds its ten attributes and the groups`() throws {
        #expect(
            Set(names(Schema.user.attributes, .learner)) == [
                "userName", "active", "name", "locale", "preferredLanguage", "timezone", "groups",
            ]
        )
        #expect(
            names(try #require(Schema.user.attribute("name")).subAttributes, .learner) == [
                "familyName", "givenName",
            ]
        )
        #expect(
            Set(names(Schema.enterpriseUser.attributes, .learner)) == [
                "department", "employeeNumber", "manager",
            ]
        )
        #expect(names(Schema.group.attributes, .learner) == ["displayName"])
    }

    @Test func `the full Enterprise User and Group schemas are whole`() throws {
        #expect(
            Set(names(Schema.enterpriseUser.attributes, .full)) == [
                "employeeNumber", "costCenter", "organization", "division", "department", "manager",
            ]
        )
        #expect(names(Schema.group.attributes, .full) == ["displayName", "members"])
        #expect(
            names(try #require(Schema.group.attribute("members")).subAttributes, .full)
                == ["value", "$ref", "type", "display"]
        )
    }

    @Test(
        arguments: [
            "emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates",
        ] as [AttributeName]
    )
    func `a list has value, display, type and primary`(name: AttributeName) throws {
        let definition = try #require(Schema.user.attribute(name))

        #expect(definition.isMultiValued && definition.type == .complex)
        #expect(names(definition.subAttributes, .full) == ["value", "display", "type", "primary"])
        #expect(definition.significantSubAttribute?.name == "value")
    }

    @Test func `the characteristics that decide are those of the RFC`() throws {
        let userName = try #require(Schema.user.attribute("USERNAME"))
        #expect(userName.isRequired && !userName.isCaseExact && userName.uniqueness == .server)
        let password = try #require(Schema.user.attribute("password"))
        #expect(password.mutability == .writeOnly && password.returned == .never)
        #expect(Schema.user.attribute("groups")?.mutability == .readOnly)
        #expect(CommonAttributes.attribute("id")?.returned == .always)
        #expect(CommonAttributes.attribute("id")?.isCaseExact == true)
        #expect(CommonAttributes.attribute("externalId")?.isCaseExact == true)
        #expect(CommonAttributes.attribute("meta")?.mutability == .readOnly)
        #expect(Schema.group.attribute("members")?.subAttribute("value")?.mutability == .immutable)
    }

    @Test func `what a smaller set holds stands inside what it holds`() {
        for schema in Schema.all {
            for definition in schema.attributes where !definition.isHeld(by: .learner) {
                #expect(
                    definition.subAttributes.allSatisfy { !$0.isHeld(by: .learner) },
                    "\(definition.name)"
                )
            }
        }
    }

    @Test func `no schema defines a name twice`() {
        for schema in Schema.all {
            #expect(Set(schema.attributes.map(\.name)).count == schema.attributes.count)
            for definition in schema.attributes {
                #expect(Set(definition.subAttributes.map(\.name)).count == definition.subAttributes.count)
            }
        }
    }

    @Test func `only a group of the learner set cannot be written`() {
        for schema in Schema.all {
            #expect(schema.isWritable(by: .full))
            #expect(schema.isWritable(by: .learner) == (schema.uri != .group))
        }
    }
}
