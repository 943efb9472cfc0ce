import SCIM
import Tenancy

/// What an ``InMemoryTenantStore`` holds, as one value.
struct MemoryState {
    /// The resources, oldest first.
    var records: [Record] = []
    /// What was deleted.
    var tombstones: [Tombstone] = []
    /// What happened.
    var activity = MemoryActivity()
    /// The number of the next record.
    var nextRow = 1
    /// Whether the store was closed.
    var isClosed = false

    /// One resource.
    struct Record {
        /// Its number, never used again.
        let row: Int
        /// Without what is derived for a viewer.
        var resource: StoredResource
        /// What it is found by.
        var lookups: Lookups
        /// What others show of it.
        var shownName: String?
        /// The connection that manages it.
        var owner: Connection.ID?
        /// The group of the tenant's file that it is.
        var targetGroup: TargetGroup.ID?
        /// Each connection's name for it.
        var externalIDs: [Connection.ID: String] = [:]
        /// The numbers of the groups it is in, ascending.
        var groups: [Int] = []
    }

    /// The record of a deleted resource.
    struct Tombstone {
        /// The resource as it was.
        let record: Record
        /// When it was deleted.
        let deletedAt: Timestamp
        /// Its number among those that were ever kept.
        let number: Int
        /// The groups that it was in.
        let groups: [ResourceID]
    }
}

// MARK: - Reading

extension MemoryState {
    /// The record of that id and type.
    func record(_ type: ResourceType.Name, _ id: ResourceID) -> Record? {
        records.first { $0.resource.id == id && $0.resource.type == type }
    }

    /// The resource with what is derived for the viewer.
    func stored(_ record: Record, for viewer: Viewer, members demand: MemberDemand = .none) -> StoredResource
    {
        let resource = record.resource
        return StoredResource(
            type: resource.type,
            id: resource.id,
            version: resource.version,
            created: resource.created,
            lastModified: resource.lastModified,
            document: resource.document,
            splices: resource.splices,
            writtenSet: resource.writtenSet,
            externalID: viewer.connection.flatMap { record.externalIDs[$0] },
            groups: resource.type == .user ? groups(of: record) : [],
            members: resource.type == .group ? members(of: record.row, demand) : nil,
            managerReference: manager(of: record.lookups, for: viewer)
        )
    }

    /// How many learners there are.
    var learnerCounts: LearnerCounts {
        let learners = records.filter { $0.resource.type == .user }
        return LearnerCounts(
            total: learners.count,
            active: learners.count { $0.lookups.isActive != false }
        )
    }

    /// The page that the query asks for.
    func page(_ query: StoreQuery, for viewer: Viewer) -> StoredPage {
        let matches = sorted(records.filter { self.matches($0, query, viewer) }, query, viewer)
        let rest = matches.filter { query.isAfterStart(Int64($0.record.row), $0.key) }
        let page = rest.dropFirst(query.start.offset).prefix(max(0, query.count))
        let total = query.start.position?.totalResults ?? matches.count
        let hasNext = query.start.isByCursor && page.count < rest.count
        return StoredPage(
            totalResults: total,
            resources: page.map { stored($0.record, for: viewer, members: query.members) },
            next: hasNext
                ? page.last.map { PagePosition(row: Int64($0.record.row), key: $0.key, totalResults: total) }
                : nil
        )
    }

    /// The matches in the order that the query asks for, with what they are sorted by; equal ones by age.
    private func sorted(_ matches: [Record], _ query: StoreQuery, _ viewer: Viewer)
        -> [(key: ResolvedSort.Key?, record: Record)]
    {
        guard let sort = query.sort else { return matches.map { (key: nil, record: $0) } }
        let keyed = matches.map { record in
            let stored = stored(record, for: viewer, members: query.memberDemand)
            let view = stored.view(locationPrefix: query.locationPrefix)
            return (key: query.key(of: view, by: sort), record: record)
        }
        let sorted = keyed.sorted {
            sort.isBefore((key: $0.key, row: Int64($0.record.row)), (key: $1.key, row: Int64($1.record.row)))
        }
        return sorted.map { (key: $0.key, record: $0.record) }
    }

    /// Whether a record is among the results of a query.
    private func matches(_ record: Record, _ query: StoreQuery, _ viewer: Viewer) -> Bool {
        if let type = query.type, type != record.resource.type { return false }
        guard let filter = query.filter else { return true }
        let stored = stored(record, for: viewer, members: query.memberDemand)
        return filter.matches(stored.view(locationPrefix: query.locationPrefix))
    }

