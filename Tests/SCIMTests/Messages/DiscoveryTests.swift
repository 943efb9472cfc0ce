import Testing

@testable import SCIM

private let prefix = "https://scim.example.com/scim/v2"

/// Stands for SHA-256: 16 bytes to which each byte adds, by its place (FNV-1a, 64 bits, twice).
private func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return (0..<16).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 % 8 * 8)) }
}

@Suite("Discovery, RFC 7643 §5–§7 and RFC 7644 §4")
struct DiscoveryTests {
    private func documents(_ set: AttributeSet, _ prefix: String = prefix) -> Discovery {
        Discovery(set: set, locationPrefix: prefix, digest: digest)
    }

    /// A value inside a document, by names and places.
    private func value(_ document: Discovery.Document?, _ path: String...) throws -> JSONValue? {
        var value: JSONValue? = try JSONReader.read(#require(document).body)
        for step in path {
            switch value {
            case .object(let object): value = object[step]
            case .array(let elements): value = try elements[#require(Int(step))]
            default: value = nil
            }
        }
        return value
    }

    private func names(_ value: JSONValue?) -> [String] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap { element in
            guard case .object(let object) = element, case .string(let name) = object["name"] else {
                return nil
            }
            return name
        }
    }

    private func attribute(_ name: String, in document: Discovery.Document?) throws -> JSONObject {
        guard case .array(let attributes) = try value(document, "attributes") else { return JSONObject() }
        for case .object(let object) in attributes where object["name"] == .string(name) { return object }
        return JSONObject()
    }

    // MARK: - ServiceProviderConfig

    @Test func `the configuration says what works`() throws {
        let config = documents(.learner).serviceProviderConfig

        for (name, works) in [
            ("patch", true), ("bulk", true), ("filter", true), ("changePassword", false), ("sort", true),
            ("etag", true),
        ] {
            #expect(try value(config, name, "supported") == .boolean(works), "\(name)")
        }
        #expect(try value(config, "bulk", "maxOperations") == .number(JSONNumber(text: "1000")))
        #expect(try value(config, "bulk", "maxPayloadSize") == .number(JSONNumber(text: "1048576")))
        #expect(try value(config, "filter", "maxResults") == .number(JSONNumber(text: "1000")))
        #expect(
            try value(config, "documentationUri") == .string("https://www.rfc-editor.org/rfc/rfc7644")
        )
        for (name, expected) in [
            ("type", "oauthbearertoken"), ("specUri", "https://www.rfc-editor.org/rfc/rfc6750"),
            ("documentationUri", "https://www.rfc-editor.org/rfc/rfc6750#section-2.1"),
        ] {
            #expect(try value(config, "authenticationSchemes", "0", name) == .string(expected))
        }
        #expect(
            try value(config, "pagination")
                == json(
                    joined(
                        #"{"cursor":true,"index":true,"defaultPaginationMethod":"index","#,
                        #""defaultPageSize":100,"maxPageSize":1000,"cursorTimeout":600}"#
                    )
                )
        )
        #expect(
            try value(config, "schemas")
                == .array([.string("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig")])
        )
    }

    @Test func `a feature that works is announced`() throws {
        let config = Discovery(
            set: .learner,
            locationPrefix: prefix,
            features: features(true),
            digest: digest
        )
        .serviceProviderConfig

        for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            #expect(try value(config, name, "supported") == .boolean(true))
        }
        #expect(try value(config, "pagination", "cursor") == .boolean(true))
        #expect(try value(config, "pagination", "cursorTimeout") == .number(JSONNumber(text: "600")))
    }

    @Test func `a feature that does not work is not announced, and cursors that are not have no life`() throws
    {
        let config = Discovery(
            set: .learner,
            locationPrefix: prefix,
            features: features(false),
            digest: digest
        ).serviceProviderConfig

        for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            #expect(try value(config, name, "supported") == .boolean(false))
        }
        #expect(try value(config, "pagination", "cursor") == .boolean(false))
        #expect(try value(config, "pagination", "cursorTimeout") == nil)
    }

    private func features(_ work: Bool) -> ServiceFeatures {
        ServiceFeatures(
            patch: work,
            bulk: work,
            filter: work,
            changePassword: work,
            sort: work,
            etag: work,
            cursorPagination: work,
            indexPagination: work
        )
    }

    // MARK: - Resource types

    @Test(arguments: AttributeSet.allCases)
    func `resource types are a list of users and groups`(set: AttributeSet) throws {
        let list = documents(set).resourceTypes

        #expect(names(try value(list, "Resources")) == ["User", "Group"])
        #expect(try value(list, "totalResults") == .number(JSONNumber(text: "2")))
        #expect(
            try value(list, "Resources", "0")
                == JSONReader.read(#require(documents(set).resourceType(named: "User")).body)
        )
    }

    @Test func `a resource type has its endpoint, schema and extensions`() throws {
        let user = documents(.learner).resourceType(named: "User")
        let version = try #require(user).etag.replacing("\"", with: "\\\"")

        #expect(
            text(try #require(user).body)
                == joined(
                    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","#,
                    #""name":"User","endpoint":"/Users","description":"A person","#,
                    #""schema":"urn:ietf:params:scim:schemas:core:2.0:User","schemaExtensions":["#,
                    #"{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","#,
                    #""required":false}],"meta":{"resourceType":"ResourceType","#,
                    #""location":"https://scim.example.com/scim/v2/ResourceTypes/User","#,
                    #""version":"\#(version)"}}"#
                )
        )
        #expect(try value(documents(.full).resourceType(named: "Group"), "schemaExtensions") == nil)
        #expect(documents(.full).resourceType(named: "Nothing") == nil)
    }

    // MARK: - Schemas

    @Test func `schemas are found by URI in any case`() throws {
        let list = documents(.full).schemas

        #expect(names(try value(list, "Resources")) == ["User", "EnterpriseUser", "Group"])
        #expect(documents(.full).schema(SchemaURI("URN:ietf:params:scim:schemas:core:2.0:user")) != nil)
        #expect(documents(.full).schema(SchemaURI("urn:ietf:params:scim:schemas:core:2.0:Nothing")) == nil)
    }

    @Test func `a learner connection is shown its own attributes`() throws {
        let learner = documents(.learner)

        #expect(
            Set(names(try value(learner.schema(.user), "attributes"))) == [
                "userName", "active", "name", "locale", "preferredLanguage", "timezone", "groups",
            ]
        )
        let name = try attribute("name", in: learner.schema(.user))
        #expect(Set(names(name["subAttributes"])) == ["givenName", "familyName"])
        #expect(
            Set(names(try value(learner.schema(.enterpriseUser), "attributes"))) == [
                "department", "employeeNumber", "manager",
            ]
        )
        #expect(names(try value(learner.schema(.group), "attributes")) == ["displayName"])
    }

    @Test(arguments: [
        (AttributeSet.learner, "readOnly", "A group of people, read-only here"),
        (.full, "readWrite", "A group of people"),
    ])
    func `groups are shown as what the connection may do with them`(
        set: AttributeSet,
        mutability: String,
        description: String
    ) throws {
        let (schema, type) = (documents(set).schema(.group), documents(set).resourceType(named: "Group"))

        #expect(try attribute("displayName", in: schema)["mutability"] == .string(mutability))
        #expect(try value(schema, "description") == .string(description))
        #expect(try value(type, "description") == .string(description))
    }

    @Test func `each attribute has the characteristics of the RFC`() throws {
        let user = documents(.full).schema(.user)

        #expect(
            try JSONValue.object(attribute("userName", in: user))
                == json(
                    #"""
                    {"name":"userName","type":"string","multiValued":false,
                    "description":"The name by which the person signs in, unique without regard to case",
                    "required":true,
                    "caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"server"}
                    """#
                )
        )
        #expect(
            try JSONValue.object(attribute("profileUrl", in: user))
                == json(
                    #"""
                    {"name":"profileUrl","type":"reference","multiValued":false,
                    "description":"A page about the person",
                    "required":false,"caseExact":true,"mutability":"readWrite","returned":"default",
                    "uniqueness":"none",
                    "referenceTypes":["external"]}
                    """#
                )
        )
        #expect(try attribute("active", in: user)["caseExact"] == nil)
        #expect(try attribute("password", in: user)["returned"] == .string("never"))
        #expect(try attribute("groups", in: user)["mutability"] == .string("readOnly"))
    }

    @Test(arguments: AttributeSet.allCases)
    func `every document has a location, holds no null, and leads to itself`(set: AttributeSet) throws {
        let documents = documents(set)
        let all: [(Discovery.Document?, String, String)] = [
            (documents.serviceProviderConfig, "ServiceProviderConfig", "/ServiceProviderConfig"),
            (documents.resourceType(named: "User"), "ResourceType", "/ResourceTypes/User"),
            (documents.resourceType(named: "Group"), "ResourceType", "/ResourceTypes/Group"),
            (documents.schema(.user), "Schema", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
            (documents.schema(.group), "Schema", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"),
            (
                documents.schema(.enterpriseUser), "Schema",
                "/Schemas/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
            ),
        ]
        for (document, type, path) in all {
            #expect(try value(document, "meta", "resourceType") == .string(type))
            #expect(try value(document, "meta", "location") == .string(prefix + path))
            #expect(!text(try #require(document).body).contains("null"))
        }
    }

    // MARK: - Entity tags

    @Test(arguments: AttributeSet.allCases)
    func `a document's tag is weak, is its version, and stays as long as it says the same`(set: AttributeSet)
        throws
    {
        for document in try single(set) {
            #expect(document.etag.utf8.count == 36)
            #expect(document.etag.hasPrefix("W/\"") && document.etag.hasSuffix("\""))
            #expect(try value(document, "meta", "version") == .string(document.etag))
        }
        #expect(try single(set).map(\.etag) == single(set).map(\.etag))
        #expect(documents(set).schemas.etag == documents(set).schemas.etag)
    }

    @Test func `what says something else has another tag`() throws {
        let lists = [AttributeSet.learner, .full].flatMap {
            [documents($0).schemas.etag, documents($0).resourceTypes.etag]
        }
        let elsewhere = documents(.full, "https://other.example/scim/v2").schemas.etag
        let singles = try single(.learner).map(\.etag)

        #expect(Set(lists + [elsewhere]).count == 5)
        #expect(Set(singles).count == singles.count)
    }

    private func single(_ set: AttributeSet) throws -> [Discovery.Document] {
        let documents = documents(set)
        let schemas = try Schema.all.map { try #require(documents.schema($0.uri)) }
        let types = try ResourceType.Name.allCases.map {
            try #require(documents.resourceType(named: $0.rawValue))
        }
        return schemas + types + [documents.serviceProviderConfig]
    }
}
