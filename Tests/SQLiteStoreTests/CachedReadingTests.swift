import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: what is at hand is what SQLite would give")
struct CachedReadingTests {
    /// The same changes of two stores, and the same readings after each.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `with and without a cache all answers are the same`(seed: UInt64) async throws {
        var without = SQLiteLimits.standard
        without.cacheBytes = 0
        try await withDataRoot { root in
            try await withDataRoot(limits: without) { plainRoot in
                let (cached, plain) = (
                    try await root.openTenant("acme"), try await plainRoot.openTenant("acme")
                )
                var drawing = Drawing(seed)
                var hits = 0

                for step in 1...250 {
                    let change = drawing.change(step)
                    #expect(await change(cached) == change(plain))
                    let readings = (1...4).map { _ in drawing.reading() }
                    // Twice: what the first round reads is at hand for the second.
                    for reading in readings + readings {
                        if reading.isAtHand(cached) { hits += 1 }
                        #expect(
                            try await reading.answer(of: cached) == reading.answer(of: plain),
                            "step \(step)"
                        )
                    }
                }

                #expect(hits > 100)
                await cached.close()
                await plain.close()
            }
        }
    }

    @Test
    func
        `whoever reads after the answer to a write sees it, and nobody sees an older state after a newer one`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            let progress = Progress()

            try await withThrowingTaskGroup { tasks in
                for _ in 1...3 {
                    tasks.addTask {
                        var last: Int64 = 0
                        while !progress.isOver.load(ordering: .relaxed) {
                            let least = max(last, progress.answered.load(ordering: .sequentiallyConsistent))
                            let read = try await store.resource(
                                .user,
                                id: .numbered(1),
                                for: .payroll,
                                members: .none
                            )
                            last = read?.version.number ?? 0
                            #expect(last >= least)
                            await Task.yield()
                        }
                    }
                }
                for number in 1...300 {
                    try await store.setDepartment("D\(number)", of: 1)
                    progress.answered.store(Int64(number + 1), ordering: .sequentiallyConsistent)
                }
                progress.isOver.store(true, ordering: .relaxed)
                try await tasks.waitForAll()
            }

            #expect(progress.answered.load(ordering: .relaxed) == 301)
            await store.close()
        }
    }

    @Test func `whoever was written is at hand for the connection that wrote, and for no other`() async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            let isAtHandWhenMade = Reading.id(1, .payroll).isAtHand(store)
            try await store.setDepartment("Engines", of: 1)

            #expect(isAtHandWhenMade && Reading.id(1, .payroll).isAtHand(store))
            #expect(!Reading.id(1, .directory).isAtHand(store))
            await store.close()
        }
    }

    /// A write that failed at its commit has changed nothing, and leaves nothing at hand that SQLite does not give.
    @Test func `a refused change leaves what is at hand as it was`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            try await store.add(2)
            let before = try await Reading.id(1, .payroll).answer(of: store)

            await #expect(throws: StoreError.userNameTaken) {
                try await store.edit(1) { $0.attributes["userName"] = .simple(.string("User2@example.com")) }
            }

            #expect(Reading.id(1, .payroll).isAtHand(store))
            #expect(try await Reading.id(1, .payroll).answer(of: store) == before)
            await store.close()
        }
    }
}

/// How far a writer has come.
private final class Progress: Sendable {
    /// The version that the last answer told.
    let answered = Atomic<Int64>(1)
    /// Whether it writes no more.
    let isOver = Atomic(false)
}

/// A reading, whose answer is a text that holds all that is shown.
private enum Reading {
    case id(Int, Viewer)
    case name(IndexedEquality, Viewer)

    func answer(of store: SQLiteTenantStore) async throws -> [String] {
        switch self {
        case .id(let number, let viewer):
            let found = try await store.resource(.user, id: .numbered(number), for: viewer, members: .none)
            return found.map { [$0.shown] } ?? []
        case .name(let equality, let viewer):
            let filter = try ResolvedFilter.resolve(
                .parse(equality.filter),
                type: .user,
                set: viewer.attributeSet
            )
            let query = StoreQuery(type: .user, filter: filter, offset: 0, count: 10)
            let page = try await store.search(query, for: viewer)
            return ["\(page.totalResults)"] + page.resources.map(\.shown)
        }
    }

    func isAtHand(_ store: SQLiteTenantStore) -> Bool {
        let shelf = store.file.readers.shelf
        return switch self {
        case .id(let number, let viewer): shelf.learner(.numbered(number), for: viewer.connection) != nil
        case .name(let equality, let viewer):
            shelf.learner(
                named: .init(equality: equality, connection: viewer.connection, codec: .identity)
            ) != nil
        }
    }
}

/// Changes and readings that a seed decides, of a dozen people with few names between them.
private struct Drawing {
    private var state: UInt64
    private var people: [Int] = []

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    private mutating func draw(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }

    private mutating func viewer() -> Viewer { draw(3) == 0 ? .directory : .payroll }
    private mutating func person() -> Int { people.isEmpty ? 1 : people[draw(people.count)] }

