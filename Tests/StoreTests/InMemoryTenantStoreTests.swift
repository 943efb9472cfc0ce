import Store
import StoreContract
import Testing

@Suite("In-memory store")
struct InMemoryTenantStoreTests {
    @Test(arguments: StoreContract.checks)
    func `keeps the contract`(_ check: StoreContract.Check) async throws {
        try await check.run(on: InMemoryTenantStore())
    }
}
