/// Checks a resource against its schemas and its attribute set (RFC 7643 §7, and the rules of the
/// learner set).
package enum Validation {
    /// The resource, fit to be stored.
    ///
    /// - Parameters:
    ///   - resource: As received, or as a PATCH left it.
    ///   - set: The writing connection's set, whose rules hold.
    ///   - writtenSet: The set of the document that is replaced, if there is one: what a full
    ///     connection wrote stays in the document when a learner connection changes the rest.
    ///   - existing: The resource that is replaced. A value that was there before is not refused: a
    ///     learner connection can switch off a user whom a full connection gave a `userName` that
    ///     is no e-mail address.
    /// - Returns: The same resource, known to be fit.
    /// - Throws: 400 `invalidValue`, naming the attribute.
    package static func validate(
        _ resource: Resource,
        set: AttributeSet,
        keeping writtenSet: AttributeSet = .learner,
        existing: Resource? = nil
    ) throws(SCIMError) -> ValidatedResource {
        try requireRequired(ResourceType.named(resource.type).coreSchema.attributes, in: resource.attributes)
        if !resource.enterprise.isEmpty {
            try requireRequired(Schema.enterpriseUser.attributes, in: resource.enterprise)
        }
        try requireOnePrimary(resource.attributes)
        if set == .learner { try requireLearnerRules(resource, existing) }
        return ValidatedResource(resource, attributeSet: set == .full ? .full : writtenSet)
    }

    /// Each required attribute, and each required part of a value that is there.
    static func requireRequired(
        _ definitions: [AttributeDefinition],
        in values: ComplexValue,
        _ path: String = ""
    ) throws(SCIMError) {
        for definition in definitions where definition.demandsValue {
            guard let value = values[definition.name] else {
                guard definition.isRequired else { continue }
                throw SCIMError.badRequest(
                    .invalidValue,
                    "\(path)\(definition.name) is required and has no value. "
                        + "Map an attribute that is never empty to it."
                )
            }
            for case .complex(let parts) in value.elements {
                try requireRequired(definition.subAttributes, in: parts, "\(definition.name).")
            }
        }
    }

    /// RFC 7643 §2.4: `primary` is true at most once.
    private static func requireOnePrimary(_ attributes: ComplexValue) throws(SCIMError) {
        for entry in attributes.entries {
            guard case .multiValued(let elements) = entry.value else { continue }
            let primaries = elements.count { element in
                if case .complex(let value) = element { value.boolean("primary") ?? false } else { false }
            }
            guard primaries <= 1 else {
                throw SCIMError.badRequest(
                    .invalidValue,
                    "\(entry.name) has more than one primary value (RFC 7643 section 2.4). Mark one only."
                )
            }
        }
    }
}

// MARK: - The learner set

extension Validation {
    private static func requireLearnerRules(_ resource: Resource, _ existing: Resource?) throws(SCIMError) {
        let schemas = SchemaSet.of(resource.type, .learner)
        let core = resource.attributes
        for place in core.entries.indices {
            if let existing, core.isSame(at: place, in: existing.attributes) { continue }
            let entry = core.entries[place]
            guard schemas.holds(.core, entry.name) else { continue }
            if resource.type == .user, entry.name == "userName" {
                try requireEmailAddress(entry.value)
            } else {
                try requireShort(entry.value, entry.name.text)
            }
        }
        let enterprise = resource.enterprise
        for place in enterprise.entries.indices {
            if let existing, enterprise.isSame(at: place, in: existing.enterprise) { continue }
            let entry = enterprise.entries[place]
            guard schemas.holds(.enterprise, entry.name) else { continue }
            try requireShort(entry.value, entry.name.text)
        }
    }

    private static func requireEmailAddress(_ value: AttributeValue) throws(SCIMError) {
        guard case .simple(.string(let text)) = value, EmailAddress.isValid(text) else {
            throw SCIMError.badRequest(
                .invalidValue,
                "userName must be an e-mail address: one @, text on both sides, no white space, no "
                    + "double quotes. Map the attribute that holds the sign-in address (Microsoft "
                    + "Entra: userPrincipalName) to userName."
            )
        }
        guard text.utf8.count <= LearnerLimits.userNameBytes else {
            throw tooLong("userName", LearnerLimits.userNameBytes)
        }
    }

    /// Every string in the value, however deep.
    private static func requireShort(_ value: AttributeValue, _ path: String) throws(SCIMError) {
        switch value {
        case .simple(.string(let text)):
            guard text.utf8.count <= LearnerLimits.stringBytes else {
                throw tooLong(path, LearnerLimits.stringBytes)
            }
        case .simple: break
        case .complex(let values):
            for entry in values.entries { try requireShort(entry.value, "\(path).\(entry.name)") }
        case .multiValued(let elements):
            for element in elements { try requireShort(element, path) }
        }
    }

    private static func tooLong(_ path: String, _ bytes: Int) -> SCIMError {
        .badRequest(
            .invalidValue,
            "The value of \(path) is longer than \(bytes) bytes of UTF-8. Shorten it at its source."
        )
    }
}

extension ResourceType {
    /// The core schema's definitions.
    package var coreSchema: Schema {
        switch name {
        case .user: .user
        case .group: .group
        }
    }
}
