import CloudProfiles
import SCIM
import Synchronization
import Tenancy
import Testing

@testable import Store

@Suite("Open stores")
struct TenantStoresTests {
    @Test func `a store is opened once, however many ask at once`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 10)

        let count = try await withThrowingTaskGroup { group in
            for _ in 0..<64 { group.addTask { try await stores.store(for: .of("acme")) } }
            return try await group.reduce(into: 0) { count, _ in count += 1 }
        }

        #expect(count == 64)
        #expect(opener.opened == ["acme"])
    }

    @Test func `1,000 tenants share 50 open stores, and none loses what was written`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 50)

        for round in 1...2 {
            for first in stride(from: 0, to: 1_000, by: 20) {
                try await withThrowingTaskGroup { group in
                    for number in first..<(first + 20) {
                        group.addTask {
                            let store = try await stores.store(for: .of("t\(number)"))
                            let page = try await store.search(.groups, for: .nobody)
                            #expect(page.totalResults == 1)
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(stores.openCount <= 50)
            }
            #expect(opener.opened.count == round * 1_000)
        }
        #expect(opener.mostOpen <= 50 + 20)
    }

    @Test func `a store in use is never closed; the least recently used idle one is`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 3)
        let used = try await stores.store(for: .of("used"))
        _ = try await stores.store(for: .of("a"))
        _ = try await stores.store(for: .of("b"))
        _ = try await stores.store(for: .of("a"))

        _ = try await stores.store(for: .of("c"))
        try await stores.untilClosed("b")
        _ = try await stores.store(for: .of("d"))
        try await stores.untilClosed("a")

        #expect(opener.closed == ["b", "a"])
        _ = try await used.search(.groups, for: .nobody)
    }

    @Test func `when all are in use another is refused for now`() async throws {
        let stores = Opener().stores(capacity: 1)
        let used = try await stores.store(for: .of("used"))

        await #expect(throws: StoreError.self) { _ = try await stores.store(for: .of("other")) }

        _ = try await used.search(.groups, for: .nobody)
    }

    @Test func `a store that cannot be opened is tried again by the next who asks`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 2)
        opener.fail(with: .unusable("damaged"))

        await #expect(throws: StoreError.unusable("damaged")) { _ = try await stores.store(for: .of("acme")) }
        opener.fail(with: nil)

        _ = try await stores.store(for: .of("acme"))
        #expect(stores.openCount == 1)
    }

    @Test func `groups are arranged at the first opening and when the tenant's file changed`() async throws {
        let stores = Opener().stores(capacity: 2)
        let before = try await stores.store(for: .of("acme")).search(.groups, for: .nobody).resources

        let scope = TenantScope.of("acme", groups: [("a", "Renamed"), ("b", "B")])
        let after = try await stores.store(for: scope).search(.groups, for: .nobody).resources

        #expect(before.count == 1 && after.count == 2)
        #expect(after.first?.id == before.first?.id && after.first?.version.number == 2)
    }

    @Test func `tenants of one name in two profiles have two stores`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 2)

        _ = try await stores.store(for: .of("acme"))
        _ = try await stores.store(for: .of("acme", profile: .gccHigh))

        #expect(opener.opened.count == 2)
    }

    @Test func `sixteen stores make way while those who took their places go on; the next one waits`()
        async throws
    {
        let opener = Opener()
        let stores = opener.stores(capacity: 1)
        opener.closings.hold()
        let aside = TenantStores.mostClosingsAside

        for number in 0...aside { _ = try await stores.store(for: .of("t\(number)")) }
        #expect(opener.closed.isEmpty, "nobody waited for the first sixteen")
        async let next = stores.store(for: .of("next"))
        await opener.closings.untilHeld(aside + 1)
        opener.closings.release()
        _ = try await next

        #expect(opener.closed.contains("t\(aside)"), "the one that made way for the next is closed")
        await stores.closeAll()
        #expect(opener.closed.count == aside + 2)
    }

    @Test func `whoever works alone finds the store closed, and nobody opens it meanwhile`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 5)
        _ = try await stores.store(for: .of("acme"))

        let closed = try await stores.alone(with: .init("acme"), of: .commercial) {
            () async throws(StoreError) in
            opener.closed
        }
        _ = try await stores.store(for: .of("acme"))

        #expect(closed == ["acme"] && opener.opened == ["acme", "acme"])
    }

    @Test func `nobody works alone on a store that is in use, and what fails there leaves it open to others`()
        async throws
    {
        let stores = Opener().stores(capacity: 5)
        let used = try await stores.store(for: .of("acme"))

        await #expect(throws: StoreError.self) {
            try await stores.alone(with: .init("acme"), of: .commercial) { () async throws(StoreError) in }
        }
        await #expect(throws: StoreError.notFound) {
            try await stores.alone(with: .init("other"), of: .commercial) { () async throws(StoreError) in
                throw .notFound
            }
        }

        _ = try await used.search(.groups, for: .nobody)
        _ = try await stores.store(for: .of("other"))
    }

    @Test func `after closeAll everything is closed and nothing opens`() async throws {
        let opener = Opener()
        let stores = opener.stores(capacity: 5)
        for name in ["a", "b", "c"] { _ = try await stores.store(for: .of(name)) }

        await stores.closeAll()

        #expect(opener.closed.sorted() == ["a", "b", "c"])
        await #expect(throws: StoreError.self) { _ = try await stores.store(for: .of("a")) }
    }
}

