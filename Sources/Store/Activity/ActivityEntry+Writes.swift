package import SCIM
package import Tenancy

extension ActivityEntry {
    /// The entry of a creation; nil when nobody asked for one.
    ///
    /// `names` is how the person is named, and `now` tells the time at which it is made.
    package init?(
        _ creation: Creation,
        made id: ResourceID,
        isAssociated: Bool,
        names: NameHashing.Names? = nil,
        now: () -> Timestamp
    ) {
        guard let origin = creation.origin else { return nil }
        let resource = creation.resource.resource
        let kind: ActivityKind =
            switch resource.type {
            case .user: isAssociated ? .userAssociated : .userCreated
            case .group: .groupCreated
            }
        self.init(kind, at: creation.now, by: origin)
        self.resource = Subject(resource.type, id)
        changed = ChangedAttributes.paths(of: creation.resource)
        notes = creation.notes.map(\.activityText)
        name(creation.resource, names)
        if let answer = creation.answer { awaited(answer, 201, now) }
    }

    /// The entry of a change that was stored; nil when nobody asked for one.
    ///
    /// `hasMembers` tells whether the members of a group come along with the answer.
    package init?(
        _ change: Change,
        deciding decision: Change.Decision,
        owner: Connection.ID?,
        for viewer: Viewer,
        hasMembers: Bool,
        names: NameHashing.Names? = nil,
        now: () -> Timestamp
    ) {
        guard let origin = change.origin else { return nil }
        self.init(decision.kind(of: change.type), at: change.now, by: origin)
        resource = Subject(change.type, change.id)
        changed = decision.changed
        notes = (change.notes + decision.notes).map(\.activityText)
        if let resource = decision.resource { name(resource, names) }
        note(owner: owner, for: viewer)
        if let answer = change.answer {
            awaited(answer, answer.status(ofChanged: change.type, hasMembers: hasMembers), now)
        }
    }

    /// The entry of a deletion; nil when nobody asked for one.
    ///
    /// `stored` is what goes, and `names` is how the person is named.
    package init?(
        _ deletion: Deletion,
        of stored: StoredResource,
        owner: Connection.ID?,
        for viewer: Viewer,
        names: NameHashing.Names? = nil,
        now: () -> Timestamp
    ) {
        guard let origin = deletion.origin else { return nil }
        self.init(deletion.type == .user ? .userDeleted : .groupDeleted, at: deletion.now, by: origin)
        resource = Subject(deletion.type, deletion.id)
        if deletion.type == .user {
            // A document that cannot be read names nobody, and must not stay for that.
            userName = names.flatMap { $0.userName(try? stored.resource().attributes.string("userName")) }
            externalID = names?.externalID(stored.externalID)
        }
        note(owner: owner, for: viewer)
        if let answer = deletion.answer { awaited(answer, 204, now) }
    }

    /// Names a user by words; a group is nobody.
    private mutating func name(_ resource: ValidatedResource, _ names: NameHashing.Names?) {
        guard resource.resource.type == .user else { return }
        userName = names?.userName(resource.lookups.userName)
        externalID = names?.externalID(resource.externalID)
    }

    /// Tells of the answer what is known: the transaction may still fail, and then there is no entry either.
    private mutating func awaited(_ answer: AwaitedAnswer, _ status: Int, _ now: () -> Timestamp) {
        self.status = status
        milliseconds = answer.milliseconds(until: now())
    }

    /// Says whose resource it was, when it is not the writer's own.
    private mutating func note(owner: Connection.ID?, for viewer: Viewer) {
        guard let owner, let writer = viewer.connection, owner != writer else { return }
        reason = "other_connection"
        explanation =
            "Connection \(owner) manages this resource; the tenant's overlap lets the last writer win."
    }
}

extension Change.Decision {
    /// What the change is called.
    package func kind(of type: ResourceType.Name) -> ActivityKind {
        guard type == .user else { return .groupUpdated }
        guard let resource, changed.contains("active") else { return .userUpdated }
        return resource.resource.attributes["active"] == .simple(.boolean(false))
            ? .userDeactivated : .userReactivated
    }
}

extension Note {
    /// The note in an entry of the activity: `dropped title`.
    package var activityText: String {
        switch kind {
        case .dropped: "dropped \(attribute)"
        case .unknown: "unknown \(attribute)"
        case .alreadySo: "already so \(attribute)"
        }
    }
}
