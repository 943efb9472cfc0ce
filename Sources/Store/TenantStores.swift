package import CloudProfiles
package import SCIM
import Synchronization
package import Tenancy

/// The open stores of all tenants: a store for a scope, and no other way to one.
///
/// At most `capacity` are open. A store that nobody uses is closed, the least recently used first, when another must
/// be opened; one in use never is. A tenant's store is opened once however many ask for it, and never before an earlier
/// opening of the same file has been closed.
package final class TenantStores: Sendable {
    private let opening: Opening
    private let capacity: Int
    private let makeID: @Sendable (CloudProfile.Name) -> ResourceID
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// Opens a tenant's store.
    ///
    /// It must not block the caller's thread.
    package typealias Opening =
        @Sendable (Tenant.ID, CloudProfile.Name) async throws(StoreError) -> any TenantStore

    /// A tenant of a profile.
    fileprivate struct Key: Hashable {
        let tenant: Tenant.ID
        let profile: CloudProfile.Name
    }

    fileprivate typealias Waiter = CheckedContinuation<Result<Void, StoreError>, Never>

    /// What is open, and what is being opened or closed.
    fileprivate struct State {
        var open: [Key: OpenStore] = [:]
        /// Stores that are being opened or closed, with those who wait for the end of it.
        var changing: [Key: [Waiter]] = [:]
        /// Those of `changing` that are being opened: they count as open.
        var openings = 0
        /// Those of `changing` that are closed while nobody waits for it.
        var closingsAside = 0
        var uses: UInt64 = 0
        var isClosed = false
    }

    /// An open store, with what decides when it is closed.
    fileprivate struct OpenStore {
        var store: SharedStore
        var groups: [TargetGroup]
        var lastUse: UInt64
    }

    /// What a caller must do next.
    private enum Step {
        case use(SharedStore)
        case arrange(SharedStore)
        case wait
        case open(closing: Victim?)
        case refuse(StoreError)
    }

    /// An idle store that makes way.
    private struct Victim {
        let key: Key
        let store: SharedStore
        /// Whether the one who opens another goes on before this one is closed.
        let isAside: Bool
    }

    /// Stores that may be being closed while those who took their places go on, at most.
    ///
    /// Closing writes the log into the file: three syncs that the first answer of a tenant need not wait for. Each keeps
    /// descriptors beyond what may be open, so a storm of openings waits as soon as so many are behind.
    static let mostClosingsAside = 16

    /// No store is open yet.
    ///
    /// - Parameters:
    ///   - capacity: How many may be open at once, 1 or more.
    ///   - makeID: The id of a target group that is seen for the first time.
    ///   - now: When that is.
    ///   - opening: Opens one.
    package init(
        capacity: Int,
        makingIDs makeID: @escaping @Sendable (CloudProfile.Name) -> ResourceID,
        now: @escaping @Sendable () -> Timestamp,
        opening: @escaping Opening
    ) {
        self.capacity = max(1, capacity)
        self.makeID = makeID
        self.now = now
        self.opening = opening
    }

    /// The store of the scope's tenant, its target groups as in the tenant's file.
    ///
    /// Without suspension when it is open.
    ///
    /// - Throws: `.unavailable` when it cannot be opened now, `.unusable` when its file is damaged or too new.
    package func store(for scope: TenantScope) async throws(StoreError) -> any TenantStore {
        let key = Key(tenant: scope.tenant.id, profile: scope.profile.name)
        while true {
            switch next(key, scope.tenant.groups) {
            case .use(let store): return store
            case .arrange(let store): try await arrange(scope.tenant.groups, in: store, key)
            case .wait: try await wait(for: key)
            case .open(let victim): try await open(key, scope.tenant.groups, closing: victim)
            case .refuse(let error): throw error
            }
        }
    }

    /// Removes the records of what the tenant's clients deleted longer ago than its retention.
    ///
    /// Gives how many.
    package func removeTombstones(of scope: TenantScope) async throws(StoreError) -> Int {
        let retention = scope.tenant.deletedRetention.components.seconds.multipliedReportingOverflow(
            by: 1_000
        )
        guard !retention.overflow else { return 0 }
        let moment = Timestamp(milliseconds: now().milliseconds - retention.partialValue)
        return try await store(for: scope).removeTombstones(deletedBefore: moment)
    }

    /// Works on a tenant's files while its store is closed and stays closed: for a tenant whom nobody is served.
    ///
    /// - Throws: `.unavailable` when somebody uses the store, or what the work throws.
    package func alone<Value: Sendable>(
        with tenant: Tenant.ID,
        of profile: CloudProfile.Name,
        _ work: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let key = Key(tenant: tenant, profile: profile)
        while true {
            switch nextAlone(key) {
            case .wait: try await wait(for: key)
            case .refuse(let error): throw error
            case .work(let store):
                if let store { await store.actual.close() }
                let result: Result<Value, StoreError>
                do throws(StoreError) {
                    result = .success(try await work())
                } catch {
                    result = .failure(error)
                }
                let waiters = state.withLock { $0.changing.removeValue(forKey: key) ?? [] }
                for waiter in waiters { waiter.resume(returning: .success(())) }
                return try result.get()
            }
        }
    }

    /// Closes all stores, those in use too; none opens afterwards.
    ///
    /// For the end of the process.
    package func closeAll() async {
        while true {
            let (stores, changing) = state.withLock { state in
                state.isClosed = true
                let stores = state.open.map { ($0.key, $0.value.store) }
                for (key, _) in stores { state.changing[key] = [] }
                state.open = [:]
                return (stores, state.changing.keys.first)
            }
            await withTaskGroup { group in
                for (key, store) in stores { group.addTask { await self.close(store, key) } }
            }
            guard let key = changing, stores.isEmpty else {
                if stores.isEmpty { return }
                continue
            }
            // Another caller opens or closes it; how that ends does not matter here.
            _ = try? await wait(for: key)
        }
    }

    /// The tenants of a profile whose stores are open.
    package func openTenants(of profile: CloudProfile.Name) -> [Tenant.ID] {
        state.withLock { state in state.open.keys.filter { $0.profile == profile }.map(\.tenant) }
    }

    /// The tenant's store when it is open; opens none, and is no use of it that keeps it open longer.
    package func openStore(of tenant: Tenant.ID, _ profile: CloudProfile.Name) -> (any TenantStore)? {
        state.withLock { $0.open[Key(tenant: tenant, profile: profile)]?.store }
    }

    /// How many stores are open or being opened.
    package var openCount: Int { state.withLock { $0.open.count + $0.openings } }
}

