import Testing

@testable import SCIM

/// The characteristics of every attribute as RFC 7643 §8.7.1 lists them, one attribute a line: path, type, and what
/// is not the default (one value, not required, case does not matter, readWrite, returned by default, not unique).
@Suite("Characteristics, RFC 7643 §8.7.1")
struct RFCSchemaTests {
    private static let user = """
        userName string required server
        name complex
        name.formatted string
        name.familyName string
        name.givenName string
        name.middleName string
        name.honorificPrefix string
        name.honorificSuffix string
        displayName string
        nickName string
        profileUrl reference to external
        title string
        userType string
        preferredLanguage string
        locale string
        timezone string
        active boolean
        password string writeOnly never
        emails complex list
        emails.value string
        emails.display string
        emails.type string canonical work home other
        emails.primary boolean
        phoneNumbers complex list
        phoneNumbers.value string
        phoneNumbers.display string
        phoneNumbers.type string canonical work home mobile fax pager other
        phoneNumbers.primary boolean
        ims complex list
        ims.value string
        ims.display string
        ims.type string canonical aim gtalk icq xmpp msn skype qq yahoo
        ims.primary boolean
        photos complex list
        photos.value reference to external
        photos.display string
        photos.type string canonical photo thumbnail
        photos.primary boolean
        addresses complex list
        addresses.formatted string
        addresses.streetAddress string
        addresses.locality string
        addresses.region string
        addresses.postalCode string
        addresses.country string
        addresses.type string canonical work home other
        groups complex list readOnly
        groups.value string readOnly
        groups.$ref reference readOnly to User Group
        groups.display string readOnly
        groups.type string readOnly canonical direct indirect
        entitlements complex list
        entitlements.value string
        entitlements.display string
        entitlements.type string
        entitlements.primary boolean
        roles complex list
        roles.value string
        roles.display string
        roles.type string
        roles.primary boolean
        x509Certificates complex list
        x509Certificates.value binary
        x509Certificates.display string
        x509Certificates.type string
        x509Certificates.primary boolean
        """

    private static let enterpriseUser = """
        employeeNumber string
        costCenter string
        organization string
        division string
        department string
        manager complex
        manager.value string
        manager.$ref reference to User
        manager.displayName string readOnly
        """

    private static let group = """
        displayName string
        members complex list
        members.value string immutable
        members.$ref reference immutable to User Group
        members.type string immutable canonical User Group
        """

    /// Where ours differ, with the reason beside the definition.
    private static let argued = """
        profileUrl reference caseExact to external
        photos.value reference caseExact to external
        addresses.primary boolean
        groups.value string caseExact readOnly
        groups.$ref reference caseExact readOnly to Group
        x509Certificates.value binary caseExact
        manager.$ref reference caseExact readOnly to User
        displayName string required
        members.value string caseExact immutable
        members.$ref reference caseExact immutable to User Group
        members.display string readOnly
        """

    @Test(arguments: [
        (SchemaURI.user, user, 6), (.enterpriseUser, enterpriseUser, 1), (.group, group, 4),
    ])
    func `each characteristic is the RFC's, but for those that are argued`(
        uri: SchemaURI,
        rfc: String,
        differences: Int
    ) throws {
        let schema = try #require(Schema.all.first { $0.uri == uri })
        let ours = Set(schema.attributes.flatMap { Self.lines($0, path: "") })
        let theirs = Set(Self.lines(rfc))

        let different = ours.subtracting(theirs)

        #expect(different.isSubset(of: Self.lines(Self.argued)))
        #expect(different.count == differences)
        let names = { (lines: Set<String>) in Set(lines.map { $0.prefix { $0 != " " } }) }
        #expect(names(theirs).isSubset(of: names(ours)))
        #expect(names(ours).count == ours.count)
    }

    @Test func `a document tells each characteristic that the definition has`() throws {
        let documents = Discovery(set: .full, locationPrefix: "", digest: { $0 })
        for schema in Schema.all {
            let body = try #require(documents.schema(schema.uri)).body
            guard case .object(let document) = try JSONReader.read(body) else { continue }

            let told = try Self.told(#require(document["attributes"]), path: "")

            #expect(told == schema.attributes.flatMap { Self.lines($0, path: "") })
        }
    }

    // MARK: - Lines

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    private static func lines(_ definition: AttributeDefinition, path: String) -> [String] {
        let line = line(
            path + definition.name.text,
            definition.type.rawValue,
            [
                definition.isMultiValued ? "list" : nil, definition.isRequired ? "required" : nil,
                definition.isCaseExact ? "caseExact" : nil,
                definition.mutability == .readWrite ? nil : definition.mutability.rawValue,
                definition.returned == .default ? nil : definition.returned.rawValue,
                definition.uniqueness == .none ? nil : definition.uniqueness.rawValue,
            ],
            definition.canonicalValues,
            definition.referenceTypes
        )
        return [line] + definition.subAttributes.flatMap { lines($0, path: "\(definition.name).") }
    }

    /// The same of a document: what it leaves out counts as the default.
    private static func told(_ attributes: JSONValue, path: String) throws -> [String] {
        guard case .array(let attributes) = attributes else { return [] }
        return try attributes.flatMap { attribute -> [String] in
            guard case .object(let told) = attribute else { return [] }
            let name = try text(told["name"])
            let line = try line(
                path + name,
                text(told["type"]),
                [
                    told["multiValued"] == .boolean(true) ? "list" : nil,
                    told["required"] == .boolean(true) ? "required" : nil,
                    told["caseExact"] == .boolean(true) ? "caseExact" : nil,
                    told["mutability"] == .string("readWrite") ? nil : text(told["mutability"]),
                    told["returned"] == .string("default") ? nil : text(told["returned"]),
                    told["uniqueness"] == .string("none") ? nil : text(told["uniqueness"]),
                ],
                texts(told["canonicalValues"]),
                texts(told["referenceTypes"])
            )
            return [line] + (try Self.told(told["subAttributes"] ?? .null, path: "\(name)."))
        }
    }

    private static func line(
        _ path: String,
        _ type: String,
        _ flags: [String?],
        _ canonicalValues: [String],
        _ referenceTypes: [String]
    ) -> String {
        var words = [path, type] + flags.compactMap { $0 }
        if !canonicalValues.isEmpty { words += ["canonical"] + canonicalValues }
        if !referenceTypes.isEmpty { words += ["to"] + referenceTypes }
        return words.joined(separator: " ")
    }

    private static func text(_ value: JSONValue?) throws -> String {
        guard case .string(let text)? = value else { throw SCIMError.notFound("no text") }
        return text
    }

    private static func texts(_ value: JSONValue?) throws -> [String] {
        guard case .array(let elements)? = value else { return [] }
        return try elements.map { try text($0) }
    }
}
