import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: opening what is there")
struct OpeningTests {
    private static let groups = [
        TargetGroup(id: .init("a"), displayName: "A"), TargetGroup(id: .init("b"), displayName: "B"),
    ]

    @Test func `a store that is as the tenant's file says is opened without a transaction`() async throws {
        try await withReopened { store in
            try await store.release(learnersNotOf: [.init("payroll")])
            try await store.arrange(Self.groups)

            #expect(store.writeCounts.jobs == 0)
        }
    }

    @Test(arguments: [
        [groups[0], TargetGroup(id: .init("b"), displayName: "b")],
        groups + [TargetGroup(id: .init("c"), displayName: "C")],
        [groups[0]],
    ])
    func `what is not as the tenant's file says is written`(_ groups: [TargetGroup]) async throws {
        try await withReopened { store in
            try await store.arrange(groups)

            #expect(store.writeCounts.jobs == 1)
            #expect(try await store.groupNames == groups.map(\.displayName).joined(separator: ","))
        }
    }

    @Test func `learners of a connection that is gone are released`() async throws {
        try await withReopened { store in
            try await store.release(learnersNotOf: [.init("other")])

            #expect(store.writeCounts.jobs == 1)
            let owner = try await store.file.writes.perform {
                try $0.text("SELECT ifnull(managed_by, 'nobody') FROM resources WHERE type = 1")
            }
            #expect(owner == "nobody")
        }
    }

    /// A store with the groups and a learner of payroll's, closed and opened again.
    private func withReopened(_ body: (SQLiteTenantStore) async throws -> Void) async throws {
        try await withDataRoot { root in
            let first = try await root.openTenant("acme")
            try await first.arrange(Self.groups)
            try await first.add(1)
            await first.close()
            let store = try await root.openTenant("acme")
            try await body(store)
            await store.close()
        }
    }
}

extension SQLiteTenantStore {
    /// Brings the groups in.
    fileprivate func arrange(_ groups: [TargetGroup]) async throws {
        try await arrange(
            targetGroups: groups,
            makingIDs: { .numbered(Int.random(in: 1_000...999_999)) },
            now: Timestamp(milliseconds: 1_764_000_000_000)
        )
    }

    /// The names of all groups, oldest first.
    fileprivate var groupNames: String {
        get async throws {
            try await file.readOnThread { database in
                try database.text(
                    "SELECT group_concat(shown_name) FROM (SELECT shown_name FROM resources WHERE type = 2 ORDER BY row)"
                )
            }
        }
    }
}