// MARK: - Steps

extension TenantStores {
    /// What one who wants a tenant's files alone must do next.
    private enum StepAlone {
        case work(closing: SharedStore?)
        case wait
        case refuse(StoreError)
    }

    private func nextAlone(_ key: Key) -> StepAlone {
        state.withLock { state in
            if state.isClosed { return .refuse(.unavailable("The stores are closed.")) }
            if state.changing[key] != nil { return .wait }
            if let index = state.open.index(forKey: key) {
                // References are given out under this lock only: one that is unique is idle.
                guard isKnownUniquelyReferenced(&state.open.values[index].store) else {
                    return .refuse(.unavailable("The store is in use; try again when nobody works on it."))
                }
            }
            let store = state.open.removeValue(forKey: key)?.store
            state.changing[key] = []
            return .work(closing: store)
        }
    }

    private func next(_ key: Key, _ groups: [TargetGroup]) -> Step {
        state.withLock { state in
            state.uses += 1
            if let index = state.open.index(forKey: key) {
                state.open.values[index].lastUse = state.uses
                let open = state.open.values[index]
                return open.groups.isSame(as: groups) ? .use(open.store) : .arrange(open.store)
            }
            if state.isClosed { return .refuse(.unavailable("The stores are closed.")) }
            if state.changing[key] != nil { return .wait }

            var victim: Victim?
            if state.open.count + state.openings >= capacity {
                guard let idle = state.leastRecentlyUsedIdle() else {
                    return .refuse(.unavailable("All stores that may be open are in use."))
                }
                let isAside = state.closingsAside < Self.mostClosingsAside
                victim = state.open.removeValue(forKey: idle).map { open in
                    Victim(key: idle, store: open.store, isAside: isAside)
                }
                if isAside { state.closingsAside += 1 }
                state.changing[idle] = []
            }
            state.changing[key] = []
            state.openings += 1
            return .open(closing: victim)
        }
    }

