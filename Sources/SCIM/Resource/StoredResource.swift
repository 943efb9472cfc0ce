/// A resource as a store gives it: the canonical document, and what is derived for the connection
/// that asks.
///
/// `document` is the JSON that clients wrote plus `schemas`, `id` and `meta`; derived attributes
/// are spliced in by ``StoredResource/rendered(locationPrefix:)`` without parsing it.
package struct StoredResource: Sendable {
    /// User or Group.
    package let type: ResourceType.Name
    /// The resource's id.
    package let id: ResourceID
    /// How often it was written.
    package let version: ResourceVersion
    /// When it was made.
    package let created: Timestamp
    /// When it was last written.
    package let lastModified: Timestamp
    /// Canonical JSON, without the derived attributes.
    package private(set) var document: [UInt8]
    /// Where the derived attributes go.
    package let splices: DocumentSplices
    /// The attribute set that the document was written with.
    package let writtenSet: AttributeSet
    /// The `externalId` of the asking connection.
    package private(set) var externalID: String?
    /// The groups that the user is in (read-only; RFC 7643 §4.1.2).
    package let groups: [GroupReference]
    /// Who is in the group, as far as was demanded; nil when they were not read.
    package private(set) var members: [MemberReference]?
    /// Who `manager.value` names, when that is a learner of this tenant.
    package let managerReference: ManagerReference?

    /// A stored resource with all that is derived for one connection.
    package init(
        type: ResourceType.Name,
        id: ResourceID,
        version: ResourceVersion,
        created: Timestamp,
        lastModified: Timestamp,
        document: [UInt8],
        splices: DocumentSplices,
        writtenSet: AttributeSet,
        externalID: String?,
        groups: [GroupReference],
        members: [MemberReference]? = nil,
        managerReference: ManagerReference?
    ) {
        self.type = type
        self.id = id
        self.version = version
        self.created = created
        self.lastModified = lastModified
        self.document = document
        self.splices = splices
        self.writtenSet = writtenSet
        self.externalID = externalID
        self.groups = groups
        self.members = members
        self.managerReference = managerReference
    }
}

extension StoredResource {
    /// The same resource, whose document takes no more memory than it has bytes: one that was just written has room for
    /// about twice as many.
    package var withoutSpareRoom: StoredResource {
        var resource = self
        // A copy that is told its size: one of the whole of an array would be the same array.
        resource.document = []
        resource.document.reserveCapacity(document.count)
        resource.document += document
        return resource
    }

    /// The same resource, with these members.
    package func showing(_ members: [MemberReference]?) -> StoredResource {
        var resource = self
        resource.members = members
        return resource
    }

    /// The same resource, under a connection's name for it.
    package func named(_ externalID: String?) -> StoredResource {
        var resource = self
        resource.externalID = externalID
        return resource
    }
}

/// A group that a user is in: `{"value": id, "display": displayName}` plus `$ref` and `type`.
package struct GroupReference: Sendable, Equatable {
    /// The group's id.
    package let id: ResourceID
    /// The group's `displayName`.
    package let display: String
    /// Whether the user itself is a member, and not only a group that it is in.
    package let isDirect: Bool

    /// One membership.
    package init(id: ResourceID, display: String, isDirect: Bool = true) {
        self.id = id
        self.display = display
        self.isDirect = isDirect
    }

    /// The word of `groups.type` (RFC 7643 §4.1.2).
    var type: String { isDirect ? "direct" : "indirect" }
}

/// The learner that `manager.value` names: gives `manager.$ref` and `manager.displayName` (RFC 7643
/// §4.3).
package struct ManagerReference: Sendable, Equatable {
    /// The manager's id.
    package let id: ResourceID
    /// givenName familyName, else userName.
    package let displayName: String

    /// A manager who is known.
    package init(id: ResourceID, displayName: String) {
        self.id = id
        self.displayName = displayName
    }
}

/// Byte offsets in a canonical document at which derived attributes are inserted.
///
/// ```
/// {"schemas":[…],"id":"…",▲externalId "userName":…,
/// "urn:…:User":{"manager":{"value":"…"▲manager}},▲groups"meta":{…▲location}}
/// ```
package struct DocumentSplices: Sendable, Equatable {
    /// Where `"externalId":"…",` goes.
    package let externalID: Int
    /// Where `,"$ref":"…","displayName":"…"` goes; nil without a manager.
    package let manager: Int?
    /// Where `"groups":[…],` goes.
    package let groups: Int
    /// Where `,"location":"…"` goes.
    package let location: Int

    /// Offsets from the start of the document, in bytes, ascending in the order above.
    package init(externalID: Int, manager: Int?, groups: Int, location: Int) {
        self.externalID = externalID
        self.manager = manager
        self.groups = groups
        self.location = location
    }
}
