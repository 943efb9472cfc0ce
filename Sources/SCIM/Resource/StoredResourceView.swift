/// The way out through the parsed document: for PATCH, filters, projections, and a narrower set
/// than the document's.
extension StoredResource {
    /// What clients wrote: what a PATCH edits and a PUT compares.
    ///
    /// With the asking connection's `externalId`.
    ///
    /// - Throws: 500 when the stored document is not what we wrote: a damaged file.
    package func resource() throws(SCIMError) -> Resource {
        guard var resource = parsedDocument() else {
            throw SCIMError(status: 500, kind: nil, detail: "The stored resource cannot be read.")
        }
        resource.externalID = externalID
        return resource
    }

    /// The whole resource with what is derived, for filters and projections.
    ///
    /// A document that cannot be read (a damaged file) has no attributes here but `id` and what
    /// else the row knows: a search must not end at one bad row. ``resource()`` refuses it, so
    /// nothing is written over it.
    package func view(locationPrefix: String) -> ResourceView {
        let resource = parsedDocument() ?? Resource(type: type)
        var core = ComplexValue()
        core["schemas"] = .multiValued(resource.schemaURIs.map { .simple(.string($0)) })
        core["id"] = .simple(.string(id.text))
        core["externalId"] = externalID.map { .simple(.string($0)) }
        for entry in resource.attributes.entries { core[entry.name] = entry.value }
        if !groups.isEmpty { core["groups"] = groups.value(locationPrefix) }
        if let members, !members.isEmpty { core["members"] = members.value(locationPrefix) }
        core["meta"] = .complex(meta(locationPrefix))

        var enterprise = resource.enterprise
        if var manager = enterprise.complex("manager"), !manager.isEmpty, let managerReference {
            for entry in managerReference.derived(locationPrefix).entries {
                manager[entry.name] = entry.value
            }
            enterprise["manager"] = .complex(manager)
        }
        return ResourceView(type: type, core: core, enterprise: enterprise)
    }

    /// The resource as JSON, no more of it than the projection asks for and the set holds.
    ///
    /// With an empty projection and a set not narrower than the document's these are the bytes of
    /// ``rendered(locationPrefix:)``, and come from there.
    package func rendered(locationPrefix: String, projection: Projection, set: AttributeSet) -> [UInt8] {
        guard !projection.isEmpty || isWider(than: set) else {
            return rendered(locationPrefix: locationPrefix)
        }
        return renderedByParsing(locationPrefix: locationPrefix, projection: projection, set: set)
    }

    /// The parsed path, taken in any case.
    func renderedByParsing(locationPrefix: String, projection: Projection, set: AttributeSet) -> [UInt8] {
        var view = view(locationPrefix: locationPrefix)
        if isWider(than: set) { view.narrow(to: set) }
        return projection.applied(to: view).json
    }

    private func isWider(than set: AttributeSet) -> Bool {
        writtenSet == .full && set == .learner
    }

    private func parsedDocument() -> Resource? {
        if type == .user, let learner = StoredDocumentReader.learner(document) { return learner }
        return parsedAsTree()
    }

    /// The same by the rules of bodies, whatever the document's form.
    func parsedAsTree() -> Resource? {
        do {
            // The full set: the document holds what its own set let in, which may be more than the reader's.
            let json = try JSONReader.read(document)
            return try Resource.reading(json, type: type, set: .full, isStored: true).resource
        } catch {
            // We wrote these bytes ourselves: whatever is wrong with them, they cannot be used.
            return nil
        }
    }

    private func meta(_ locationPrefix: String) -> ComplexValue {
        var meta = ComplexValue()
        meta["resourceType"] = .simple(.string(type.rawValue))
        meta["created"] = .simple(.string(created.rfc3339))
        meta["lastModified"] = .simple(.string(lastModified.rfc3339))
        meta["version"] = .simple(.string(version.etag))
        meta["location"] = .simple(.string(location(locationPrefix)))
        return meta
    }
}

extension ResourceView {
    /// Takes out what a connection of that set does not see.
    mutating func narrow(to set: AttributeSet) {
        let schemas = SchemaSet.of(type, set)
        core = core.filtered { name, sub in schemas.isSeen(.core, name, sub) }
        enterprise = enterprise.filtered { name, sub in schemas.isSeen(.enterprise, name, sub) }
        nameSchemas()
    }

    /// Makes `schemas` name those of the attributes that are there, after some were taken out (RFC
    /// 7643 §3).
    mutating func nameSchemas() {
        guard core["schemas"] != nil else { return }
        let resource = Resource(type: type, enterprise: enterprise)
        core["schemas"] = .multiValued(resource.schemaURIs.map { .simple(.string($0)) })
    }

    /// The resource as JSON, in the order of a stored document: the extension stands before
    /// `groups` and `meta`.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        for entry in core.entries where !Self.isLast(entry.name) {
            json.name(entry.name.text)
            json.value(entry.value)
        }
        if !enterprise.isEmpty {
            json.name(SchemaURI.enterpriseUser.text)
            json.value(.complex(enterprise))
        }
        for entry in core.entries where Self.isLast(entry.name) {
            json.name(entry.name.text)
            json.value(entry.value)
        }
        json.endObject()
        return json.bytes
    }

    private static func isLast(_ name: AttributeName) -> Bool {
        name == "groups" || name == "members" || name == "meta"
    }
}

extension SchemaSet {
    /// Whether the set holds an attribute, or the sub-attribute of it when there is one.
    fileprivate func isSeen(_ part: Part, _ name: AttributeName, _ subAttribute: AttributeName?) -> Bool {
        guard let definition = definition(part, name), definition.isHeld(by: set) else { return false }
        guard let subAttribute else { return true }
        return definition.subAttribute(subAttribute)?.isHeld(by: set) ?? false
    }
}

extension ComplexValue {
    /// The attributes, and sub-attributes, for which the condition holds.
    ///
    /// What loses all its parts goes with them.
    func filtered(by isKept: (AttributeName, AttributeName?) -> Bool) -> ComplexValue {
        var result = ComplexValue()
        for entry in entries where isKept(entry.name, nil) {
            result[entry.name] = entry.value.filtered { isKept(entry.name, $0) }
        }
        return result
    }
}

extension AttributeValue {
    /// The value without the sub-attributes for which the condition does not hold; nil when nothing
    /// is left.
    func filtered(by isKept: (AttributeName) -> Bool) -> AttributeValue? {
        switch self {
        case .simple: return self
        case .complex(let values):
            let kept = values.filtered { name, _ in isKept(name) }
            return kept.isEmpty ? nil : .complex(kept)
        case .multiValued(let elements):
            let kept = elements.compactMap { $0.filtered(by: isKept) }
            return kept.isEmpty ? nil : .multiValued(kept)
        }
    }
}
