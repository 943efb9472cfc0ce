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
        guard order.from != order.to else {
            throw .invalid("the learners are in '\(order.to)' already")
        }
        guard order.users != nil || order.from != nil || order.filter != nil else {
            throw .invalid("say who is to be moved: ids, a group that they leave, or a filter")
        }
        let selection = AdminMessages.UserSelection(filter: order.filter, group: order.from)
        let query = try Self.query(selection, of: tenant)
        let move = LearnerMove(
            from: query.group,
            to: destination.id,
            now: runtime.now(),
            origin: origin
        )
        let (learners, missing, next) = try await selected(order, query, of: tenant, runtime)
        guard !order.isDryRun else {
            let foreseen = try await count(of: learners, movedBy: move, tenant, runtime)
            return .init(moved: foreseen, missing: missing, next: next)
        }
        let ids = learners.map(\.resource.id)
        let store = try await store(of: tenant, runtime)
        let moved = try await Self.asking { () async throws(StoreError) in
            try await store.move(ids, by: move)
        }
        return .init(moved: moved, missing: missing, next: next)
    }

    /// How many of these learners a move would move, as the store would count them.
    private func count(
        of learners: [RosterEntry],
        movedBy move: LearnerMove,
        _ tenant: Tenant,
        _ runtime: ProfileRuntime
    ) async throws(AdminMessages.Problem) -> Int {
        try await reading(tenant, runtime) { snapshot throws(StoreError) in
            // Those that are not in it are groups that clients made.
            let targetGroups = try await snapshot.targetGroups()
            return learners.count { learner in
                let own = learner.resource.groups.filter(\.isDirect).compactMap { targetGroups[$0.id] }
                return move.moves(from: Set(own))
            }
        }
    }

    /// The learners of a page, each once, the ids that no learner has, and where the next page begins.
    private func selected(
        _ order: AdminMessages.MoveUsers,
        _ query: RosterQuery,
        of tenant: Tenant,
        _ runtime: ProfileRuntime
    ) async throws(AdminMessages.Problem) -> (
        learners: [RosterEntry], missing: [String], next: Int64?
    ) {
        guard let users = order.users else {
            var query = query
            (query.after, query.count) = (order.after, Self.usersAtOnce)
            let asked = query
            let page = try await reading(tenant, runtime) { snapshot throws(StoreError) in
                try await snapshot.roster(asked)
            }
            return (page.entries, [], page.next)
        }
        try Self.requireFew(users)
        let found = try await reading(tenant, runtime) { snapshot throws(StoreError) in
            var found: [ResourceID: RosterEntry] = [:]
            for id in users {
                guard let query = RosterQuery(.living, where: "id", is: id) else { continue }
                if let entry = try await snapshot.first(query) { found[entry.resource.id] = entry }
            }
            return found
        }
        let missing = users.filter { found[ResourceID($0)] == nil }
        return (found.values.sorted { $0.row < $1.row }, missing, nil)
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
            var foresight = Foresight(snapshot)
            var results: [AdminMessages.UserResult] = []
            for user in order.users {
                let id = ResourceID(user)
                let refusal =
                    isPurge
                    ? try await foresight.refusal(purging: id, includesLiving: order.includesLiving)
                    : try await foresight.refusal(restoring: id)
                results.append(.init(user: user, refusal: refusal?.operatorText))
            }
            return results
        }
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
        if lostGroups > 0 {
            losses.append("\(lostGroups) of its groups \(lostGroups == 1 ? "is" : "are") gone")
        }
        if owner == nil { losses.append("no connection manages it") }
        return losses
    }
}