extension StoreQuery {
    /// All groups.
    fileprivate static let groups = StoreQuery(type: .group, filter: nil, offset: 0, count: 100)
}

extension TenantScope {
    /// An operator's scope of a tenant with one group.
    fileprivate static func of(
        _ name: String,
        groups: [(String, String)] = [("a", "A")],
        profile: CloudProfile.Name = .commercial
    ) -> TenantScope {
        let tenant = Tenant(
            id: .init(name),
            displayName: name,
            profile: profile,
            status: .active,
            overlap: .lastWriter,
            groups: groups.map { TargetGroup(id: .init($0.0), displayName: $0.1) },
            connections: [],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 25, burst: 25, queueTime: .zero)
        )
        return OperatorAccess.scope(tenant: tenant, profile: .named(profile), operator: "test")
    }
}

extension TenantStores {
    /// Waits for the end of a closing that is under way.
    fileprivate func untilClosed(_ name: String) async throws {
        try await alone(with: .init(name), of: .commercial) { () async throws(StoreError) in }
    }
}

/// Holds those who come, until they are released; open at first.
private final class Gate: Sendable {
    private struct State {
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var observer: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    func hold() { state.withLock { $0.isHolding = true } }

    func pass() async {
        await withCheckedContinuation { continuation in
            let (passes, observer) = state.withLock { state in
                guard state.isHolding else { return (true, nil as CheckedContinuation<Void, Never>?) }
                state.held.append(continuation)
                let isEnough = state.observer.map { $0.count <= state.held.count } ?? false
                return (false, isEnough ? state.observer.take()?.continuation : nil)
            }
            if passes { continuation.resume() }
            observer?.resume()
        }
    }

    /// Waits until so many are held.
    func untilHeld(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isEnough = state.withLock { state in
                if state.held.count < count { state.observer = (count, continuation) }
                return state.held.count >= count
            }
            if isEnough { continuation.resume() }
        }
    }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }
}

/// Opens in-memory stores that outlive their closing, as files do, and records what was opened and closed.
private final class Opener: Sendable {
    private struct State {
        var opened: [String] = []
        var closed: [String] = []
        var mostOpen = 0
        var failure: StoreError?
        var kept: [String: InMemoryTenantStore] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())
    /// What each closing passes.
    let closings = Gate()

    var opened: [String] { state.withLock { $0.opened } }
    var closed: [String] { state.withLock { $0.closed } }
    var mostOpen: Int { state.withLock { $0.mostOpen } }

    func fail(with error: StoreError?) { state.withLock { $0.failure = error } }

    func stores(capacity: Int) -> TenantStores {
        TenantStores(
            capacity: capacity,
            makingIDs: { _ in
                self.state.withLock { state in
                    state.lastID += 1
                    return ResourceID("group-\(state.lastID)")
                }
            },
            now: { Timestamp(milliseconds: 1_764_000_000_000) },
            opening: { tenant, profile throws(StoreError) in
                await Task.yield()
                return try self.open(tenant.text, "\(tenant.text)/\(profile.rawValue)")
            }
        )
    }

