import SCIM
import Tenancy

/// What operators do to the state of an ``InMemoryTenantStore``.
extension MemoryState {
    // MARK: Reading

    /// The resources that are asked for.
    func roster(_ query: RosterQuery) -> RosterPage {
        let matches = (query.kind == .living ? living(query) : deleted(query)).filter {
            $0.row > query.after && query.isMet(by: $0.resource, owner: $0.owner)
        }
        let page = Array(matches.prefix(query.count))
        return RosterPage(entries: page, next: matches.count > page.count ? page.last?.row : nil)
    }

    private func living(_ query: RosterQuery) -> [RosterEntry] {
        let group = query.group.map { id in records.first { $0.targetGroup == id }?.row }
        let wanted = records.filter { record in group.map { $0.map(record.groups.contains) ?? false } ?? true
        }
        return wanted.map { record in
            RosterEntry(
                row: Int64(record.row),
                resource: stored(record, for: query.viewer),
                owner: record.owner,
                targetGroup: record.targetGroup,
                externalIDs: record.externalIDs
            )
        }
    }

    private func deleted(_ query: RosterQuery) -> [RosterEntry] {
        let group = query.group.map { id in records.first { $0.targetGroup == id }?.resource.id }
        return tombstones.filter { tombstone in
            group.map { $0.map(tombstone.groups.contains) ?? false } ?? true
        }.map { tombstone in
            let record = tombstone.record
            return RosterEntry(
                row: Int64(tombstone.number),
                resource: record.resource.named(query.viewer.connection.flatMap { record.externalIDs[$0] }),
                owner: record.owner,
                targetGroup: nil,
                externalIDs: record.externalIDs,
                deletion: .init(at: tombstone.deletedAt, groups: tombstone.groups)
            )
        }
    }

    /// Who is in which group.
    func memberships(after place: MembershipPlace, count: Int) -> MembershipPage {
        var found: [(place: MembershipPlace, membership: Membership)] = []
        for group in records where group.resource.type == .group {
            for member in records where member.groups.contains(group.row) {
                let (row, memberRow) = (Int64(group.row), Int64(member.row))
                guard (row, memberRow) > (place.group, place.member) else { continue }
                found.append(
                    (
                        MembershipPlace(group: row, member: memberRow),
                        Membership(group: group.resource.id, member: member.resource.id)
                    )
                )
            }
        }
        let page = found.prefix(count)
        return MembershipPage(
            memberships: page.map(\.membership),
            next: found.count > page.count ? page.last?.place : nil
        )
    }

    // MARK: Moving

    /// Moves learners to another target group; gives how many.
    mutating func move(_ learners: [ResourceID], by move: LearnerMove) throws(StoreError) -> Int {
        guard let destination = records.first(where: { $0.targetGroup == move.destination })?.row else {
            throw .noTargetGroup
        }
        let left = records.filter { record in
            record.targetGroup != nil && record.row != destination
                && move.from.map { $0 == record.targetGroup } ?? true
        }.map(\.row)
        var count = 0
        for id in learners {
            guard
                let index = records.firstIndex(where: { $0.resource.id == id && $0.resource.type == .user })
            else { continue }
            let before = records[index].groups
            guard move.from == nil || before.contains(where: left.contains) else { continue }
            let after = (before.filter { !left.contains($0) && $0 != destination } + [destination]).sorted()
            guard after != before else { continue }
            records[index].groups = after
            count += 1
            let subject = ActivityEntry.Subject(.user, id)
            activity.add(
                ActivityEntry(.userMoved, of: subject, changed: ["groups"], at: move.now, by: move.origin)
            )
        }
        return count
    }

    // MARK: Deleted resources

