package import SCIM
package import Store
import Tenancy

/// Performs one operation in one tenant's store.
///
/// The engine decides; the store keeps. What must be decided on the current state (PATCH, preconditions, who owns a
/// learner) is handed to the store as a pure function, which runs inside the write's own transaction.
package struct SCIMEngine: Sendable {
    /// Makes the id of a new resource.
    private let makeID: @Sendable () -> ResourceID

    /// An engine that takes its ids from the caller: randomness belongs to the profile's library context.
    package init(makingIDs makeID: @escaping @Sendable () -> ResourceID) {
        self.makeID = makeID
    }

    /// Does what is asked.
    ///
    /// - Parameters:
    ///   - operation: What is asked.
    ///   - asker: For whom.
    ///   - members: Which members of groups the answer shows.
    ///   - store: The tenant's.
    ///   - now: When.
    /// - Returns: What happened.
    /// - Throws: ``EngineError`` `.refused` with what the client should know, `.unavailable` when the store cannot serve.
    package func perform(
        _ operation: SCIMOperation,
        _ asker: Asker,
        showing members: MemberDemand = .none,
        in store: any TenantStore,
        now: Timestamp
    )
        async throws(EngineError) -> SCIMOutcome
    {
        // The learner set holds no members.
        let members = asker.attributeSet == .full ? members : .none
        switch operation {
        case .create(let resource):
            try asker.requireWrites(to: resource.type)
            return try await create(resource, asker, members, in: store, now: now)
        case .read(let type, let id, let preconditions):
            return try await read(type, id, preconditions, asker, members, in: store)
        case .search(let type, let request, let start):
            return try await search(type, request, from: start, asker, members, in: store)
        case .replace(let id, let resource, let preconditions):
            try asker.requireWrites(to: resource.type)
            return try await change(resource.type, id, preconditions, asker, members, in: store, now: now) {
                current throws(SCIMError) in
                (Replacement.result(of: resource, on: current, set: asker.attributeSet), [])
            }
        case .patch(let type, let id, let request, let rules, let preconditions):
            try asker.requireWrites(to: type)
            return try await change(type, id, preconditions, asker, members, in: store, now: now) {
                current throws(SCIMError) in
                try Patch.apply(request, to: current, set: asker.attributeSet, rules: rules)
            }
        case .delete(let type, let id, let preconditions):
            try asker.requireWrites(to: type)
            return try await delete(type, id, preconditions, asker, in: store, now: now)
        }
    }
}

// MARK: - The operations

extension SCIMEngine {
    private func create(
        _ resource: Resource,
        _ asker: Asker,
        _ members: MemberDemand,
        in store: any TenantStore,
        now: Timestamp
    ) async throws(EngineError) -> SCIMOutcome {
        let set = asker.attributeSet
        let complete = ActiveDefault.completing(resource)
        let validated = try EngineError.refusing { () throws(SCIMError) -> ValidatedResource in
            try Validation.validate(complete, set: set)
        }
        var creation = Creation(
            resource: validated,
            id: makeID(),
            targetGroup: asker.targetGroup,
            now: now,
            isManaged: true,
            associating: { existing throws(SCIMError) in
                let merged = Association.result(of: resource, on: try existing.resource(), set: set)
                return try Validation.validate(merged, set: set, keeping: existing.writtenSet)
            },
            members: members
        )
        creation.origin = asker.origin
        creation.notes = asker.notes
        creation.answer = asker.answer
        let created = try await EngineError.asking { () async throws(StoreError) in
            try await store.create(creation, for: asker.viewer)
        }
        switch resource.type {
        case .user: asker.stored?(created.isAssociated ? .userAssociated : .userCreated)
        case .group: asker.stored?(.groupCreated)
        }
        return .created(created.resource)
    }

