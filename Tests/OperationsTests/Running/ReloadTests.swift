import Foundation
import Logging
import SCIM
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("Reload: files to what serves")
struct ReloadTests {
    private static let several = Dictionary(
        uniqueKeysWithValues: ["acme", "bolt", "corp"].map { ($0, DeskFolder.tenantText($0)) }
    )

    @Test func `what was done to each tenant is told with the keys`() async throws {
        try await withDesk(tenants: Self.several) { folder in
            try folder.write("acme", DeskFolder.tenantText("acme", more: "status: paused"))
            try folder.write("dawn", DeskFolder.tenantText("dawn"))
            try folder.remove("bolt")

            let told = await folder.core.reload().message

            #expect(told.added == ["dawn"] && told.removed == ["bolt"] && told.unchanged == 1)
            #expect(told.changed.map(\.tenant) == ["acme"] && told.changed.map(\.keys) == [["status"]])
            #expect(told.generation == 2 && told.tenants == 3 && !told.refuses && told.refusedFiles == 0)
        }
    }

    @Test func `a refused file is in the status with the generation that serves, until it is mended`()
        async throws
    {
        try await withDesk(tenants: Self.several) { folder in
            try folder.write("acme", "nonsense: 1")
            let refused = await folder.core.reload().message
            // A change of a control database makes a generation, too, and forgets nothing of the files.
            try await folder.core.refresh()

            let status = try #require(folder.core.status().files)
            #expect(refused.refuses && refused.refusedFiles == 1)
            #expect(status.notInForce.map(\.text) == ["file refused, generation 1 serves"])
            #expect(status.notInForce.map(\.tenant) == ["acme"] && !status.lastReloadSuccessful)
            #expect(status.reloads == ["applied": 0, "rejected": 1])
            #expect(folder.core.status().findings.contains { $0.contains("acme.yaml") })

            try folder.write("acme", DeskFolder.tenantText("acme"))
            folder.clock.advance(milliseconds: 1_000)
            let mended = await folder.core.reload().message
            let after = try #require(folder.core.status().files)
            #expect(!mended.refuses && after.notInForce.isEmpty && after.lastReloadSuccessful)
            #expect(after.lastSuccess == folder.clock.now.rfc3339 && after.applied == after.lastSuccess)
            #expect(after.reloads == ["applied": 1, "rejected": 1])
        }
    }

    @Test func `a folder that is empty removes nobody until removals are allowed`() async throws {
        try await withDesk(tenants: Self.several) { folder in
            for tenant in Self.several.keys { try folder.remove(tenant) }

            let planned = try await folder.core.plan()
            let held = await folder.core.reload().message
            let allowed = try await folder.core.plan(allowsRemovals: true)

            #expect(planned.refuses && planned.tenants.map(\.change) == ["held", "held", "held"])
            #expect(held.refuses && held.held == ["acme", "bolt", "corp"] && held.tenants == 3)
            #expect(folder.core.status().files?.notInForce.map(\.state) == ["gone", "gone", "gone"])
            #expect(!allowed.refuses && allowed.tenants.map(\.change) == ["removed", "removed", "removed"])
            let removed = await folder.core.reload(ReloadOrder(cause: .command, allowsRemovals: true)).message
            #expect(removed.removed == ["acme", "bolt", "corp"] && removed.tenants == 0 && !removed.refuses)
        }
    }

    @Test func `settings that apply on reload do, and those that need a restart are told until put back`()
        async throws
    {
        try await withDesk(tenants: Self.several) { folder in
            try folder.writeSettings(
                DeskFolder.settingsText + "\nlimits: {burst: 7, body: 512KiB}\nlog: {level: error}\n"
            )

            let told = await folder.core.reload().message

            #expect(Set(told.settings.map(\.key)) == ["limits.burst", "log.level"])
            #expect(told.restartNeeded.map(\.key) == ["limits.body"] && !told.refuses)
            #expect(folder.runtime.directory.tenants[.init("acme")]?.limits.burst == 7)
            #expect(folder.core.logThreshold.level == .error)
            #expect(folder.core.status().files?.restartNeeded.map(\.key) == ["limits.body"])
            #expect(try await folder.core.plan().settings.map(\.key) == ["limits.body"])

            try folder.writeSettings(DeskFolder.settingsText)
            #expect(await folder.core.reload().message.restartNeeded.isEmpty)
            #expect(folder.core.logThreshold.level == .info)
        }
    }

    @Test func `settings that cannot be used stay as they are, and tenants change all the same`()
        async throws
    {
        try await withDesk(tenants: Self.several) { folder in
            try folder.writeSettings("version: 2")
            try folder.write("dawn", DeskFolder.tenantText("dawn"))

            let told = await folder.core.reload().message

            #expect(told.refuses && told.refusedFiles == 1 && told.added == ["dawn"])
            #expect(told.findings.contains { $0.contains("gateway.yaml:1:10: error: ") }, "\(told.findings)")
        }
    }

    @Test func `several who ask before one is begun get one reload, with what any of them allows`() async {
        let pending = PendingReload()
        pending.ask(for: ReloadOrder(cause: .command, allowsRemovals: true))
        pending.ask(for: ReloadOrder(cause: .signal))

        let (orders, told) = AsyncStream.makeStream(of: ReloadOrder.self)
        let task = Task { await pending.each { order in told.yield(order) } }
        var carriedOut = orders.makeAsyncIterator()
        #expect(await carriedOut.next() == ReloadOrder(cause: .signal, allowsRemovals: true))

        task.cancel()
        await task.value
        told.finish()
        #expect(await carriedOut.next() == nil)
    }
}
