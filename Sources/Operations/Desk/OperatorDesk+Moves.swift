import CloudProfiles
import Gateway
import SCIM
import Store
import Tenancy

extension OperatorDesk {
    /// Moves a page of learners to another target group.
    ///
    /// The group that they leave may be gone from the tenant's file: so it is emptied.
    ///
    /// - Throws: a problem when the tenant, a group or the filter is wrong.
    package func moveUsers(_ order: AdminMessages.MoveUsers) async throws(AdminMessages.Problem)
        -> AdminMessages.MovedUsers
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let destination = try Self.group(order.to, of: tenant)
        guard order.from != order.to else { throw .invalid("the learners are in '\(order.to)' already") }
        guard order.users != nil || order.from != nil || order.filter != nil else {
            throw .invalid("say who is to be moved: ids, a group that they leave, or a filter")
        }
        let selection = AdminMessages.UserSelection(filter: order.filter, group: order.from)
        let query = try Self.query(selection, of: tenant)
        let (ids, missing, next) = try await selected(order, query, of: tenant, runtime)
        guard !order.isDryRun else {
            return .init(moved: ids.count, missing: missing, next: next)
        }
        let move = LearnerMove(from: query.group, to: destination.id, now: runtime.now(), origin: origin)
        let store = try await store(of: tenant, runtime)
        let moved = try await Self.asking { () async throws(StoreError) in
            try await store.move(ids, by: move)
        }
        return .init(moved: moved, missing: missing, next: next)
    }

    /// The ids of a page, those that no learner has, and where the next page begins.
    private func selected(
        _ order: AdminMessages.MoveUsers,
        _ query: RosterQuery,
        of tenant: Tenant,
        _ runtime: ProfileRuntime
    ) async throws(AdminMessages.Problem) -> (ids: [ResourceID], missing: [String], next: Int64?) {
        guard let users = order.users else {
            var query = query
            (query.after, query.count) = (order.after, Self.usersAtOnce)
            let asked = query
            let page = try await reading(tenant, runtime) { snapshot throws(StoreError) in
                try await snapshot.roster(asked)
            }
            return (page.entries.map(\.resource.id), [], page.next)
        }
        try Self.requireFew(users)
        let found = try await reading(tenant, runtime) { snapshot throws(StoreError) in
            var found: Set<ResourceID> = []
            for id in users {
                guard let query = RosterQuery(.living, where: "id", is: id) else { continue }
                if let entry = try await snapshot.first(query) { found.insert(entry.resource.id) }
            }
            return found
        }
        let ids = users.map { ResourceID($0) }
        return (
            ids.filter(found.contains),
            ids.filter { !found.contains($0) }.map(\.text), nil
        )
    }

    /// Brings deleted learners back, each on its own account.
    ///
    /// - Throws: a problem when the tenant is wrong, or its store cannot be used.
    package func restoreUsers(_ order: AdminMessages.DeletedUsers) async throws(AdminMessages.Problem)
        -> [AdminMessages.UserResult]
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        try Self.requireFew(order.users)
        if order.isDryRun { return try await foreseen(order, of: tenant, runtime) }
        let store = try await store(of: tenant, runtime)
        let restoration = Restoration(
            connections: Set(tenant.connections.map(\.id)),
            now: runtime.now(),
            origin: origin
        )
        var results: [AdminMessages.UserResult] = []
        for user in order.users {
            results.append(
                try await Self.result(of: user) { () async throws(StoreError) in
                    try await store.restore(ResourceID(user), by: restoration).losses
                }
            )
        }
        return results
    }

    /// Removes deleted learners for good, and living ones when that is meant.
    ///
    /// - Throws: as ``restoreUsers(_:)``.
    package func purgeUsers(_ order: AdminMessages.DeletedUsers) async throws(AdminMessages.Problem)
        -> [AdminMessages.UserResult]
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        try Self.requireFew(order.users)
        if order.isDryRun { return try await foreseen(order, of: tenant, runtime, isPurge: true) }
        let store = try await store(of: tenant, runtime)
        let purge = Purge(includesLiving: order.includesLiving, now: runtime.now(), origin: origin)
        var results: [AdminMessages.UserResult] = []
        for user in order.users {
            results.append(
                try await Self.result(of: user) { () async throws(StoreError) in
                    try await store.purge(ResourceID(user), by: purge)
                    return []
                }
            )
        }
        return results
    }

    /// What would become of each, as far as the store tells without a change.
    private func foreseen(
        _ order: AdminMessages.DeletedUsers,
        of tenant: Tenant,
        _ runtime: ProfileRuntime,
        isPurge: Bool = false
    ) async throws(AdminMessages.Problem) -> [AdminMessages.UserResult] {
        try await reading(tenant, runtime) { snapshot throws(StoreError) in
            var results: [AdminMessages.UserResult] = []
            for user in order.users {
                let refusal = try await Self.refusal(
                    of: user,
                    isPurge: isPurge,
                    includesLiving: order.includesLiving,
                    snapshot
                )
                results.append(.init(user: user, refusal: refusal?.operatorText))
            }
            return results
        }
    }

    private static func refusal(
        of user: String,
        isPurge: Bool,
        includesLiving: Bool,
        _ snapshot: any StoreSnapshot
    ) async throws(StoreError) -> StoreError? {
        guard let record = RosterQuery(.deleted, where: "id", is: user),
            let living = RosterQuery(.living, where: "id", is: user)
        else { return .notFound }
        if isPurge, try await snapshot.first(living) != nil { return includesLiving ? nil : Purge.isLiving }
        guard let deleted = try await snapshot.first(record) else { return .notFound }
        guard !isPurge, let name = deleted.resource.view(locationPrefix: "").core.string("userName"),
            let query = RosterQuery(.living, where: "userName", is: name),
            let holder = try await snapshot.first(query)
        else { return nil }
        return Restoration.refusal(heldBy: holder.resource.id)
    }

    /// What a step did to one learner: what concerns the learner is told, what concerns the store is thrown.
    private static func result(of user: String, _ step: () async throws(StoreError) -> [String])
        async throws(AdminMessages.Problem) -> AdminMessages.UserResult
    {
        do throws(StoreError) {
            return .init(user: user, notes: try await step())
        } catch {
            switch error {
            case .notFound, .refused: return .init(user: user, refusal: error.operatorText)
            default: throw .unavailable(error)
            }
        }
    }

    private static func requireFew(_ users: [String]) throws(AdminMessages.Problem) {
        guard users.count <= usersAtOnce else {
            throw .invalid("at most \(usersAtOnce) ids come at once")
        }
    }

    /// Learners of one order or page: a commit that no other write waits long for.
    package static let usersAtOnce = 500
}

extension Restored {
    /// What did not come back, in words.
    fileprivate var losses: [String] {
        var losses = lostExternalIDs.map { "its externalId of connection \($0) is gone or another's" }
        if lostGroups > 0 { losses.append("\(lostGroups) of its groups are gone") }
        if owner == nil { losses.append("no connection manages it") }
        return losses
    }
}
