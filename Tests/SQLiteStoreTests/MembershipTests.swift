import SCIM
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: members are rows")
struct MembershipTests {
    @Test(arguments: [999, 1_000, 1_001, 2_500])
    func `a group of more than a page of members is read whole, and emptied`(count: Int) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...count)
            let group = try await store.group(1...count)

            let read = try await store.resource(.group, id: group, for: .directory, members: .all)
            let emptied = try await store.edit(group, [.replaceAll([])])

            #expect(read?.members?.count == count)
            #expect(Set(read?.members?.map(\.id) ?? []) == Set((1...count).map { .numbered($0) }))
            #expect(emptied.resource.members == [])
            await store.close()
        }
    }

    @Test
    func `a group too large for the steps of an event loop is read on a thread, and is no costly filter`()
        async throws
    {
        var limits = SQLiteLimits.standard
        limits.loopSteps = 1_000
        // Each look at the clock moves it on: three pages are longer than one search may be.
        let clock = SteppingClock(step: .milliseconds(30))
        try await withDataRoot(limits: limits, now: clock.now) { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...3_000)
            let group = try await store.group(1...3_000)

            let read = try await store.resource(.group, id: group, for: .directory, members: .all)

            #expect(read?.members?.count == 3_000)
            await store.close()
        }
    }

    @Test func `to add and remove one member touches one row, whatever the size of the group`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...2_001)
            let group = try await store.group(1...2_000)

            let added = try await store.rowsChanged {
                try await store.edit(group, [.add([.numbered(2_001)])])
            }
            let removed = try await store.rowsChanged {
                try await store.edit(group, [.remove([.numbered(7)])])
            }

            // The member's row, and the group's own.
            #expect(added == 2 && removed == 2)
            await store.close()
        }
    }

    @Test func `a group whose members nobody demands is read without a look at them`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...2)
            let group = try await store.group(1...2)
            try await store.file.writes.perform { try $0.execute("DROP TABLE members") }

            let read = try await store.resource(.group, id: group, for: .directory, members: .none)

            #expect(read?.id == group && read?.members == nil)
            await #expect(throws: StoreError.self) {
                try await store.resource(.group, id: group, for: .directory, members: .all)
            }
            await store.close()
        }
    }

    @Test(arguments: [(5, 2), (6, 2), (7, 3), (3, 1), (4, 2)])
    func `a page ends with the group whose members reach the limit, and the walk goes on after it`(
        limit: Int,
        expected: Int
    ) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...3)
            for number in 1...4 { _ = try await store.group(1...3, ResourceID("group-\(number)")) }
            let byName = try ResolvedSort.resolve("displayName", .ascending, type: .group, set: .full)
            let all = try ResolvedFilter.resolve(Filter.parse("displayName pr"), type: .group, set: .full)
            let one = try ResolvedFilter.resolve(
                Filter.parse("displayName eq \"x\""),
                type: .group,
                set: .full
            )

            for (filter, sort) in [(nil, nil), (all, nil), (nil, byName), (one, nil)]
                as [(ResolvedFilter?, ResolvedSort?)]
            {
                let query = StoreQuery(
                    type: .group,
                    filter: filter,
                    sort: sort,
                    start: .cursor(after: nil),
                    count: 100,
                    members: .all
                )
                let page = try await store.page(query, memberLimit: limit)
                let isEmpty = filter?.isExactly != nil
                #expect(page.resources.count == (isEmpty ? 0 : expected))
                #expect(page.totalResults == (isEmpty ? 0 : 4))
                #expect((page.next == nil) == isEmpty)
            }
            await store.close()
        }
    }

    @Test func `a test for one member reads no other, in brackets or not`() async throws {
        var limits = SQLiteLimits.standard
        limits.searchTime = .milliseconds(100)
        // A search that looked at all 3,000 would spend its time: each 200 steps move the clock on.
        let clock = SteppingClock(step: .milliseconds(2))
        try await withDataRoot(limits: limits, now: clock.now) { root in
            let store = try await root.openTenant("acme")
            try await store.add(1...3_000)
            let group = try await store.group(1...3_000)
            let one = ResourceID.numbered(2_999)

            for filter in [
                "id eq \"\(group)\" and members eq \"\(one)\"",
                "displayName eq \"Everyone\" and members[value eq \"\(one)\" and type eq \"User\"]",
            ] {
                let resolved = try ResolvedFilter.resolve(Filter.parse(filter), type: .group, set: .full)
                let query = StoreQuery(type: .group, filter: resolved, offset: 0, count: 10)
                #expect(try await store.search(query, for: .directory).totalResults == 1)
            }
            await store.close()
        }
    }
}

extension SQLiteTenantStore {
    fileprivate func add(_ numbers: ClosedRange<Int>) async throws {
        try await withThrowingTaskGroup { tasks in
            for number in numbers { tasks.addTask { try await self.add(number) } }
            try await tasks.waitForAll()
        }
    }

    fileprivate func page(_ query: StoreQuery, memberLimit: Int) async throws -> StoredPage {
        try await file.readOnThread { database in
            let rows = ResourceRows(database: database, connection: nil, codec: .identity)
            return try ResourceSearch(rows: rows, query: query, memberLimit: memberLimit).page()
        }
    }

    fileprivate func group(_ members: ClosedRange<Int>, _ id: ResourceID = ResourceID("group")) async throws
        -> ResourceID
    {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string("Everyone"))
        group.memberEdits = [.add(members.map { .numbered($0) })]
        let creation = Creation(
            resource: try Validation.validate(group, set: .full),
            id: id,
            targetGroup: nil,
            now: Timestamp(milliseconds: 0),
            isManaged: true,
            associating: nil
        )
        _ = try await create(creation, for: .directory)
        return id
    }

    fileprivate func edit(_ group: ResourceID, _ edits: [MemberEdit]) async throws -> Changed {
        let change = Change(type: .group, id: group, now: Timestamp(milliseconds: 1), members: .all) {
            current throws(SCIMError) in
            var group = try current.resource.resource()
            group.memberEdits = edits
            return .init(try Validation.validate(group, set: .full))
        }
        return try await self.change(change, for: .directory)
    }

    /// How many rows of all tables a write inserted, updated or deleted.
    fileprivate func rowsChanged(_ write: () async throws -> Changed) async throws -> Int64 {
        let before = try await file.writes.perform { try $0.integer("SELECT total_changes()") }
        _ = try await write()
        return try await file.writes.perform { try $0.integer("SELECT total_changes()") } - before
    }
}
