/// A resource that obeys its schemas and its attribute set: what a store takes.
///
/// Only ``Validation`` makes one.
package struct ValidatedResource: Sendable {
    /// The resource without its `externalId`, which is the connection's, and without what is to become of its members.
    package let resource: Resource
    /// The `externalId` that the writing connection gives it; nil removes the one that it gave.
    package let externalID: String?
    /// The set that the stored document is of: the wider one of the writing connection's and the
    /// document's before.
    package let attributeSet: AttributeSet
    /// What a store keeps in columns of their own.
    package let lookups: Lookups
    /// What is to become of a group's members, in order.
    package let memberEdits: [MemberEdit]

    /// Keeps what ``Validation`` has checked.
    init(_ resource: Resource, attributeSet: AttributeSet) {
        var document = resource
        document.externalID = nil
        document.memberEdits = []
        self.resource = document
        self.externalID = resource.externalID
        self.attributeSet = attributeSet
        self.lookups = Lookups(document)
        self.memberEdits = resource.memberEdits
    }
}

extension ValidatedResource {
    /// The canonical document, and where the derived attributes go.
    ///
    /// ```
    /// {"schemas":[…],"id":"…",▲"userName":"…",…,"urn:…:User":{…,"manager":{"value":"…"▲}},
    /// ▲"meta":{"resourceType":"User","created":"…","lastModified":"…","version":"W/\"1\""▲}}
    /// ```
    package func document(
        id: ResourceID,
        version: ResourceVersion,
        created: Timestamp,
        lastModified: Timestamp
    ) -> (bytes: [UInt8], splices: DocumentSplices) {
        // A learner has about 1.1 KiB: to grow once is a second allocation, and a copy.
        var json = JSONWriter(capacity: 2_048)
        json.beginObject()
        json.member("schemas", strings: resource.schemaURIs)
        json.member("id", id.text)
        json.raw(",")
        let externalID = json.bytes.count

        json.members(of: resource.attributes)
        let manager = writeExtension(&json)
        json.raw(",")
        let groups = json.bytes.count

        let location = json.endOfDocument(resource.type, version, created, lastModified)
        return (
            json.bytes,
            DocumentSplices(externalID: externalID, manager: manager, groups: groups, location: location)
        )
    }

    /// Writes the extension; gives where the manager's derived attributes go.
    private func writeExtension(_ json: inout JSONWriter) -> Int? {
        guard !resource.enterprise.isEmpty else { return nil }
        var splice: Int?
        json.name(SchemaURI.enterpriseUser.text)
        json.beginObject()
        for entry in resource.enterprise.entries {
            json.name(entry.name.text)
            json.value(entry.value)
            if entry.name == "manager", !(resource.enterprise.complex("manager")?.isEmpty ?? true) {
                splice = json.bytes.count - 1
            }
        }
        json.endObject()
        return splice
    }
}

extension Resource {
    /// The URIs of the schemas that have a value here: the core one always.
    package var schemaURIs: [String] {
        let core = ResourceType.named(type).schema.text
        return enterprise.isEmpty ? [core] : [core, SchemaURI.enterpriseUser.text]
    }
}

extension StoredResource {
    /// The document of another version, when nothing else of it changes.
    ///
    /// No JSON is parsed: `meta` is the end of every document.
    package func nextDocument(
        version: ResourceVersion,
        lastModified: Timestamp
    ) -> (bytes: [UInt8], splices: DocumentSplices) {
        var json = JSONWriter(capacity: document.count + 16)
        json.raw(document[..<splices.groups])
        let location = json.endOfDocument(type, version, created, lastModified)
        let splices = DocumentSplices(
            externalID: splices.externalID,
            manager: splices.manager,
            groups: splices.groups,
            location: location
        )
        return (json.bytes, splices)
    }
}

extension JSONWriter {
    /// `"meta":{…}}`: the end of a document; gives where the location goes.
    fileprivate mutating func endOfDocument(
        _ type: ResourceType.Name,
        _ version: ResourceVersion,
        _ created: Timestamp,
        _ lastModified: Timestamp
    ) -> Int {
        name("meta")
        beginObject()
        member("resourceType", type.rawValue)
        name("created")
        timestamp(created)
        name("lastModified")
        timestamp(lastModified)
        member("version", version.etag)
        let location = bytes.count
        endObject()
        endObject()
        return location
    }

    /// The attributes as members of the object that is open.
    mutating func members(of values: ComplexValue) {
        for entry in values.entries {
            name(entry.name.text)
            value(entry.value)
        }
    }

    /// One attribute value.
    mutating func value(_ value: AttributeValue) {
        switch value {
        case .simple(.boolean(let value)): boolean(value)
        case .simple(.number(let number)): self.value(.number(number))
        case .simple(.string(let text)): string(text)
        case .complex(let values):
            beginObject()
            members(of: values)
            endObject()
        case .multiValued(let values):
            beginArray()
            for element in values { self.value(element) }
            endArray()
        }
    }
}
