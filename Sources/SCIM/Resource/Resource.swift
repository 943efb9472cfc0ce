/// A resource as received or as edited: typed by its schemas, not yet checked (RFC 7643 §1.2).
///
/// Holds what a client may write: `id`, `meta`, `schemas` and other derived attributes are not in
/// it.
package struct Resource: Sendable, Equatable {
    /// User or Group.
    package let type: ResourceType.Name
    /// The core schema's attributes, and `externalId`.
    package var attributes: ComplexValue
    /// The attributes of the one extension we know, Enterprise User; empty for groups.
    package var enterprise: ComplexValue
    /// What is to become of a group's members, in order; empty leaves them as they are.
    ///
    /// `members` is not among the attributes.
    package var memberEdits: [MemberEdit] = []

    /// A resource of these attributes.
    package init(
        type: ResourceType.Name,
        attributes: ComplexValue = .init(),
        enterprise: ComplexValue = .init()
    ) {
        self.type = type
        self.attributes = attributes
        self.enterprise = enterprise
    }

    /// The `externalId` that the writing connection sees (RFC 7643 §3.1).
    package var externalID: String? {
        get { attributes.string("externalId") }
        set { attributes["externalId"] = newValue.map { .simple(.string($0)) } }
    }
}

/// The `id` of a resource: opaque, immutable, never used again (RFC 7643 §3.1).
package struct ResourceID: Sendable, CustomStringConvertible {
    /// The text on the wire; compared byte by byte.
    package let text: String

    /// Takes the text of an id.
    package init(_ text: String) {
        self.text = text
    }

    /// The text on the wire.
    package var description: String { text }
}

extension ResourceID: Hashable {
    /// Same bytes.
    package static func == (left: ResourceID, right: ResourceID) -> Bool {
        TextOrder.isSameBytes(left.text, right.text)
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// How often a resource was written, the number inside `W/"n"` (RFC 7644 §3.14).
package struct ResourceVersion: Sendable, Hashable {
    /// 1 for a new resource.
    package let number: Int64

    /// The n-th state of a resource.
    package init(_ number: Int64) {
        self.number = number
    }

    /// The version after one more write.
    package var next: ResourceVersion { ResourceVersion(number &+ 1) }

    /// The weak entity tag: `W/"3"`.
    package var etag: String { "W/\"\(number)\"" }
}