    /// Makes a deleted resource of its record.
    mutating func restore(_ id: ResourceID, by restoration: Restoration) throws(StoreError) -> Restored {
        guard let index = tombstones.firstIndex(where: { $0.record.resource.id == id }) else {
            throw .notFound
        }
        let tombstone = tombstones[index]
        let deleted = tombstone.record.resource
        let revision = try StoreError.deciding { () throws(SCIMError) in
            try Revision(restoring: deleted, now: restoration.now)
        }
        if let userName = revision.resource.lookups.userName,
            let holder = records.first(where: { Revision.isSame($0.lookups.userName, userName) })
        {
            throw Restoration.refusal(heldBy: holder.resource.id)
        }
        let groups = records.filter { tombstone.groups.contains($0.resource.id) }.map(\.row).sorted()
        var record = Record(
            row: nextRow,
            resource: deleted.becoming(revision.next),
            lookups: revision.resource.lookups,
            shownName: revision.resource.shownName,
            owner: tombstone.record.owner.flatMap { restoration.connections.contains($0) ? $0 : nil },
            groups: groups
        )
        for (connection, name) in tombstone.record.externalIDs {
            let isTaken = records.contains { Revision.isSame($0.externalIDs[connection], name) }
            if restoration.connections.contains(connection), !isTaken {
                record.externalIDs[connection] = name
            }
        }
        let lost = tombstone.record.externalIDs.keys.filter { record.externalIDs[$0] == nil }
        nextRow += 1
        records.append(record)
        tombstones.remove(at: index)
        let kind: ActivityKind = deleted.type == .user ? .userRestored : .groupRestored
        activity.add(
            ActivityEntry(kind, of: .init(deleted.type, id), at: restoration.now, by: restoration.origin)
        )
        return Restored(
            resource: stored(record, for: .nobody),
            owner: record.owner,
            lostExternalIDs: lost.sorted { $0.text < $1.text },
            lostGroups: tombstone.groups.count - groups.count
        )
    }

    /// Removes a resource or its record for good.
    mutating func purge(_ id: ResourceID, by purge: Purge) throws(StoreError) {
        if let type = records.first(where: { $0.resource.id == id })?.resource.type {
            guard purge.includesLiving else { throw Purge.isLiving }
            var deletion = Deletion(type: type, id: id, now: purge.now) { current throws(SCIMError) in
                try Deletion.sparingTargetGroups(current)
            }
            deletion.origin = purge.origin
            try delete(deletion, for: .nobody)
        }
        guard let index = tombstones.firstIndex(where: { $0.record.resource.id == id }) else {
            throw .notFound
        }
        let type = tombstones.remove(at: index).record.resource.type
        let kind: ActivityKind = type == .user ? .userPurged : .groupPurged
        activity.add(ActivityEntry(kind, of: .init(type, id), at: purge.now, by: purge.origin))
    }

    // MARK: Archives

    /// Puts a resource of an archive in; false when it is there already.
    mutating func reinstate(_ archived: ArchivedResource) throws(StoreError) -> Bool {
        let revision = Revision(reinstating: archived)
        guard try !holds(archived, revision) else { return false }
        let lookups = archived.resource.lookups
        if archived.deletion == nil {
            if let group = archived.targetGroup,
                let index = records.firstIndex(where: { $0.targetGroup == group })
            {
                let row = records[index].row
                guard !records.contains(where: { $0.groups.contains(row) }) else { throw archived.conflict }
                records.remove(at: index)
            }
            let isTaken = records.contains { record in
                lookups.userName != nil && Revision.isSame(record.lookups.userName, lookups.userName)
                    || archived.externalIDs.contains { Revision.isSame(record.externalIDs[$0.key], $0.value) }
            }
            guard !isTaken else { throw archived.conflict }
        }
        let record = Record(
            row: nextRow,
            resource: revision.stored(
                id: archived.id,
                created: archived.created,
                externalID: nil,
                groups: [],
                managerReference: nil
            ),
            lookups: lookups,
            shownName: archived.resource.shownName,
            owner: archived.owner,
            targetGroup: archived.deletion == nil ? archived.targetGroup : nil,
            externalIDs: archived.externalIDs
        )
        nextRow += 1
        if let deletion = archived.deletion {
            let groups = deletion.groups
            tombstones.append(
                Tombstone(record: record, deletedAt: deletion.moment, number: record.row, groups: groups)
            )
        } else {
            records.append(record)
        }
        return true
    }

    /// Whether a resource of an archive is there already; one with that id but another document throws.
    func holds(_ archived: ArchivedResource) throws(StoreError) -> Bool {
        try holds(archived, Revision(reinstating: archived))
    }

    private func holds(_ archived: ArchivedResource, _ revision: Revision) throws(StoreError) -> Bool {
        let there =
            records.first { $0.resource.id == archived.id }?.resource
            ?? tombstones.first { $0.record.resource.id == archived.id }?.record.resource
        guard let there else { return false }
        guard there.document == revision.next.bytes else { throw archived.conflict }
        return true
    }

    /// Puts a member into its group.
    mutating func reinstate(_ membership: Membership) throws(StoreError) {
        guard let group = record(.group, membership.group)?.row,
            records.contains(where: { $0.resource.id == membership.member })
        else { throw ArchivedResource.noSuchMember }
        _ = try apply(.add([membership.member]), to: group)
    }
}