    private func read(
        _ type: ResourceType.Name,
        _ id: ResourceID,
        _ preconditions: Preconditions,
        _ asker: Asker,
        _ members: MemberDemand,
        in store: any TenantStore
    ) async throws(EngineError) -> SCIMOutcome {
        let found = try await EngineError.asking { () async throws(StoreError) in
            try await store.resource(type, id: id, for: asker.viewer, members: members)
        }
        guard let found else { throw EngineError.refused(.noSuchResource(type)) }
        switch preconditions.verdict(onReading: found.version.etag) {
        case .read: return .found(found)
        case .notModified: return .notModified(found.version)
        case .failed: throw EngineError.refused(.versionIsOld)
        }
    }

    private func search(
        _ type: ResourceType.Name?,
        _ request: SearchRequest,
        from start: PageStart,
        _ asker: Asker,
        _ members: MemberDemand,
        in store: any TenantStore
    ) async throws(EngineError) -> SCIMOutcome {
        let filter = try EngineError.refusing { () throws(SCIMError) -> ResolvedFilter? in
            guard let text = request.filter else { return nil }
            return try ResolvedFilter.read(text, type: type, set: asker.attributeSet)
        }
        let sort = try EngineError.refusing { () throws(SCIMError) -> ResolvedSort? in
            guard let sortBy = request.sortBy else { return nil }
            return try ResolvedSort.resolve(sortBy, request.sortOrder, type: type, set: asker.attributeSet)
        }
        let query = StoreQuery(
            type: type,
            filter: filter,
            sort: sort,
            start: start,
            count: request.count,
            locationPrefix: asker.locationPrefix,
            members: members
        )
        let page = try await EngineError.asking { () async throws(StoreError) in
            try await store.search(query, for: asker.viewer)
        }
        return .page(
            page.resources,
            totalResults: page.totalResults,
            startIndex: start.isByCursor ? nil : request.startIndex,
            next: page.next
        )
    }

    /// PUT and PATCH: the same checks around a different middle.
    private func change(
        _ type: ResourceType.Name,
        _ id: ResourceID,
        _ preconditions: Preconditions,
        _ asker: Asker,
        _ members: MemberDemand,
        in store: any TenantStore,
        now: Timestamp,
        _ middle:
            @escaping @Sendable (Resource) throws(SCIMError) -> (resource: Resource, notes: [Note])
    ) async throws(EngineError) -> SCIMOutcome {
        var change = Change(type: type, id: id, now: now, members: members) { current throws(SCIMError) in
            try asker.requireMayWrite(current, preconditions)
            let existing = try current.resource.resource()
            let (result, notes) = try middle(existing)
            if current.isTargetGroup { try TargetGroupRules.requireSameName(result, as: existing) }
            let validated = try Validation.validate(
                result,
                set: asker.attributeSet,
                keeping: current.resource.writtenSet,
                existing: current.resource.writtenSet == .full ? existing : nil
            )
            let externalID = current.resource.externalID
            return Change.Decision(
                validated,
                changed: asker.origin == nil
                    ? [] : ChangedAttributes.paths(from: existing, externalID: externalID, to: validated),
                notes: notes
            )
        }
        change.origin = asker.origin
        change.notes = asker.notes
        change.answer = asker.answer
        let changed = try await EngineError.asking { () async throws(StoreError) in
            try await store.change(change, for: asker.viewer)
        }
        if let kind = changed.kind { asker.stored?(kind) }
        let idle = Array(repeating: Note(.alreadySo, "members"), count: changed.idleMemberEdits)
        return .changed(changed.resource, isStored: changed.isStored, notes: changed.notes + idle)
    }

    private func delete(
        _ type: ResourceType.Name,
        _ id: ResourceID,
        _ preconditions: Preconditions,
        _ asker: Asker,
        in store: any TenantStore,
        now: Timestamp
    ) async throws(EngineError) -> SCIMOutcome {
        var deletion = Deletion(type: type, id: id, now: now) { current throws(SCIMError) in
            try asker.requireMayWrite(current, preconditions)
            if current.isTargetGroup { throw SCIMError.targetGroupStays }
        }
        deletion.origin = asker.origin
        deletion.answer = asker.answer
        try await EngineError.asking { () async throws(StoreError) in
            try await store.delete(deletion, for: asker.viewer)
        }
        asker.stored?(type == .user ? .userDeleted : .groupDeleted)
        return .deleted
    }
}
