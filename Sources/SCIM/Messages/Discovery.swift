/// What a client can learn of the service (RFC 7644 §4), true to the connection's attribute set.
///
/// Each document is one resource as JSON, with `meta` and without nulls. Its entity tag is a digest of
/// all that it says, and stands in `meta.version` too.
package struct Discovery {
    /// What the connection may store and see.
    let set: AttributeSet
    /// `https://host/scim/v2`: before every location.
    let locationPrefix: String
    /// What the service can do.
    private let features: ServiceFeatures
    /// Makes 16 bytes or more out of any: the same of the same, others of others.
    private let digest: ([UInt8]) -> [UInt8]

    /// An answer of a discovery endpoint.
    package struct Document: Sendable {
        /// JSON.
        package let body: [UInt8]
        /// The `ETag` field: `W/"9a0364b9e99bb480dd25e1f0284c8555"`.
        package let etag: String
    }

    /// The documents for one connection at one address.
    package init(
        set: AttributeSet,
        locationPrefix: String,
        features: ServiceFeatures = .current,
        digest: @escaping ([UInt8]) -> [UInt8]
    ) {
        self.set = set
        self.locationPrefix = locationPrefix
        self.features = features
        self.digest = digest
    }

    /// `/ServiceProviderConfig` (RFC 7643 §5).
    package var serviceProviderConfig: Document {
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"])
        json.member("documentationUri", Self.documentation)
        json.feature("patch", features.patch)
        json.feature(
            "bulk",
            features.bulk,
            [
                ("maxOperations", BulkLimits.operations), ("maxPayloadSize", BulkLimits.payloadBytes),
            ]
        )
        json.feature("filter", features.filter, [("maxResults", PageLimits.count)])
        json.feature("changePassword", features.changePassword)
        json.feature("sort", features.sort)
        json.feature("etag", features.etag)
        writeAuthenticationSchemes(&json)
        writePagination(&json)
        return ended(&json, "ServiceProviderConfig", "/ServiceProviderConfig")
    }

    /// `/ResourceTypes` (RFC 7643 §6): a list of all.
    package var resourceTypes: Document {
        list(ResourceType.Name.allCases.map { document(of: .named($0)) })
    }

    /// `/ResourceTypes/User`; nil for a name that there is not.
    package func resourceType(named name: String) -> Document? {
        ResourceType.Name(rawValue: name).map { document(of: .named($0)) }
    }

    /// `/Schemas` (RFC 7643 §7): a list of all.
    package var schemas: Document {
        list(Schema.all.map(document))
    }

    /// `/Schemas/urn:…`; nil for a URI that there is not.
    package func schema(_ uri: SchemaURI) -> Document? {
        Schema.all.first { $0.uri == uri }.map(document)
    }

    /// Help for people: the protocol as everybody finds it.
    ///
    /// The operator's own pages would serve better, and no setting names them.
    private static let documentation = "https://www.rfc-editor.org/rfc/rfc7644"
    /// How the token is sent.
    private static let tokenDocumentation = "https://www.rfc-editor.org/rfc/rfc6750#section-2.1"
}

// MARK: - The parts

extension Discovery {
    private func writeAuthenticationSchemes(_ json: inout JSONWriter) {
        json.name("authenticationSchemes")
        json.beginArray()
        json.beginObject()
        json.member("type", "oauthbearertoken")
        json.member("name", "Bearer token")
        json.member(
            "description",
            "The secret token of a connection, in the Authorization field of every request"
        )
        json.member("specUri", "https://www.rfc-editor.org/rfc/rfc6750")
        json.member("documentationUri", Self.tokenDocumentation)
        json.member("primary", true)
        json.endObject()
        json.endArray()
    }

    /// RFC 9865 §4.
    private func writePagination(_ json: inout JSONWriter) {
        json.name("pagination")
        json.beginObject()
        json.member("cursor", features.cursorPagination)
        json.member("index", features.indexPagination)
        json.member("defaultPaginationMethod", "index")
        json.member("defaultPageSize", PageLimits.defaultCount)
        json.member("maxPageSize", PageLimits.count)
        if features.cursorPagination { json.member("cursorTimeout", PageLimits.cursorSeconds) }
        json.endObject()
    }

    private func document(of type: ResourceType) -> Document {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"])
        json.member("id", type.name.rawValue)
        json.member("name", type.name.rawValue)
        json.member("endpoint", type.endpoint)
        json.member("description", description(of: type.coreSchema))
        json.member("schema", type.schema.text)
        if !type.extensions.isEmpty {
            json.name("schemaExtensions")
            json.beginArray()
            for uri in type.extensions {
                json.beginObject()
                json.member("schema", uri.text)
                json.member("required", false)
                json.endObject()
            }
            json.endArray()
        }
        return ended(&json, "ResourceType", "/ResourceTypes/\(type.name.rawValue)")
    }

    private func document(of schema: Schema) -> Document {
        var json = JSONWriter(capacity: 8_192)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:Schema"])
        json.member("id", schema.uri.text)
        json.member("name", schema.name)
        json.member("description", description(of: schema))
        json.name("attributes")
        json.definitions(schema.attributes, for: set, isWritable: schema.isWritable(by: set))
        return ended(&json, "Schema", "/Schemas/\(schema.uri)")
    }

    /// What a schema is for, and whether the connection may only read what follows it.
    private func description(of schema: Schema) -> String {
        schema.isWritable(by: set) ? schema.description : "\(schema.description), read-only here"
    }

    /// The document with its `meta`, whose last member is the tag of all before it.
    private func ended(_ json: inout JSONWriter, _ resourceType: String, _ path: String) -> Document {
        json.name("meta")
        json.beginObject()
        json.member("resourceType", resourceType)
        json.member("location", locationPrefix + path)
        let etag = etag(of: json.bytes)
        json.member("version", etag)
        json.endObject()
        json.endObject()
        return Document(body: json.bytes, etag: etag)
    }

    private func list(_ documents: [Document]) -> Document {
        let body = ListResponse.body(documents.map(\.body), totalResults: documents.count, startIndex: 1)
        return Document(body: body, etag: etag(of: body))
    }

    /// Weak, as all tags here (RFC 7644 §3.14): 128 bits of the digest, in hexadecimal.
    private func etag(of bytes: [UInt8]) -> String {
        let digits = digest(bytes).prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }
        return "W/\"\(digits.joined())\""
    }
}

extension JSONWriter {
    /// `"patch":{"supported":true}`, with limits where the RFC demands them.
    fileprivate mutating func feature(
        _ name: String,
        _ isSupported: Bool,
        _ limits: [(name: String, value: Int)] = []
    ) {
        self.name(name)
        beginObject()
        member("supported", isSupported)
        for limit in limits { member(limit.name, limit.value) }
        endObject()
    }
}
