import SCIM
import Store
import Tenancy

/// The writes of one tenant's resources, each as one job of the writer.
struct ResourceWrites {
    /// Reads what a write meets.
    let rows: ResourceRows
    /// Who writes.
    let viewer: Viewer
    /// How it is kept what was written.
    let activity: ActivityWriting
    /// Where the learner who is changed may be at hand.
    private let shelf: LearnerShelf?

    private var database: SQLiteDatabase { rows.database }
    private var columns: ResourceColumns { ResourceColumns(database: database, codec: rows.codec) }
    private var memberships: Memberships { Memberships(database: database, codec: rows.codec) }

    /// Writes for that viewer on that connection.
    init(
        _ database: SQLiteDatabase,
        for viewer: Viewer,
        codec: DocumentCodec,
        _ activity: ActivityWriting,
        shelf: LearnerShelf? = nil
    ) {
        self.activity = activity
        self.shelf = shelf
        rows = ResourceRows(database: database, connection: viewer.connection, codec: codec)
        self.viewer = viewer
    }

    /// Adds a resource, or associates an unmanaged learner of the same `userName`.
    func create(_ creation: Creation) throws -> Created {
        if let row = try rowOfSameName(creation) {
            let resource = try associate(row, creation)
            try note(creation, made: resource.id, isAssociated: true)
            return Created(resource: resource, isAssociated: true)
        }
        let (row, revision) = try insert(creation)
        try note(creation, made: creation.id, isAssociated: false)
        let type = creation.resource.resource.type
        let groups = type == .user && creation.targetGroup != nil ? try memberships.groups(of: row) : []
        let stored = revision.stored(
            id: creation.id,
            created: creation.now,
            externalID: shown(creation.resource.externalID),
            groups: groups,
            members: type == .group ? try memberships.members(of: row, creation.members) : nil,
            managerReference: try creation.resource.lookups.managerText.flatMap { try rows.manager(sent: $0) }
        )
        let owner = creation.isManaged ? viewer.connection : nil
        let standing = LearnerStanding(row: row, owner: owner)
        leave(stored, creation.resource.lookups, standing, isNew: true)
        return Created(resource: stored, isAssociated: false)
    }

    /// Adds a resource, or associates one, as ``create(_:)`` does, and reads nothing back.
    func load(_ creation: Creation) throws {
        if let row = try rowOfSameName(creation) {
            let resource = try associate(row, creation)
            try note(creation, made: resource.id, isAssociated: true)
        } else {
            _ = try insert(creation)
            try note(creation, made: creation.id, isAssociated: false)
        }
    }

    private func rowOfSameName(_ creation: Creation) throws -> Int64? {
        guard let userName = creation.resource.lookups.userName else { return nil }
        return try columns.row(userName: userName)
    }

    private func insert(_ creation: Creation) throws -> (row: Int64, revision: Revision) {
        let resource = creation.resource
        guard try !columns.isUsed(creation.id) else {
            throw StoreError.unavailable("The id for the new resource was used before.")
        }
        let revision = Revision(creating: resource, id: creation.id, now: creation.now)
        let row = try columns.insert(
            revision,
            id: creation.id,
            owner: creation.isManaged ? viewer.connection : nil,
            targetGroup: nil
        )
        try columns.name(row, externalID: resource.externalID, of: viewer.connection, insteadOf: nil)
        if let group = creation.targetGroup, resource.resource.type == .user {
            try columns.add(row, to: group)
        }
        for edit in resource.memberEdits { _ = try memberships.apply(edit, to: row) }
        return (row, revision)
    }

    private func associate(_ row: Int64, _ creation: Creation) throws -> StoredResource {
        guard let associating = creation.associating, let connection = viewer.connection,
            let found = try rows.found(row: row), found.owner == nil
        else { throw StoreError.userNameTaken }

        let resource = try StoreError.deciding { () throws(SCIMError) in try associating(found.resource) }
        try columns.setOwner(connection, of: row)
        return try write(resource, over: found, owner: connection, now: creation.now) ?? found.resource
    }

    /// Hands the resource to the change, and stores what that gives back.
    func change(_ change: Change) throws -> Changed {
        let found = try existing(change.type, change.id)
        let decision = try StoreError.deciding { () throws(SCIMError) in try change.deciding(found.current) }
        let edits = decision.resource?.memberEdits ?? []
        var idleEdits = 0
        for edit in edits where try !memberships.apply(edit, to: found.row) { idleEdits += 1 }

        let members =
            change.type == .group ? try memberships.members(of: found.row, change.members) : nil
        let owner = found.owner ?? (change.type == .user ? viewer.connection : nil)
        let changed = try write(
            decision.resource,
            over: found,
            owner: owner,
            members: members,
            membersChanged: idleEdits < edits.count,
            now: change.now
        )
        guard let changed else {
            return Changed(
                resource: found.resource.showing(members),
                kind: nil,
                idleMemberEdits: idleEdits,
                notes: decision.notes
            )
        }
        if found.owner == nil, let owner { try columns.setOwner(owner, of: found.row) }
        try note(
            ActivityEntry(
                change,
                deciding: decision,
                owner: found.owner,
                for: viewer,
                hasMembers: members != nil,
                names: activity.names,
                now: activity.now
            )
        )
        return Changed(
            resource: changed,
            kind: decision.kind(of: change.type),
            idleMemberEdits: idleEdits,
            notes: decision.notes
        )
    }

