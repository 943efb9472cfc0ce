package import SCIM
package import Tenancy

/// What a write makes of a resource that is there: the rules that all stores share.
package struct Revision: Sendable {
    /// What the resource becomes.
    package let resource: ValidatedResource
    /// Its new document.
    package let next: NextDocument

    /// The next state of a resource; nil when the write changes nothing, so that version and `lastModified` stay
    /// (RFC 7644 §3.5.2: "the resource's last modified date SHALL NOT change").
    ///
    /// - Parameters:
    ///   - current: The resource, derived for the viewer.
    ///   - resource: What the write gives; nil is no change.
    ///   - viewer: Who writes. An operator has no `externalId` to change.
    ///   - membersChanged: Whether members came or went: then it is a new version whatever the document says.
    ///   - now: When.
    package init?(
        of current: StoredResource,
        becoming resource: ValidatedResource?,
        by viewer: Viewer,
        membersChanged: Bool = false,
        now: Timestamp
    ) {
        guard let resource else { return nil }
        let keepsExternalID =
            viewer.connection == nil || Self.isSame(current.externalID, resource.externalID)
        let version = current.version.next
        let lastModified = max(now, current.created)
        let written = resource.document(
            id: current.id,
            version: version,
            created: current.created,
            lastModified: lastModified
        )
        // All but `meta`, which is the end of every document: one document is written for both questions.
        let isSame =
            written.bytes[..<written.splices.groups] == current.document[..<current.splices.groups]
        if keepsExternalID, !membersChanged, isSame { return nil }
        self.resource = resource
        self.next = NextDocument(version, lastModified, written)
    }

    /// The first state of a new resource.
    package init(creating resource: ValidatedResource, id: ResourceID, now: Timestamp) {
        let version = ResourceVersion(1)
        let written = resource.document(id: id, version: version, created: now, lastModified: now)
        self.resource = resource
        self.next = NextDocument(version, now, written)
    }

    /// A state of a resource that was written before, elsewhere.
    package init(reinstating archived: ArchivedResource) {
        let (version, lastModified) = (archived.version, archived.lastModified)
        let written = archived.resource.document(
            id: archived.id,
            version: version,
            created: archived.created,
            lastModified: lastModified
        )
        self.resource = archived.resource
        self.next = NextDocument(version, lastModified, written)
    }

    /// The next state of a resource that was deleted, and that changes in nothing but its version.
    package init(restoring deleted: StoredResource, now: Timestamp) throws(SCIMError) {
        let resource = try deleted.resource()
        // Its own values are those that were there before: nothing of it is refused.
        self.resource = try Validation.validate(
            resource,
            set: deleted.writtenSet,
            keeping: deleted.writtenSet,
            existing: resource
        )
        next = NextDocument(touching: deleted, now: now)
    }

    /// The resource as it now is, with what is derived for the viewer.
    package func stored(
        id: ResourceID,
        created: Timestamp,
        externalID: String?,
        groups: [GroupReference],
        members: [MemberReference]? = nil,
        managerReference: ManagerReference?
    ) -> StoredResource {
        StoredResource(
            type: resource.resource.type,
            id: id,
            version: next.version,
            created: created,
            lastModified: next.lastModified,
            document: next.bytes,
            splices: next.splices,
            writtenSet: resource.attributeSet,
            externalID: externalID,
            groups: groups,
            members: members,
            managerReference: managerReference
        )
    }

    /// Whether both are nothing, or the same bytes.
    package static func isSame(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): TextOrder.isSameBytes(left, right)
        default: false
        }
    }
}

/// The document of a resource's next version.
package struct NextDocument: Sendable {
    /// The new version.
    package let version: ResourceVersion
    /// When it was written, never before it was made.
    package let lastModified: Timestamp
    /// The document.
    package let bytes: [UInt8]
    /// Where the derived attributes go.
    package let splices: DocumentSplices

    fileprivate init(
        _ version: ResourceVersion,
        _ lastModified: Timestamp,
        _ written: (bytes: [UInt8], splices: DocumentSplices)
    ) {
        self.version = version
        self.lastModified = lastModified
        self.bytes = written.bytes
        self.splices = written.splices
    }

    /// The next version of a group from which a member has gone because it was deleted: nothing else changes.
    package init(touching current: StoredResource, now: Timestamp) {
        let lastModified = max(now, current.created)
        let version = current.version.next
        self.init(version, lastModified, current.nextDocument(version: version, lastModified: lastModified))
    }
}

extension ValidatedResource {
    /// What others show of the resource: a group's `displayName`, a learner's name as manager.
    ///
    /// Not folded.
    package var shownName: String? {
        switch resource.type {
        case .user: lookups.nameAsManager
        case .group: resource.attributes.string("displayName")
        }
    }
}

extension TargetGroup {
    /// The group as a SCIM resource: a `displayName`, no more, in every attribute set.
    ///
    /// - Throws: `.refused` for a name that is no `displayName`.
    package func validated() throws(StoreError) -> ValidatedResource {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string(displayName))
        do throws(SCIMError) {
            return try Validation.validate(group, set: .learner)
        } catch {
            throw StoreError.refused(error)
        }
    }
}