    /// One change; its answer is a word for how it ended.
    mutating func change(_ step: Int) -> @Sendable (SQLiteTenantStore) async -> String {
        let (kind, number, other, name) = (draw(14), person(), person(), draw(8))
        let viewer = viewer()
        if people.count < 12 || kind == 0 { people.append(step) }
        let isNew = people.last == step
        if people.count > 14 { people.removeFirst() }
        let manager = [ResourceID.numbered(other).text, "User\(other)@example.com", "external-\(other)"][
            draw(3)
        ]
        return { store in
            do {
                if isNew {
                    try await store.add(step, manager: step.isMultiple(of: 3) ? manager : nil, group: nil)
                    return "added"
                }
                switch kind {
                case 1...4: try await store.setDepartment("D\(step)", of: number)
                case 5:
                    try await store.edit(number) { $0.attributes["userName"] = .simple(.string("N\(name)")) }
                case 6: try await store.edit(number, for: viewer) { $0.externalID = "external-\(name)" }
                case 7: try await store.edit(number) { $0.enterprise["manager"] = .named(manager) }
                case 8:
                    let deletion = Deletion(type: .user, id: .numbered(number), now: .later) { _ in }
                    try await store.delete(deletion, for: viewer)
                case 9: try await store.addGroup(step, members: [.numbered(number), .numbered(other)])
                case 10: try await store.editGroups { $0.memberEdits = [.add([.numbered(number)])] }
                case 11: try await store.editGroups { $0.memberEdits = [.remove([.numbered(number)])] }
                case 12:
                    try await store.editGroups { $0.attributes["displayName"] = .simple(.string("G\(step)")) }
                default:
                    let groups = [TargetGroup(id: .init("branch"), displayName: "Branch \(step)")]
                    let id = ResourceID.numbered(9_000 + step)
                    try await store.arrange(targetGroups: groups, makingIDs: { id }, now: .later)
                    let move = LearnerMove(from: nil, to: .init("branch"), now: .later, origin: nil)
                    return "moved \(try await store.move([.numbered(number)], by: move))"
                }
                return "done"
            } catch {
                return "\(error)"
            }
        }
    }

    mutating func reading() -> Reading {
        let (number, viewer) = (person(), viewer())
        return switch draw(4) {
        case 0: .name(.userName(folded: "user\(number)@example.com"), viewer)
        case 1: .name(.userName(folded: "n\(draw(8))"), viewer)
        case 2: .name(.externalID("external-\(draw(2) == 0 ? number : draw(8))"), viewer)
        default: .id(number, viewer)
        }
    }
}

extension SQLiteTenantStore {
    /// Changes a learner.
    fileprivate func edit(
        _ number: Int,
        for viewer: Viewer = .payroll,
        _ edit: @escaping @Sendable (inout Resource) -> Void
    ) async throws {
        let change = Change(type: .user, id: .numbered(number), now: .later) { current throws(SCIMError) in
            var resource = try current.resource.resource()
            edit(&resource)
            return .init(try Validation.validate(resource, set: viewer.attributeSet))
        }
        _ = try await self.change(change, for: viewer)
    }

    /// Adds a group, and puts it into the one before: groups are in groups.
    fileprivate func addGroup(_ number: Int, members: [ResourceID]) async throws {
        let above = try await groups().last
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string("G\(number)"))
        group.memberEdits = [.add(members)]
        let creation = Creation(
            resource: try Validation.validate(group, set: .full),
            id: .numbered(number),
            targetGroup: nil,
            now: .later,
            isManaged: true,
            associating: nil
        )
        _ = try await create(creation, for: .directory)
        if let above { try await editGroup(above) { $0.memberEdits = [.add([.numbered(number)])] } }
    }

    /// Changes the oldest group that a client made, if there is one.
    fileprivate func editGroups(_ edit: @escaping @Sendable (inout Resource) -> Void) async throws {
        if let first = try await groups().first { try await editGroup(first, edit) }
    }

    private func editGroup(_ id: ResourceID, _ edit: @escaping @Sendable (inout Resource) -> Void)
        async throws
    {
        let change = Change(type: .group, id: id, now: .later) { current throws(SCIMError) in
            var group = try current.resource.resource()
            edit(&group)
            return .init(try Validation.validate(group, set: .full))
        }
        _ = try await self.change(change, for: .directory)
    }

    private func groups() async throws -> [ResourceID] {
        let page = try await search(
            StoreQuery(type: .group, filter: nil, offset: 0, count: 100),
            for: .directory
        )
        return page.resources.map(\.id).filter { !$0.text.hasSuffix("branch") }
    }
}

extension StoredResource {
    /// All that a client sees of it, and what a store tells beside.
    fileprivate var shown: String {
        "\(version) \(writtenSet) " + String(decoding: rendered(locationPrefix: "https://a"), as: UTF8.self)
    }
}

extension IndexedEquality {
    /// As a client writes it.
    fileprivate var filter: String {
        switch self {
        case .externalID(let text): "externalId eq \"\(text)\""
        case .userName(let text): "userName eq \"\(text)\""
        default: "id eq \"\""
        }
    }
}

extension AttributeValue {
    /// A complex value with this `value`.
    fileprivate static func named(_ text: String) -> AttributeValue {
        var value = ComplexValue()
        value["value"] = .simple(.string(text))
        return .complex(value)
    }
}

extension Timestamp {
    fileprivate static let later = Timestamp(milliseconds: 1_764_000_002_000)
}
