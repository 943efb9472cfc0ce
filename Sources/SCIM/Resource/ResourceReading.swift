extension Resource {
    /// What a body holds, and what of it was left out.
    package struct Reading: Sendable {
        /// The resource, typed by its schemas, not yet checked.
        package var resource: Resource
        /// Attributes that were dropped or unknown: names only.
        package var notes: [Note]
        /// What the body says of attributes that the service sets.
        package var readOnly: ReadOnlyValues

        /// A reading.
        package init(resource: Resource, notes: [Note], readOnly: ReadOnlyValues = .init()) {
            self.resource = resource
            self.notes = notes
            self.readOnly = readOnly
        }
    }

    /// Reads the body of a POST or PUT.
    ///
    /// ```
    /// {"schemas":[…],"userName":"…","active":"True","urn:…:enterprise:2.0:User":{"department":"…"}}
    /// ```
    /// Names are taken in any case and kept in the schema's. What is read-only (`id`, `meta`,
    /// `groups`, `schemas`) is passed over (RFC 7644 §3.5.1), and kept apart, so that a wish for
    /// another value can be noted; what the set does not hold, or no schema knows, is passed over and
    /// noted. So `schemas` may be missing or name what we do not
    /// have: Entra sends a URN of its own there.
    ///
    /// `members` becomes an edit of its own. A body that does not name them leaves them as they are: who read a group
    /// with `excludedAttributes=members` and puts it back does not mean to empty it. `null` and `[]` do.
    ///
    /// - Parameters:
    ///   - json: The body.
    ///   - type: User or Group.
    ///   - set: What the connection may write.
    ///   - isStored: Whether it is a document of ours, as ``AttributeReading/init(_:isStored:)`` has it.
    /// - Returns: What is kept, and what is not.
    /// - Throws: 400 `invalidSyntax` for what is no object or names an attribute twice,
    ///   `invalidValue` for a value of the wrong type.
    package static func reading(
        _ json: JSONValue,
        type: ResourceType.Name,
        set: AttributeSet,
        isStored: Bool = false
    ) throws(SCIMError) -> Reading {
        guard case .object(let body) = json else {
            throw SCIMError.badRequest(
                .invalidSyntax,
                "The body must be a JSON object that holds one resource."
            )
        }
        var values = AttributeReading(SchemaSet.of(type, set), isStored: isStored)
        var resource = Resource(type: type)
        resource.attributes.reserve(body.members.count)
        var hasExtension = false
        for member in body.members {
            if values.schemas.holdsMembers, AttributeName(member.name) == AttributeDefinition.members.name {
                guard resource.memberEdits.isEmpty else { throw SCIMError.namedTwice(member.name) }
                resource.memberEdits = [.replaceAll(try values.memberIDs(ofBody: member.value))]
                continue
            }
            guard type == .user, SchemaURI(member.name) == .enterpriseUser else {
                try values.read(member, .core, into: &resource.attributes)
                continue
            }
            guard !hasExtension else { throw SCIMError.namedTwice(SchemaURI.enterpriseUser.text) }
            hasExtension = true
            try values.readExtension(member.value, into: &resource.enterprise)
        }
        return Reading(resource: resource, notes: values.notes, readOnly: values.readOnly)
    }
}

extension AttributeReading {
    fileprivate mutating func readExtension(
        _ json: JSONValue,
        into values: inout ComplexValue
    ) throws(SCIMError) {
        guard !json.isNoValue else { return }
        guard case .object(let attributes) = json else {
            throw SCIMError.badRequest(
                .invalidValue,
                "The value of \(SchemaURI.enterpriseUser) must be an object that holds its attributes."
            )
        }
        values.reserve(attributes.members.count)
        for member in attributes.members { try read(member, .enterprise, into: &values) }
    }

    /// One member of a body, or of its extension.
    fileprivate mutating func read(
        _ member: JSONObject.Member,
        _ part: SchemaSet.Part,
        into values: inout ComplexValue
    ) throws(SCIMError) {
        guard let definition = schemas.definition(part, AttributeName(member.name)) else {
            if !member.value.isNoValue { note(.unknown, schemas.path(part, member.name)) }
            return
        }
        let found = SchemaSet.Found(part: part, definition: definition, subDefinition: nil)
        guard definition.isHeld(by: schemas.set) else {
            if !member.value.isNoValue { note(.dropped, found.path) }
            return
        }
        guard definition.mutability != .readOnly else {
            if !member.value.isNoValue { readOnly.keep(member.value, of: definition) }
            return
        }
        guard let value = try self.value(member.value, of: found) else { return }
        guard values[definition.name] == nil else { throw SCIMError.namedTwice(found.path) }
        values[definition.name] = value
    }
}

extension SchemaSet {
    /// A name that no schema knows, with the URN of the extension when it stood there.
    fileprivate func path(_ part: Part, _ name: String) -> String {
        part == .core ? name : "\(SchemaURI.enterpriseUser):\(name)"
    }
}
