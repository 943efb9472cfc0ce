import SCIM
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: walks by cursor, RFC 9865")
struct WalkTests {
    @Test(arguments: [nil, Self.number])
    func `a later page costs the same anywhere, and less than the first, which counts`(_ text: String?)
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            for number in 1...300 { try await store.add(number, employeeNumber: "N") }

            let rows: [Int64?] = [nil, 5, 145, 285]
            let steps = try rows.map { row in
                let query = try Self.query(text, after: row)
                return try store.file.stepsOfRead { database in
                    let rows = ResourceRows(database: database, connection: nil, codec: .identity)
                    for _ in 0..<20 {
                        let page = try ResourceSearch(rows: rows, query: query).page()
                        #expect(page.resources.count == 10 && page.totalResults == 300)
                        #expect(page.next?.row == (row ?? 0) + 10)
                    }
                }
            }

            // Counted in hundreds: SQLite calls back every 200 steps of each statement.
            #expect(abs(steps[1] - steps[2]) < 2_000 && abs(steps[2] - steps[3]) < 2_000, "\(steps)")
            #expect(steps[0] > steps[1] + 10_000, "\(steps)")
            await store.close()
        }
    }

    @Test func `a later page of a condition without an index reads no further than one match too many`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            for number in 1...40 { try await store.add(number) }
            let (first, later) = (ParseCounter(), ParseCounter())

            // Here and not on a thread: the counter belongs to the task.
            for (row, counter) in [(nil, first), (20, later)] as [(Int64?, ParseCounter)] {
                let query = try Self.query("userName co \"@\"", after: row)
                _ = try store.file.stepsOfRead { database in
                    let rows = ResourceRows(database: database, connection: nil, codec: .identity)
                    let page = try JSONReader.$observer.withValue(counter) {
                        try ResourceSearch(rows: rows, query: query).page()
                    }
                    let expected = (1...10).map { ResourceID.numbered(Int(row ?? 0) + $0) }
                    #expect(page.resources.map(\.id) == expected)
                }
            }

            #expect(first.count == 40 && later.count == 11)
            await store.close()
        }
    }

    @Test func `a walk is over when only the last match is given, and a page of a later row is empty`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            for number in 1...10 { try await store.add(number) }

            let whole = try await store.search(Self.query(nil, after: nil), for: .payroll)
            let empty = try await store.search(Self.query(nil, after: 10), for: .payroll)

            #expect(whole.resources.count == 10 && whole.next == nil)
            #expect(empty.resources.isEmpty && empty.next == nil && empty.totalResults == 300)
            await store.close()
        }
    }

    @Test func `a walk by an index stays on the event loop, page by page`() async throws {
        var limits = SQLiteLimits.standard
        limits.loopSteps = 2_000
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")
            for number in 1...300 { try await store.add(number, employeeNumber: "N") }
            let query = try Self.query(Self.number, after: 100)

            let page = try store.file.readNow { database in
                let rows = ResourceRows(database: database, connection: nil, codec: .identity)
                return try ResourceSearch(rows: rows, query: query).page(where: .employeeNumber(folded: "n"))
            }

            #expect(page?.resources.map(\.id) == (101...110).map(ResourceID.numbered))
            await store.close()
        }
    }

    private static let number =
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"N\""

    /// Pages of ten, after the resource in that row; rows count as the learners do.
    private static func query(_ text: String?, after row: Int64?) throws -> StoreQuery {
        let filter = try text.map { text throws(SCIMError) in
            try ResolvedFilter.resolve(Filter.parse(text), type: .user, set: .learner)
        }
        let position = row.map { PagePosition(row: $0, totalResults: 300) }
        return StoreQuery(type: .user, filter: filter, start: .cursor(after: position), count: 10)
    }
}

extension SQLiteFile {
    /// How many steps of SQLite's virtual machine a read takes, about.
    fileprivate func stepsOfRead(_ read: (SQLiteDatabase) throws -> Void) throws -> Int {
        var left = 0
        _ = try readers.read(.onlyIdle, .steps(.max)) { database in
            try read(database)
            if case .steps(let count) = database.allowance.rest { left = count }
        }
        return .max - left
    }
}
