import CloudProfiles
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: many tenants under one bound")
struct ManyTenantsTests {
    @Test func `1,000 tenants are served by 50 open files, and keep what was written`() async throws {
        try await withDataRoot { root in
            let last = Atomic(0)
            let keeping = try DataRoot.keeping.get()
            let stores = TenantStores(
                capacity: 50,
                makingIDs: { _ in .numbered(1_000_000 + last.add(1, ordering: .relaxed).newValue) },
                now: { Timestamp(milliseconds: 1_764_000_000_000) },
                opening: { tenant, profile throws(StoreError) in
                    try await root.engine.openTenant(tenant, profile, keeping)
                }
            )

            for round in 1...2 {
                // Once all of them, then some of each part again.
                for first in stride(from: 0, to: 1_000, by: round == 1 ? 25 : 250) {
                    try await withThrowingTaskGroup { group in
                        for number in first..<(first + 25) {
                            group.addTask {
                                let store = try await stores.store(for: scope("t\(number)"))
                                if round == 1 { try await store.add(number, group: .init("a")) }
                                #expect(try await store.has(number))
                            }
                        }
                        try await group.waitForAll()
                    }
                    #expect(stores.openCount <= 50)
                }
            }
            await stores.closeAll()
        }
    }

    private func scope(_ name: String) -> TenantScope {
        let tenant = Tenant(
            id: .init(name),
            displayName: name,
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: [TargetGroup(id: .init("a"), displayName: "A")],
            connections: [],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 25, burst: 25, queueTime: .zero)
        )
        return OperatorAccess.scope(tenant: tenant, profile: .named(.commercial), operator: "test")
    }
}
