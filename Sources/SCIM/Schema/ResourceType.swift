/// What kinds of resource there are, and where they live (RFC 7643 §6).
package struct ResourceType: Sendable {
    /// User or Group.
    package let name: Name
    /// The core schema.
    package let schema: SchemaURI
    /// The extensions, none of them required.
    package let extensions: [SchemaURI]

    /// The name of a resource type, as in `meta.resourceType`.
    package enum Name: String, Sendable, CaseIterable {
        /// A learner.
        case user = "User"
        /// A group.
        case group = "Group"
    }

    /// The path below the base, such as `/Users`.
    package var endpoint: String {
        switch name {
        case .user: "/Users"
        case .group: "/Groups"
        }
    }

    /// The User resource type with the enterprise extension.
    package static let user = ResourceType(name: .user, schema: .user, extensions: [.enterpriseUser])
    /// The Group resource type.
    package static let group = ResourceType(name: .group, schema: .group, extensions: [])

    /// The resource type of that name.
    package static func named(_ name: Name) -> ResourceType {
        switch name {
        case .user: .user
        case .group: .group
        }
    }
}

/// What a connection may store and see.
package enum AttributeSet: String, Sendable, CaseIterable {
    /// The article's ten attributes, and `externalId`.
    case learner
    /// All of RFC 7643 User, EnterpriseUser and Group.
    case full
}