    /// Deletes a resource, and keeps its record as a tombstone.
    func delete(_ deletion: Deletion) throws {
        let found = try existing(deletion.type, deletion.id)
        try StoreError.deciding { () throws(SCIMError) in try deletion.checking(found.current) }
        for group in try memberships.clientGroups(of: found.row) {
            guard let group = try rows.found(row: group) else { continue }
            let next = NextDocument(touching: group.resource, now: deletion.now)
            try columns.update(group.row, next, group.resource.writtenSet)
        }
        try columns.bury(found.row, id: deletion.id, now: deletion.now)
        try note(
            ActivityEntry(
                deletion,
                of: found.resource,
                owner: found.owner,
                for: viewer,
                names: activity.names,
                now: activity.now
            )
        )
    }

    private func note(_ creation: Creation, made id: ResourceID, isAssociated: Bool) throws {
        try note(
            ActivityEntry(
                creation,
                made: id,
                isAssociated: isAssociated,
                names: activity.names,
                now: activity.now
            )
        )
    }

    /// Leaves the entry of a write in its own transaction.
    private func note(_ entry: ActivityEntry?) throws {
        try ActivityRows(database: database).add(entry, activity.chain)
    }

    private func existing(_ type: ResourceType.Name, _ id: ResourceID) throws -> ResourceRows.Found {
        if type == .user, let found = shelf?.current(id, for: viewer.connection, in: database.extent) {
            return found
        }
        guard let found = try rows.found(id: id), found.resource.type == type else {
            throw StoreError.notFound
        }
        return found
    }

    /// Stores the next state; nil when there is none to store.
    ///
    /// `owner` is the connection that manages it from now on.
    private func write(
        _ resource: ValidatedResource?,
        over found: ResourceRows.Found,
        owner: Connection.ID?,
        members: [MemberReference]? = nil,
        membersChanged: Bool = false,
        now: Timestamp
    ) throws -> StoredResource? {
        let current = found.resource
        let revision = Revision(
            of: current,
            becoming: resource,
            by: viewer,
            membersChanged: membersChanged,
            now: now
        )
        guard let revision else { return nil }
        let changed = try columns.update(found.row, revision, emailsBefore: current.writtenSet == .full)
        try columns.name(
            found.row,
            externalID: revision.resource.externalID,
            of: viewer.connection,
            insteadOf: current.externalID
        )
        let stored = revision.stored(
            id: current.id,
            created: current.created,
            externalID: shown(revision.resource.externalID),
            groups: current.groups,
            members: members,
            managerReference: try manager(of: revision, over: found, isRenamed: changed.contains(.userName))
        )
        let standing = LearnerStanding(row: found.row, owner: owner)
        leave(stored, revision.resource.lookups, standing, isNew: false)
        return stored
    }

    /// Has readers find the learner at hand, when the change is durable.
    private func leave(
        _ stored: StoredResource,
        _ lookups: Lookups,
        _ standing: LearnerStanding,
        isNew: Bool
    ) {
        guard stored.type == .user else { return }
        let userName = lookups.userName.map { rows.codec.lookUp(.userName, $0) }
        database.extent.leaves(
            WriteExtent.Left(
                resource: stored,
                userName: userName,
                connection: viewer.connection,
                standing: standing,
                isNew: isNew
            )
        )
    }

    /// The learner whom the next state names as manager.
    ///
    /// The one of before, without a look-up, when the same text names it: nothing but this resource has changed since
    /// that was read, so it is only looked up again when a name changes by which this resource could be meant itself.
    private func manager(of revision: Revision, over found: ResourceRows.Found, isRenamed: Bool) throws
        -> ManagerReference?
    {
        guard let sent = revision.resource.lookups.managerText else { return nil }
        let before = found.resource
        let isAsBefore =
            !isRenamed && Revision.isSame(sent, found.managerSent) && before.managerReference?.id != before.id
            && Revision.isSame(shown(revision.resource.externalID), before.externalID)
        return isAsBefore ? before.managerReference : try rows.manager(sent: sent)
    }

    /// An operator is shown no `externalId`.
    private func shown(_ externalID: String?) -> String? { viewer.connection == nil ? nil : externalID }
}
