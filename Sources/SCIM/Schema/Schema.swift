/// Attribute definitions under one URI (RFC 7643 §7).
package struct Schema: Sendable {
    /// The URI that names the schema.
    package let uri: SchemaURI
    /// A name for people.
    package let name: String
    /// What the schema is for.
    package let description: String
    /// Its attributes.
    ///
    /// `id`, `externalId`, `meta` and `schemas` belong to every resource and are in no schema.
    package let attributes: [AttributeDefinition]
    /// The names of its attributes.
    let names: AttributeNames

    /// A schema of these attributes.
    package init(uri: SchemaURI, name: String, description: String, attributes: [AttributeDefinition]) {
        self.uri = uri
        self.name = name
        self.description = description
        self.attributes = attributes
        names = AttributeNames(of: attributes)
    }

    /// The attribute of that name, whatever its case and whatever the set.
    package func attribute(_ name: AttributeName) -> AttributeDefinition? {
        names.definition(name)
    }

    /// Whether a connection of that set may write resources of this schema: one of the learner set
    /// provisions users only, so it is shown every attribute of a group as read-only.
    package func isWritable(by set: AttributeSet) -> Bool {
        set == .full || uri != .group
    }

    /// The schemas of resources, in the order of discovery.
    package static let all: [Schema] = [.user, .enterpriseUser, .group]
}
