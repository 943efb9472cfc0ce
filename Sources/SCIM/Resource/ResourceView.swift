/// A whole resource as its reader sees it: what filters compare and projections pick from.
///
/// Unlike ``Resource`` it holds what is derived, too: `schemas`, `id`, `groups`, `meta`,
/// `manager.$ref` and `manager.displayName`. Dates are RFC 3339 text.
package struct ResourceView: Sendable {
    /// User or Group.
    package let type: ResourceType.Name
    /// Common attributes, and those of the core schema, in the order of the document.
    package var core: ComplexValue
    /// The attributes of the Enterprise User extension.
    package var enterprise: ComplexValue

    /// A view of these attributes.
    package init(type: ResourceType.Name, core: ComplexValue, enterprise: ComplexValue = .init()) {
        self.type = type
        self.core = core
        self.enterprise = enterprise
    }

    /// The value of a top-level attribute.
    package subscript(part: SchemaSet.Part, name: AttributeName) -> AttributeValue? {
        switch part {
        case .core: core[name]
        case .enterprise: enterprise[name]
        }
    }
}
