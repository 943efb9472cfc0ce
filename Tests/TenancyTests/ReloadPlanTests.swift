import CloudProfiles
import Testing

@testable import Configuration
@testable import Tenancy

@Suite("What a reload would change")
struct ReloadPlanTests {
    private static let before = [
        "/c/tenants/a.yaml": Given.tenantText("a"), "/c/tenants/b.yaml": Given.tenantText("b"),
        "/c/tenants/c.yaml": Given.tenantText("c"), "/c/tenants/d.yaml": Given.tenantText("d"),
    ]

    private static func settings(_ more: String = "") throws -> GatewaySettings {
        let files = MemoryFiles(texts: ["/c/gateway.yaml": Given.gatewayText + "\n" + more])
        let checked = GatewaySettings.read(path: "/c/gateway.yaml", files: files)
        return try #require(checked.value, "\(checked.findings)")
    }

    /// The plan of going from these files to others.
    private static func plan(
        from before: [String: String] = before,
        to after: [String: String],
        more: String = ""
    )
        throws -> ReloadPlan
    {
        let settings = try settings()
        var input = TenantDirectoryLoading.Input(settings: settings, now: Given.now)
        input.previous = TenantDirectoryLoading.load(input, files: MemoryFiles(texts: before)).directories
        return ReloadPlan.made(
            inForce: input.previous,
            loaded: TenantDirectoryLoading.load(input, files: MemoryFiles(texts: after)),
            settings: settings,
            onDisk: try Self.settings(more)
        )
    }

    @Test func `nothing changes when the files are the same`() throws {
        let plan = try Self.plan(to: Self.before)

        #expect(plan.tenants.isEmpty && plan.settings.isEmpty && plan.unchanged == 4)
    }

    @Test func `tenants are added, changed, removed, kept and refused`() throws {
        var after = Self.before
        after["/c/tenants/a.yaml"] = nil
        after["/c/tenants/b.yaml"] = Given.tenantText("b") + "status: paused\n"
        after["/c/tenants/c.yaml"] = Given.tenantText("c") + "nonsense: 1\n"
        after["/c/tenants/e.yaml"] = Given.tenantText("e")
        after["/c/tenants/f.yaml"] = "version: 1\n"

        let plan = try Self.plan(to: after)

        #expect(plan.tenants.map(\.name) == ["a", "b", "c", "e", "f.yaml"])
        #expect(plan.tenants.map(\.kind) == [.removed, .changed, .kept, .added, .refused])
        #expect(plan.unchanged == 1)
        #expect(
            plan.tenants[0].consequences == [
                "its tokens get 401; its store stays, and the same name finds it again"
            ]
        )
        #expect(
            plan.tenants[1].keys == [.init(key: "status", before: "active", after: "paused", effect: .reload)]
        )
        #expect(plan.tenants[1].consequences == ["its requests get 503"])
        #expect(plan.tenants[2].keys.isEmpty)
    }

    @Test func `keys are told with what they were and will be, entries of lists by their ids`() throws {
        let old = Given.tenantText("a") + "display_name: One\n"
        let new =
            Given.tenantText("a").replacing("connections:", with: "connections:\n  - {id: first, group: all}")
            + "    allow_from: [203.0.113.0/28, 2001:db8::/32]\ndeleted_retention: '30d'\n"

        let plan = try Self.plan(from: ["/c/tenants/a.yaml": old], to: ["/c/tenants/a.yaml": new])

        let keys = try #require(plan.tenants.first).keys
        #expect(
            keys.map { "\($0.key): \($0.before ?? "-") > \($0.after ?? "-")" } == [
                "connections[first].id: - > first", "connections[first].group: - > all",
                "connections[first].dialect: - > generic", "connections[first].attributes: - > learner",
                "connections[main].allow_from: - > [203.0.113.0/28, 2001:db8::/32]", "display_name: One > -",
            ]
        )
    }

    @Test func `a removed connection takes its tokens along, and digests are not shown`() throws {
        let tokens = "    tokens:\n" + Given.tokenText("aaaaaaaa")
        let other = "    tokens:\n" + Given.tokenText("aaaaaaaa", digest: Array(repeating: 9, count: 32))
        let old = Given.tenantText("a", connection: tokens)

        let changed = try Self.plan(
            from: ["/c/tenants/a.yaml": old],
            to: ["/c/tenants/a.yaml": Given.tenantText("a", connection: other)]
        )
        let removed = try Self.plan(
            from: ["/c/tenants/a.yaml": old],
            to: ["/c/tenants/a.yaml": old.replacing("id: main", with: "id: other")]
        )

        #expect(
            changed.tenants.first?.keys == [
                .init(
                    key: "connections[main].tokens[aaaaaaaa].digest",
                    before: "«set»",
                    after: "«set»",
                    effect: .reload
                )
            ]
        )
        #expect(
            removed.tenants.first?.consequences == [
                "connection 'main' goes: its tokens end, and its learners become unmanaged"
            ]
        )
    }

    @Test func `keys of the settings are told with what they take`() throws {
        let plan = try Self.plan(
            to: Self.before,
            more: "limits: {body: 512KiB, burst: 7}\nlog: {level: info}"
        )

        #expect(
            plan.settings == [
                .init(key: "limits.burst", before: "1000", after: "7", effect: .reload),
                .init(key: "limits.body", before: "1MiB", after: "512KiB", effect: .restart),
            ]
        )
    }
}