    /// Opens a store while another is closed: two files, two threads.
    private func open(
        _ key: Key,
        _ groups: [TargetGroup],
        closing victim: Victim?
    ) async throws(StoreError) {
        async let closed: Void = makeWay(victim)
        let result: Result<SharedStore, StoreError>
        do throws(StoreError) {
            result = .success(try await opened(key, groups))
        } catch {
            result = .failure(error)
        }
        await closed

        let waiters = state.withLock { state in
            state.openings -= 1
            if case .success(let store) = result {
                state.open[key] = OpenStore(store: store, groups: groups, lastUse: state.uses)
            }
            return state.changing.removeValue(forKey: key) ?? []
        }
        for waiter in waiters { waiter.resume(returning: result.map { _ in }) }
        _ = try result.get()
    }

    private func opened(_ key: Key, _ groups: [TargetGroup]) async throws(StoreError) -> SharedStore {
        let store = try await opening(key.tenant, key.profile)
        do throws(StoreError) {
            let makeID = makeID
            try await store.arrange(targetGroups: groups, makingIDs: { makeID(key.profile) }, now: now())
        } catch {
            await store.close()
            throw error
        }
        return SharedStore(store)
    }

    private func arrange(_ groups: [TargetGroup], in store: SharedStore, _ key: Key) async throws(StoreError)
    {
        let makeID = makeID
        try await store.arrange(targetGroups: groups, makingIDs: { makeID(key.profile) }, now: now())
        state.withLock { state in
            // It cannot have been closed: this caller uses it. Another may have arranged it meanwhile, to the same end.
            guard let index = state.open.index(forKey: key) else { return }
            state.open.values[index].groups = groups
        }
    }

    /// Closes the store, or has it closed.
    private func makeWay(_ victim: Victim?) async {
        guard let victim else { return }
        guard victim.isAside else { return await close(victim.store, victim.key) }
        // It stands in `changing`: whoever wants the tenant, and `closeAll`, wait for the end of it.
        Task {
            await close(victim.store, victim.key)
            state.withLock { $0.closingsAside -= 1 }
        }
    }

    private func close(_ store: SharedStore, _ key: Key) async {
        await store.actual.close()
        let waiters = state.withLock { $0.changing.removeValue(forKey: key) ?? [] }
        for waiter in waiters { waiter.resume(returning: .success(())) }
    }

    private func wait(for key: Key) async throws(StoreError) {
        let result = await withCheckedContinuation { (waiter: Waiter) in
            let mustWait = state.withLock { state in
                guard state.changing[key] != nil else { return false }
                state.changing[key]?.append(waiter)
                return true
            }
            if !mustWait { waiter.resume(returning: .success(())) }
        }
        try result.get()
    }
}

extension TenantStores.State {
    /// A caller holds a reference to the store it uses, for as long as it uses it; references are given out
    /// under this state's lock only.
    ///
    /// So one that has no other reference is idle, and stays so until the lock is free.
    fileprivate mutating func leastRecentlyUsedIdle() -> TenantStores.Key? {
        var found: (key: TenantStores.Key, lastUse: UInt64)?
        // Not `for index in open.indices`: that holds a copy of the dictionary, and with it of every reference.
        var index = open.startIndex
        while index != open.endIndex {
            let (key, lastUse) = (open.keys[index], open.values[index].lastUse)
            if found.map({ lastUse < $0.lastUse }) ?? true,
                isKnownUniquelyReferenced(&open.values[index].store)
            {
                found = (key, lastUse)
            }
            open.formIndex(after: &index)
        }
        return found?.key
    }
}

extension [TargetGroup] {
    /// Same groups with the same names, by their bytes.
    fileprivate func isSame(as other: [TargetGroup]) -> Bool {
        elementsEqual(other) { left, right in
            TextOrder.isSameBytes(left.id.text, right.id.text)
                && TextOrder.isSameBytes(left.displayName, right.displayName)
        }
    }
}
