/// What a client can learn of the service (RFC 7644 §4), true to the connection's attribute set.
///
/// Each document is one resource as JSON bytes, with `meta` and without nulls.
package struct Discovery: Sendable {
    /// What the connection may store and see.
    let set: AttributeSet
    /// `https://host/scim/v2`: before every location.
    let locationPrefix: String
    /// What the service can do.
    private let features: ServiceFeatures

    /// The documents for one connection at one address.
    package init(set: AttributeSet, locationPrefix: String, features: ServiceFeatures = .current) {
        self.set = set
        self.locationPrefix = locationPrefix
        self.features = features
    }

    /// `/ServiceProviderConfig` (RFC 7643 §5).
    package var serviceProviderConfig: [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"])
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
        json.meta("ServiceProviderConfig", "\(locationPrefix)/ServiceProviderConfig")
        json.endObject()
        return json.bytes
    }

    /// `/ResourceTypes` (RFC 7643 §6): a list of all.
    package var resourceTypes: [UInt8] {
        let documents = ResourceType.Name.allCases.map { document(of: .named($0)) }
        return ListResponse.body(documents, totalResults: documents.count, startIndex: 1)
    }

    /// `/ResourceTypes/User`; nil for a name that there is not.
    package func resourceType(named name: String) -> [UInt8]? {
        ResourceType.Name(rawValue: name).map { document(of: .named($0)) }
    }

    /// `/Schemas` (RFC 7643 §7): a list of all.
    package var schemas: [UInt8] {
        let documents = Schema.all.map(document)
        return ListResponse.body(documents, totalResults: documents.count, startIndex: 1)
    }

    /// `/Schemas/urn:…`; nil for a URI that there is not.
    package func schema(_ uri: SchemaURI) -> [UInt8]? {
        Schema.all.first { $0.uri == uri }.map(document)
    }
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

    private func document(of type: ResourceType) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"])
        json.member("id", type.name.rawValue)
        json.member("name", type.name.rawValue)
        json.member("endpoint", type.endpoint)
        json.member("description", type.coreSchema.description)
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
        json.meta("ResourceType", "\(locationPrefix)/ResourceTypes/\(type.name.rawValue)")
        json.endObject()
        return json.bytes
    }

    private func document(of schema: Schema) -> [UInt8] {
        var json = JSONWriter(capacity: 8_192)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:schemas:core:2.0:Schema"])
        json.member("id", schema.uri.text)
        json.member("name", schema.name)
        json.member("description", schema.description)
        json.name("attributes")
        json.definitions(schema.attributes, for: set, isWritable: schema.isWritable(by: set))
        json.meta("Schema", "\(locationPrefix)/Schemas/\(schema.uri)")
        json.endObject()
        return json.bytes
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

    fileprivate mutating func meta(_ resourceType: String, _ location: String) {
        name("meta")
        beginObject()
        member("resourceType", resourceType)
        member("location", location)
        endObject()
    }
}