    /// By id, else by `userName`, else by the viewer's `externalId`.
    private func manager(of lookups: Lookups, for viewer: Viewer) -> ManagerReference? {
        guard let text = lookups.managerText else { return nil }
        let users = records.filter { $0.resource.type == .user }
        let manager =
            users.first { TextOrder.isSameBytes($0.resource.id.text, text) }
            ?? users.first { Revision.isSame($0.lookups.userName, lookups.managerValue) }
            ?? viewer.connection.flatMap { connection in
                users.first { Revision.isSame($0.externalIDs[connection], text) }
            }
        return manager.map { ManagerReference(id: $0.resource.id, displayName: $0.shownName ?? "") }
    }
}

// MARK: - Writing

extension MemoryState {
    /// Adds or associates.
    mutating func create(_ creation: Creation, for viewer: Viewer) throws(StoreError) -> Created {
        let userName = creation.resource.lookups.userName
        if let userName,
            let index = records.firstIndex(where: { Revision.isSame($0.lookups.userName, userName) })
        {
            return try associate(index, creation, for: viewer)
        }
        guard !isUsed(creation.id) else { throw .unavailable("The id for the new resource was used before.") }

        let revision = Revision(creating: creation.resource, id: creation.id, now: creation.now)
        var record = Record(
            row: nextRow,
            resource: revision.stored(
                id: creation.id,
                created: creation.now,
                externalID: nil,
                groups: [],
                managerReference: nil
            ),
            lookups: creation.resource.lookups,
            shownName: creation.resource.shownName,
            owner: creation.isManaged ? viewer.connection : nil
        )
        if let group = creation.targetGroup, creation.resource.resource.type == .user {
            guard let row = records.first(where: { $0.targetGroup == group })?.row else {
                throw .noTargetGroup
            }
            record.groups = [row]
        }
        try name(&record, creation.resource.externalID, viewer)
        records.append(record)
        nextRow += 1
        for edit in creation.resource.memberEdits { _ = try apply(edit, to: record.row) }
        let resource = stored(records[records.count - 1], for: viewer, members: creation.members)
        activity.add(ActivityEntry(creation, made: creation.id, isAssociated: false) { creation.now })
        return Created(resource: resource, isAssociated: false)
    }

    private mutating func associate(_ index: Int, _ creation: Creation, for viewer: Viewer)
        throws(StoreError) -> Created
    {
        var record = records[index]
        guard let associating = creation.associating, let connection = viewer.connection, record.owner == nil
        else {
            throw .userNameTaken
        }
        let current = stored(record, for: viewer)
        let resource = try StoreError.deciding { () throws(SCIMError) in try associating(current) }
        if let revision = Revision(of: current, becoming: resource, by: viewer, now: creation.now) {
            try apply(revision, to: &record, viewer)
        }
        record.owner = connection
        records[index] = record
        activity.add(ActivityEntry(creation, made: current.id, isAssociated: true) { creation.now })
        return Created(resource: stored(record, for: viewer), isAssociated: true)
    }

    /// Changes one resource.
    mutating func change(_ change: Change, for viewer: Viewer) throws(StoreError) -> Changed {
        let index = try index(change.type, change.id)
        var record = records[index]
        let current = current(record, for: viewer)
        let decision = try StoreError.deciding { () throws(SCIMError) in try change.deciding(current) }
        let edits = decision.resource?.memberEdits ?? []
        var idleEdits = 0
        for edit in edits where try !apply(edit, to: record.row) { idleEdits += 1 }
        // A group may be its own member: its record is another one now.
        record.groups = records[index].groups
        let revision = Revision(
            of: current.resource,
            becoming: decision.resource,
            by: viewer,
            membersChanged: idleEdits < edits.count,
            now: change.now
        )
        if let revision {
            try apply(revision, to: &record, viewer)
            if record.owner == nil, change.type == .user { record.owner = viewer.connection }
            records[index] = record
        }
        let resource = stored(record, for: viewer, members: change.members)
        if revision != nil {
            let hasMembers = resource.members != nil
            activity.add(
                ActivityEntry(
                    change,
                    deciding: decision,
                    owner: current.owner,
                    for: viewer,
                    hasMembers: hasMembers
                ) { change.now }
            )
        }
        return Changed(
            resource: resource,
            kind: revision == nil ? nil : decision.kind(of: change.type),
            idleMemberEdits: idleEdits,
            notes: decision.notes
        )
    }

