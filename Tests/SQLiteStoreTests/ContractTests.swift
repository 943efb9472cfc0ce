import Store
import StoreContract
import Testing

@testable import SQLiteStore

@Suite("SQLite store: the contract")
struct SQLiteContractTests {
    @Test(arguments: StoreContract.checks)
    func `keeps the contract`(_ check: StoreContract.Check) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await check.run(on: store)
            await store.close()
        }
    }
}
