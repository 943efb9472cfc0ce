import Configuration
import Testing

@testable import Tenancy

@Suite("Which settings apply on reload")
struct SettingsReloadTests {
    @Test func `what the table says applies on reload does, and its listing with it`() throws {
        let before = try Given.settings()

        let after = before.reloaded(
            from: try Given.settings(
                Given.gatewayText + """

                    tenants: {directory: customers, watch: false}
                    limits: {requests_per_second: 100, burst: 5, queue_time: 1s}
                    log: {level: debug}
                    activity: {retention: 7d}
                    """
            )
        )

        #expect(after.tenants == .init(directory: "customers", isWatched: false))
        #expect(
            after.limits.tenant == TenantLimits(requestsPerSecond: 100, burst: 5, queueTime: .seconds(1))
        )
        #expect(after.log.level == .debug && after.activityRetention == .seconds(7 * 86_400))
        #expect(
            before.changes(after).map(\.key).sorted() == [
                "activity.retention", "limits.burst", "limits.queue_time", "limits.requests_per_second",
                "log.level", "tenants.directory", "tenants.watch",
            ]
        )
    }

    @Test func `all else stays as it is, and is told until it is put back`() throws {
        let before = try Given.settings()
        let onDisk = try Given.settings(
            Given.gatewayText.replacing("[::]:8443", with: "[::]:9443") + """

                limits: {body: 512KiB, connections: 10, connections_per_address: 5}
                log: {format: json}
                admin: {socket: /run/other.sock}
                """
        )

        let after = before.reloaded(from: onDisk)

        #expect(after.listeners[0].address.value.port == 8443)
        #expect(after.limits == before.limits && after.log == before.log)
        #expect(after.adminSocket == before.adminSocket)
        let needed = after.changes(onDisk)
        #expect(needed.allSatisfy { $0.effect == .restart })
        #expect(
            needed.map(\.key) == [
                "listeners[0].address", "admin.socket", "limits.body", "limits.connections",
                "limits.connections_per_address", "log.format",
            ]
        )
        #expect(after.changes(try Given.settings()).isEmpty)
    }

    /// A key of the table that applies on reload and that the reload forgets would be shown as in force and not be.
    @Test func `every key of the table that applies on reload is one that is taken up`() {
        let applying = KnownKey.all.filter { $0.file == .gateway && $0.row.effect == .reload }
            .filter { $0.row.shape.tables.isEmpty }.map(\.name)

        #expect(
            Set(applying) == [
                "activity.retention", "limits.burst", "limits.queue_time", "limits.requests_per_second",
                "log.level", "tenants.directory", "tenants.watch",
            ]
        )
    }
}
