import CSQLite
import CloudProfiles
import Foundation
import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: versions of the file")
struct MigrationTests {
    @Test(arguments: 1...TenantSchema.history.newest)
    func `a file of each past version opens, with what was in it`(_ version: Int) async throws {
        try await withDataRoot { root in
            try await root.openTenant("other").close()
            try build(root.file("acme"), from: try Self.dump("tenant-v\(version)"))

            let store = try await root.openTenant("acme")

            let found = try await store.resource(.user, id: .numbered(2), for: .payroll, members: .none)
            #expect(found?.externalID == "external-2")
            #expect(found?.groups.map(\.display) == ["Head office"])
            #expect(found?.managerReference?.id == .numbered(1))
            let user = try #require(try found?.resource())
            #expect(user.attributes.string("userName") == "User2@example.com")
            #expect(try await store.search(.all, for: .payroll).totalResults == 2)
            #expect(try await store.removeTombstones(deletedBefore: Timestamp(milliseconds: .max)) == 1)
            let newest = try await store.file.writes.perform { try $0.integer("PRAGMA user_version") }
            #expect(newest == Int64(TenantSchema.history.newest))
            await store.close()
        }
    }

    @Test(arguments: [(1, 0, 0), (2, 1, 0), (3, 1, 1)])
    func `the chain of entries goes on in a file of each past version`(
        version: Int,
        unchained: Int,
        whole: Int
    )
        async throws
    {
        try await withDataRoot { root in
            try await root.openTenant("other").close()
            try build(root.file("acme"), from: try Self.dump("tenant-v\(version)"))
            let store = try await root.openTenant("acme")

            try await store.record(
                [
                    ActivityEntry(
                        .probe,
                        at: Timestamp(milliseconds: 1_764_000_002_000),
                        by: .init(actor: "system")
                    )
                ],
                reads: []
            )

            let verdict = try await store.verifiedActivity()
            #expect((verdict.unchained, verdict.whole) == (unchained, whole + 1))
            #expect(verdict.fault == nil && verdict.last.number == Int64(unchained + whole + 1))
            await store.close()
        }
    }

    @Test(arguments: 1..<ControlSchema.history.newest)
    func `a control database of each past version opens, with what was in it`(_ version: Int) async throws {
        try await withDataRoot { root in
            try await root.openTenant("other").close()
            try build("\(root.path)/commercial/control.sqlite", from: try Self.dump("control-v\(version)"))

            let store = try await root.engine.openControl(.commercial)

            let contents = try await store.contents()
            #expect(contents.connections.map(\.connection.id.text) == ["head-office"])
            #expect(contents.tokens.map(\.id.text) == ["AAAAAAAA", "BBBBBBBB"])
            #expect(contents.tokens.map { $0.revoked?.milliseconds } == [nil, 1_790_000_000_000])
            let entry = OperatorEntry(
                .storeChecked,
                at: .init(milliseconds: 1),
                by: "x",
                of: nil,
                explaining: nil
            )
            try await store.record(entry)
            #expect(try await store.operatorEntries(newest: 9, of: nil).map(\.number) == [1])
            await store.close()
        }
    }

    @Test func `a file that a newer program wrote is refused by its version, and left as it is`() async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.file.writes.perform { try $0.execute("PRAGMA user_version = 4711") }
            await store.close()

            let error = await #expect(throws: StoreError.self) { try await root.openTenant("acme") }

            guard case .unusable(let text) = error else {
                Issue.record("unusable, and not \(String(describing: error))")
                return
            }
            #expect(text.contains("4711") && text.contains("tenant database"))
        }
    }

    @Test func `a migration that fails leaves the file in its version`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            let broken = SchemaHistory(
                name: "tenant database",
                migrations: TenantSchema.history.migrations + [
                    "CREATE TABLE more (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1); PRAGMA user_version = 4711;"
                ]
            )
            await store.close()

            let database = try SQLiteDatabase(path: root.file("acme"), role: .writer, limits: .standard)
            #expect(throws: SQLiteError.self) { try broken.migrate(database) }

            #expect(try database.integer("PRAGMA user_version") == Int64(TenantSchema.history.newest))
            #expect(try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == 0)
        }
    }

    private static func dump(_ name: String) throws -> String {
        let url = Bundle.module.url(forResource: name, withExtension: "sql", subdirectory: "Fixtures")
        return try String(contentsOf: try #require(url), encoding: .utf8)
    }

    /// Makes a database file out of a dump.
    private func build(_ path: String, from dump: String) throws {
        var database: OpaquePointer?
        try #require(unsafe sqlite3_open(path, &database) == SQLITE_OK)
        defer { _ = unsafe sqlite3_close(database) }
        try #require(unsafe sqlite3_exec(database, dump, nil, nil, nil) == SQLITE_OK)
    }
}