    /// Deletes one resource.
    mutating func delete(_ deletion: Deletion, for viewer: Viewer) throws(StoreError) {
        let index = try index(deletion.type, deletion.id)
        let record = records[index]
        let current = current(record, for: viewer)
        try StoreError.deciding { () throws(SCIMError) in try deletion.checking(current) }
        for index in records.indices where record.groups.contains(records[index].row) {
            guard records[index].targetGroup == nil else { continue }
            let next = NextDocument(touching: records[index].resource, now: deletion.now)
            records[index].resource = records[index].resource.becoming(next)
        }
        let groups = records.filter { record.groups.contains($0.row) }.map(\.resource.id)
        tombstones.append(
            Tombstone(record: record, deletedAt: deletion.now, number: nextRow, groups: groups)
        )
        nextRow += 1
        let entry = ActivityEntry(deletion, of: current.resource, owner: current.owner, for: viewer) {
            deletion.now
        }
        activity.add(entry)
        remove(at: index)
    }

    /// Brings the target groups in.
    mutating func arrange(_ groups: [TargetGroup], makingIDs: () -> ResourceID, now: Timestamp)
        throws(StoreError)
    {
        for group in groups {
            let resource = try group.validated()
            guard let index = records.firstIndex(where: { $0.targetGroup == group.id }) else {
                let id = makingIDs()
                let revision = Revision(creating: resource, id: id, now: now)
                let stored = revision.stored(
                    id: id,
                    created: now,
                    externalID: nil,
                    groups: [],
                    managerReference: nil
                )
                records.append(
                    Record(
                        row: nextRow,
                        resource: stored,
                        lookups: resource.lookups,
                        shownName: resource.shownName,
                        targetGroup: group.id
                    )
                )
                nextRow += 1
                continue
            }
            let current = records[index].resource
            guard let revision = Revision(of: current, becoming: resource, by: .nobody, now: now) else {
                continue
            }
            try apply(revision, to: &records[index], .nobody)
        }
        for index in records.indices.reversed() {
            guard let id = records[index].targetGroup, !groups.contains(where: { $0.id == id }) else {
                continue
            }
            let row = records[index].row
            if !records.contains(where: { $0.groups.contains(row) }) { remove(at: index) }
        }
    }

    /// Makes the learners of connections that are not in the set unmanaged.
    mutating func release(learnersNotOf connections: Set<Connection.ID>) {
        for index in records.indices {
            guard let owner = records[index].owner, !connections.contains(owner) else { continue }
            records[index].owner = nil
        }
    }
}

// MARK: - Parts of a write

extension MemoryState {
    private func index(_ type: ResourceType.Name, _ id: ResourceID) throws(StoreError) -> Int {
        guard let index = records.firstIndex(where: { $0.resource.id == id && $0.resource.type == type })
        else {
            throw .notFound
        }
        return index
    }

    private func current(_ record: Record, for viewer: Viewer) -> Change.Current {
        Change.Current(
            resource: stored(record, for: viewer),
            owner: record.owner,
            isTargetGroup: record.targetGroup != nil
        )
    }

    private func isUsed(_ id: ResourceID) -> Bool {
        records.contains { $0.resource.id == id } || tombstones.contains { $0.record.resource.id == id }
    }

    private mutating func remove(at index: Int) {
        let row = records.remove(at: index).row
        for other in records.indices { records[other].groups.removeAll { $0 == row } }
    }

    private func apply(_ revision: Revision, to record: inout Record, _ viewer: Viewer) throws(StoreError) {
        if let userName = revision.resource.lookups.userName {
            let isTaken = records.contains {
                $0.row != record.row && Revision.isSame($0.lookups.userName, userName)
            }
            guard !isTaken else { throw .userNameTaken }
        }
        try name(&record, revision.resource.externalID, viewer)
        record.resource = revision.stored(
            id: record.resource.id,
            created: record.resource.created,
            externalID: nil,
            groups: [],
            managerReference: nil
        )
        record.lookups = revision.resource.lookups
        record.shownName = revision.resource.shownName
    }

    private func name(_ record: inout Record, _ externalID: String?, _ viewer: Viewer) throws(StoreError) {
        guard let connection = viewer.connection else { return }
        if let externalID {
            let row = record.row
            let isTaken = records.contains {
                $0.row != row && Revision.isSame($0.externalIDs[connection], externalID)
            }
            guard !isTaken else { throw .externalIDTaken }
        }
        record.externalIDs[connection] = externalID
    }
}
