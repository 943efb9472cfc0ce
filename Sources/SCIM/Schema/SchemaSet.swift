/// The schemas of one resource type as a connection sees them: resolves names.
package struct SchemaSet: Sendable {
    /// User or Group.
    package let type: ResourceType.Name
    /// What the connection may store and see.
    package let set: AttributeSet
    /// The core schema, whole.
    package let core: Schema
    /// The Enterprise User extension, whole; nil for groups.
    package let enterprise: Schema?

    /// The two places of a resource in which an attribute can be.
    package enum Part: Sendable, Hashable {
        /// Common attributes, and those of the core schema.
        case core
        /// Those under the URN of the Enterprise User extension.
        case enterprise
    }

    /// What a name means.
    package enum Lookup: Sendable {
        /// An attribute of the set.
        case known(Found)
        /// One that RFC 7643 knows and the set does not hold: it has no value here, and is not
        /// stored.
        case outsideSet(Found)
        /// No schema knows it.
        case unknown
    }

    /// An attribute that a schema defines.
    package struct Found: Sendable {
        /// Where in the resource it is.
        package let part: Part
        /// The attribute.
        package let definition: AttributeDefinition
        /// Its sub-attribute, when the name had one.
        package let subDefinition: AttributeDefinition?

        /// What is compared or written: the sub-attribute when there is one, else the attribute.
        package var innermost: AttributeDefinition { subDefinition ?? definition }
    }

    /// The schemas of that type for that set.
    package static func of(_ type: ResourceType.Name, _ set: AttributeSet) -> SchemaSet {
        switch type {
        case .user: SchemaSet(type: type, set: set, core: .user, enterprise: .enterpriseUser)
        case .group: SchemaSet(type: type, set: set, core: .group, enterprise: nil)
        }
    }

    /// What a name means, whatever its case.
    ///
    /// A name without a URI is one of the core schema or a common attribute. `manager` alone is the
    /// extension's: Entra documents paths and filters that leave its URN out.
    package func lookup(
        schema: SchemaURI? = nil,
        name: AttributeName,
        subAttribute: AttributeName? = nil
    ) -> Lookup {
        guard let (part, definition) = find(schema, name) else { return .unknown }
        guard let subAttribute else {
            let found = Found(part: part, definition: definition, subDefinition: nil)
            return definition.isHeld(by: set) ? .known(found) : .outsideSet(found)
        }
        guard let subDefinition = definition.subAttribute(subAttribute) else { return .unknown }
        let found = Found(part: part, definition: definition, subDefinition: subDefinition)
        return definition.isHeld(by: set) && subDefinition.isHeld(by: set)
            ? .known(found) : .outsideSet(found)
    }

    /// The attribute of that name in that part, in whatever set; nil when no schema knows it.
    package func definition(_ part: Part, _ name: AttributeName) -> AttributeDefinition? {
        switch part {
        case .core: core.attribute(name) ?? CommonAttributes.attribute(name)
        case .enterprise: enterprise?.attribute(name)
        }
    }

    /// Whether the connection may store and see that attribute.
    package func holds(_ part: Part, _ name: AttributeName) -> Bool {
        definition(part, name)?.isHeld(by: set) ?? false
    }

    /// Whether the connection may see and change who is in a group.
    package var holdsMembers: Bool {
        type == .group && AttributeDefinition.members.isHeld(by: set)
    }

    private func find(_ schema: SchemaURI?, _ name: AttributeName) -> (Part, AttributeDefinition)? {
        if schema == nil || schema == core.uri {
            if let definition = definition(.core, name) { return (.core, definition) }
        }
        if schema == .enterpriseUser || (schema == nil && name == "manager") {
            if let definition = definition(.enterprise, name) { return (.enterprise, definition) }
        }
        return nil
    }
}
