import SCIM

/// Who is in which group, in an ``InMemoryTenantStore``: each record knows the groups that it is in.
extension MemoryState {
    /// The groups that a user is in, by itself and through other groups, oldest first.
    func groups(of record: Record) -> [GroupReference] {
        var reached = Set(record.groups)
        var waiting = record.groups
        while let row = waiting.popLast() {
            guard let group = records.first(where: { $0.row == row }) else { continue }
            for parent in group.groups where reached.insert(parent).inserted { waiting.append(parent) }
        }
        return records.filter { reached.contains($0.row) }.map { group in
            GroupReference(
                id: group.resource.id,
                display: group.shownName ?? "",
                isDirect: record.groups.contains(group.row)
            )
        }
    }

    /// The members of a group as demanded, oldest first.
    func members(of row: Int, _ demand: MemberDemand) -> [MemberReference]? {
        let all = records.filter { $0.groups.contains(row) }.map(reference)
        switch demand {
        case .none: return nil
        case .all: return all
        case .among(let ids): return all.filter { ids.contains($0.id) }
        case .upTo(let count): return all.count <= count ? all : nil
        }
    }

    /// Lets members of a group come and go.
    ///
    /// - Returns: Whether anybody did.
    mutating func apply(_ edit: MemberEdit, to group: Int) throws(StoreError) -> Bool {
        let members = records.filter { $0.groups.contains(group) }.map(reference)
        switch edit {
        case .add(let ids):
            return try add(ids, to: group)
        case .remove(let ids):
            return remove(members.map(\.id).filter(ids.contains), from: group)
        case .replaceAll(let ids):
            let isAnyoneGone = remove(members.map(\.id).filter { !ids.contains($0) }, from: group)
            return try add(ids, to: group) || isAnyoneGone
        case .removeChosen(let choice):
            return remove(members.filter(choice.isMet).map(\.id), from: group)
        case .replaceChosen(let choice, let ids, let makingMissing):
            let chosen = members.filter(choice.isMet).map(\.id)
            guard !chosen.isEmpty || makingMissing else { throw .refused(.noMemberChosen) }
            let isAnyoneGone = remove(chosen.filter { !ids.contains($0) }, from: group)
            return try add(ids, to: group) || isAnyoneGone
        }
    }

    private func reference(_ record: Record) -> MemberReference {
        MemberReference(
            id: record.resource.id,
            type: record.resource.type,
            display: record.shownName ?? ""
        )
    }

    private mutating func add(_ ids: [ResourceID], to group: Int) throws(StoreError) -> Bool {
        var isAnyoneNew = false
        for id in ids {
            guard let index = records.firstIndex(where: { $0.resource.id == id }) else {
                throw .refused(.noSuchMember)
            }
            guard !records[index].groups.contains(group) else { continue }
            records[index].groups = (records[index].groups + [group]).sorted()
            isAnyoneNew = true
        }
        return isAnyoneNew
    }

    private mutating func remove(_ ids: [ResourceID], from group: Int) -> Bool {
        for index in records.indices where ids.contains(records[index].resource.id) {
            records[index].groups.removeAll { $0 == group }
        }
        return !ids.isEmpty
    }
}

extension StoredResource {
    /// The resource in its next version.
    func becoming(_ next: NextDocument) -> StoredResource {
        StoredResource(
            type: type,
            id: id,
            version: next.version,
            created: created,
            lastModified: next.lastModified,
            document: next.bytes,
            splices: next.splices,
            writtenSet: writtenSet,
            externalID: externalID,
            groups: groups,
            members: members,
            managerReference: managerReference
        )
    }
}