    private func open(_ name: String, _ key: String) throws(StoreError) -> any TenantStore {
        let (failure, store) = state.withLock { state -> (StoreError?, InMemoryTenantStore) in
            let store = state.kept[key] ?? InMemoryTenantStore()
            state.kept[key] = store
            if state.failure == nil { state.opened.append(name) }
            state.mostOpen = max(state.mostOpen, state.opened.count - state.closed.count)
            return (state.failure, store)
        }
        if let failure { throw failure }
        return KeptStore(actual: store) {
            await self.closings.pass()
            self.state.withLock { $0.closed.append(name) }
        }
    }
}

/// A store whose content stays when it is closed.
private final class KeptStore: TenantStore {
    private let actual: InMemoryTenantStore
    private let closing: @Sendable () async -> Void

    init(actual: InMemoryTenantStore, closing: @escaping @Sendable () async -> Void) {
        self.actual = actual
        self.closing = closing
    }

    func resource(_ type: ResourceType.Name, id: ResourceID, for viewer: Viewer, members: MemberDemand)
        async throws(StoreError) -> StoredResource?
    {
        try await actual.resource(type, id: id, for: viewer, members: members)
    }

    func search(_ query: StoreQuery, for viewer: Viewer) async throws(StoreError) -> StoredPage {
        try await actual.search(query, for: viewer)
    }

    func learnerCounts() async throws(StoreError) -> LearnerCounts { try await actual.learnerCounts() }

    func create(_ creation: Creation, for viewer: Viewer) async throws(StoreError) -> Created {
        try await actual.create(creation, for: viewer)
    }

    func load(_ creations: [Creation], for viewer: Viewer) async -> [StoreError?] {
        await actual.load(creations, for: viewer)
    }

    func change(_ change: Change, for viewer: Viewer) async throws(StoreError) -> Changed {
        try await actual.change(change, for: viewer)
    }

    func delete(_ deletion: Deletion, for viewer: Viewer) async throws(StoreError) {
        try await actual.delete(deletion, for: viewer)
    }

    func arrange(targetGroups: [TargetGroup], makingIDs: @escaping @Sendable () -> ResourceID, now: Timestamp)
        async throws(StoreError)
    {
        try await actual.arrange(targetGroups: targetGroups, makingIDs: makingIDs, now: now)
    }

    func release(learnersNotOf connections: [Connection.ID]) async throws(StoreError) {
        try await actual.release(learnersNotOf: connections)
    }

    func removeTombstones(deletedBefore moment: Timestamp) async throws(StoreError) -> Int {
        try await actual.removeTombstones(deletedBefore: moment)
    }

    func record(_ entries: [ActivityEntry], reads: [ActivityReads]) async throws(StoreError) {
        try await actual.record(entries, reads: reads)
    }

    func activity(_ query: ActivityQuery) async throws(StoreError) -> ActivityPage {
        try await actual.activity(query)
    }

    func verifiedActivity() async throws(StoreError) -> ActivityVerdict {
        try await actual.verifiedActivity()
    }

    func removeActivity(before moment: Timestamp) async throws(StoreError) -> Int {
        try await actual.removeActivity(before: moment)
    }

    func close() async { await closing() }
}

extension KeptStore {
    func snapshot() async throws(StoreError) -> any StoreSnapshot { try await actual.snapshot() }

    func move(_ learners: [ResourceID], by move: LearnerMove) async throws(StoreError) -> Int {
        try await actual.move(learners, by: move)
    }

    func restore(_ id: ResourceID, by restoration: Restoration) async throws(StoreError) -> Restored {
        try await actual.restore(id, by: restoration)
    }

    func purge(_ id: ResourceID, by purge: Purge) async throws(StoreError) {
        try await actual.purge(id, by: purge)
    }

    func reinstate(_ resources: [ArchivedResource], noting entry: ActivityEntry?) async throws(StoreError)
        -> Int
    {
        try await actual.reinstate(resources, noting: entry)
    }

    func lacking(_ resources: [ArchivedResource]) async throws(StoreError) -> Int {
        try await actual.lacking(resources)
    }

    func reinstate(_ memberships: [Membership], noting entry: ActivityEntry?) async throws(StoreError) {
        try await actual.reinstate(memberships, noting: entry)
    }

    func faults(upTo count: Int) async throws(StoreError) -> [StoreFault] {
        try await actual.faults(upTo: count)
    }

    func copy(to path: String) async throws(StoreError) { try await actual.copy(to: path) }
}
