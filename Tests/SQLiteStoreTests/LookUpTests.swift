import SCIM
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: look-ups by index")
struct LookUpTests {
    @Test(arguments: [
        (IndexedEquality.id("x"), "sqlite_autoindex_resources_1 (id=?"),
        (.userName(folded: "x"), "resources_by_user_name (user_name=? AND rowid>?)"),
        (.externalID("x"), "PRIMARY KEY (connection=? AND external_id=?)"),
        (.employeeNumber(folded: "x"), "resources_by_employee_number (employee_number=? AND rowid>?)"),
        (.managerValue(folded: "x"), "resources_by_manager (manager_value=? AND rowid>?)"),
        (.displayName(folded: "x"), "resources_by_display_name (display_name=? AND rowid>?)"),
        (.memberValue("x"), "members_by_member (member_row=? AND group_row>?)"),
        (.emailValue(folded: "x"), "PRIMARY KEY (value=? AND resource>?)"),
    ])
    func `every indexed equality searches its index and sorts nothing`(
        _ equality: IndexedEquality,
        _ index: String
    ) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            let plan = try await store.file.writes.perform {
                try $0.plan(of: ResourceSearch.sql(for: equality))
            }

            #expect(plan.contains { $0.contains(index) })
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") })
            await store.close()
        }
    }

    @Test(arguments: [
        (ResourceType.Name.user, "resources_by_type (type=? AND rowid>?)"),
        (nil, "INTEGER PRIMARY KEY (rowid>?)"),
    ])
    func `a list goes on where the page before ended, and sorts nothing`(
        _ type: ResourceType.Name?,
        _ index: String
    ) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            let plan = try await store.file.writes.perform {
                try $0.plan(of: ResourceSearch.sql(forRowsOf: type))
            }

            #expect(plan.count == 1 && plan.first?.hasPrefix("SEARCH") == true)
            #expect(plan.first?.contains(index) == true)
            await store.close()
        }
    }

    @Test(
        arguments: [
            ResourceRows.resourceByID, ResourceRows.resourceByRow, Memberships.groupsOfMember,
            Memberships.membersOfGroup, Memberships.memberByID, Memberships.memberAtPlace,
            ResourceRows.managerByText,
        ].map { "\($0)" }
    )
    func `nothing that a read by id needs scans a table`(_ sql: String) async throws {
        let statements = [
            ResourceRows.resourceByID, ResourceRows.resourceByRow, Memberships.groupsOfMember,
            Memberships.membersOfGroup, Memberships.memberByID, Memberships.memberAtPlace,
            ResourceRows.managerByText,
        ]
        let statement = try #require(statements.first { "\($0)" == sql })
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            let plan = try await store.file.writes.perform { try $0.plan(of: statement) }

            #expect(plan.allSatisfy { !$0.contains("SCAN") && !$0.contains("TEMP B-TREE") })
            await store.close()
        }
    }

    @Test func `a read by id and an exact look-up parse no JSON`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            try await store.add(2, manager: "user1@example.com")
            let filter = try ResolvedFilter.resolve(
                Filter.parse("userName eq \"user2@example.com\""),
                type: .user,
                set: .learner
            )
            let query = StoreQuery(type: .user, filter: filter, offset: 0, count: 1)

            let counter = ParseCounter()
            let found = try await JSONReader.$observer.withValue(counter) {
                let page = try await store.search(query, for: .payroll)
                let read = try await store.resource(.user, id: .numbered(2), for: .payroll, members: .none)
                return (page, read)
            }

            #expect(found.0.totalResults == 1)
            #expect(found.1?.managerReference?.id == .numbered(1))
            #expect(counter.count == 0)
            await store.close()
        }
    }

    @Test func `a look-up with too many steps for an event loop goes on to a thread`() async throws {
        var limits = SQLiteLimits.standard
        limits.loopSteps = 1_000
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")
            for number in 1...300 { try await store.add(number, employeeNumber: "N") }
            let filter = try ResolvedFilter.resolve(
                Filter.parse(
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"N\""
                ),
                type: .user,
                set: .learner
            )
            let query = StoreQuery(type: .user, filter: filter, offset: 0, count: 1_000)

            let onLoop = try store.file.readNow { database in
                let rows = ResourceRows(database: database, connection: nil, codec: .identity)
                return try ResourceSearch(rows: rows, query: query).page(where: .employeeNumber(folded: "n"))
            }
            let page = try await store.search(query, for: .payroll)

            #expect(onLoop == nil)
            #expect(page.totalResults == 300 && page.resources.count == 300)
            await store.close()
        }
    }

    @Test func `a search that is over its time is tooCostly`() async throws {
        let clock = SteppingClock(step: .milliseconds(300))
        try await withDataRoot(now: clock.now) { root in
            let store = try await root.openTenant("acme")
            for number in 1...3 { try await store.add(number) }
            let filter = try ResolvedFilter.resolve(
                Filter.parse("userName co \"@\""),
                type: .user,
                set: .learner
            )
            let query = StoreQuery(type: .user, filter: filter, offset: 0, count: 10)

            let few = try await store.search(query, for: .payroll)
            for number in 4...20 { try await store.add(number) }

            #expect(few.totalResults == 3)
            await #expect(throws: StoreError.tooCostly) { try await store.search(query, for: .payroll) }
            await store.close()
        }
    }
}
