import Foundation
import GatewayTesting
import Synchronization
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("The upkeep of tenants")
struct TenantUpkeepTests {
    @Test func `a start opens no store, and a tenant without one gets none`() async throws {
        try await withDesk { folder in
            let clock = CountingClock(sleeps: 3)

            await TenantUpkeep(core: folder.core, logger: .silent, clock: clock).run()

            #expect(clock.slept == Array(repeating: TenantUpkeep.interval, count: 3))
            let stores = try FileManager.default.contentsOfDirectory(
                atPath: "\(folder.folder)/data/commercial/tenants"
            )
            #expect(stores.isEmpty)
        }
    }

    @Test func `what is old is removed after the first pause, and tenants share the interval`() async throws {
        let two = ["acme": DeskFolder.tenantText("acme"), "bolt": DeskFolder.tenantText("bolt")]
        try await withDesk(tenants: two) { folder in
            for tenant in two.keys {
                let token = try await folder.desk.createToken(
                    .init(tenant: tenant, connection: "staff", lifeSeconds: 86_400)
                )
                // The last entry of all is kept.
                for name in ["a@example.com", "b@example.com"] {
                    #expect(await folder.post(name, token: token.token) == 201)
                }
            }
            folder.clock.advance(days: 91)
            let kept = KeptLines()
            let clock = CountingClock(sleeps: 4)

            await TenantUpkeep(core: folder.core, logger: kept.logger, clock: clock).run()

            #expect(clock.slept == Array(repeating: TenantUpkeep.interval / 2, count: 4))
            let lines = kept.lines.withLock { $0 }.filter { $0["event"] == "activity.removed" }
            #expect(lines.compactMap { $0["scim.tenant"] }.sorted() == ["acme", "bolt"])
        }
    }
}
