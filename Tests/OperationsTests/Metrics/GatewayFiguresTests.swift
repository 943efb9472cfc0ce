import SCIM
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("The figures of a gateway")
struct GatewayFiguresTests {
    @Test func `a refused file is told by its path, and counted as invalid only while nothing serves for it`()
        async throws
    {
        try await withDesk { folder in
            let before = folder.values("scimgw_config_last_reload_success_timestamp_seconds")
            folder.clock.advance(milliseconds: 5_000)
            try folder.write("acme", "nonsense: 1")
            try folder.write("fresh", "nonsense: 1")

            _ = await folder.core.reload()

            #expect(
                folder.values("scimgw_config_file_refused").keys.sorted() == [
                    "file=\"\(folder.folder)/tenants/acme.yaml\"",
                    "file=\"\(folder.folder)/tenants/fresh.yaml\"",
                ]
            )
            #expect(folder.values("scimgw_tenants")["state=\"invalid\""] == 1)
            #expect(folder.values("scimgw_tenants")["state=\"active\""] == 2)
            #expect(folder.values("scimgw_config_last_reload_successful") == ["": 0])
            #expect(folder.values("scimgw_config_last_reload_success_timestamp_seconds") == before)

            try folder.write("acme", DeskFolder.tenantText("acme", more: "status: paused"))
            try folder.remove("fresh")
            _ = await folder.core.reload()

            #expect(folder.values("scimgw_config_file_refused").isEmpty)
            #expect(folder.values("scimgw_tenants")["state=\"paused\""] == 1)
            #expect(folder.values("scimgw_tenants")["state=\"invalid\""] == 0)
            #expect(
                folder.values("scimgw_config_reloads_total") == [
                    "result=\"applied\"": 1, "result=\"rejected\"": 1,
                ]
            )
            let success = folder.values("scimgw_config_last_reload_success_timestamp_seconds")
            #expect(success == ["": folder.seconds])
        }
    }

    @Test func `a refused settings file is told by its path`() async throws {
        try await withDesk { folder in
            try folder.writeSettings(DeskFolder.settingsText + "\nnonsense: 1\n")

            _ = await folder.core.reload()

            let refused = folder.values("scimgw_config_file_refused")
            #expect(refused == ["file=\"\(folder.folder)/gateway.yaml\"": 1])
        }
    }

    @Test func `a token is told until it is revoked, and one that ended by itself until another opens`()
        async throws
    {
        try await withDesk { folder in
            let first = try await folder.make(days: 2)
            let second = try await folder.make(days: 1)
            let (one, two) = (label(first), label(second))
            try folder.use(first.tokenID)
            let used = folder.seconds

            #expect(folder.ends == [one: used + 2 * 86_400, two: used + 86_400])
            #expect(folder.values("scimgw_token_last_used_timestamp_seconds") == [one: used])
            folder.clock.advance(days: 1)
            #expect(folder.ends.keys.sorted() == [one], "the other opens the connection")
            folder.clock.advance(days: 1)
            #expect(folder.ends == [one: used + 2 * 86_400], "nothing opens the connection any more")

            folder.clock.advance(milliseconds: 1)
            let third = try await folder.make(days: 10)
            #expect(folder.ends.keys.sorted() == [label(third)])
            _ = try await folder.desk.revokeToken(.init(token: third.tokenID))
            #expect(folder.ends.isEmpty)
        }
    }

    @Test func `tenants and files beyond the limit are one series: the earliest end, and how many files`()
        async throws
    {
        try await withDesk { folder in
            let own = try await folder.make(days: 9)
            _ = try await folder.make(days: 5, of: "agency")
            _ = try await folder.make(days: 3, of: "agency")
            for name in ["acme", "agency", "fresh"] { try folder.write(name, "nonsense: 1") }
            _ = await folder.core.reload()

            let (ends, files) = ("scimgw_token_expiry_timestamp_seconds", "scimgw_config_file_refused")
            #expect(folder.values(ends, labelled: 2).count == 3)
            #expect(
                folder.values(ends, labelled: 1) == [
                    label(own): folder.seconds + 9 * 86_400,
                    "tenant=\"_other\",token_id=\"_other\"": folder.seconds + 3 * 86_400,
                ]
            )
            #expect(folder.values(files, labelled: 3).count == 3)
            #expect(folder.values(files, labelled: 2)["file=\"_other\""] == 1)
            #expect(folder.values(files, labelled: 1)["file=\"_other\""] == 2)
        }
    }

    private func label(_ token: AdminMessages.MadeToken) -> String {
        "tenant=\"acme\",token_id=\"\(token.tokenID)\""
    }
}

extension DeskFolder {
    /// The series of a metric: labels → value.
    fileprivate func values(_ name: String, labelled: Int = GatewayLimits.labelledNames) -> [String: Int64] {
        let figures = GatewayFigures(core: core, labelled: labelled)
        let families = figures.exposition.families.filter { $0.name == name }
        let series = families.flatMap(\.series).map { ($0.labels, $0.value) }
        return Dictionary(uniqueKeysWithValues: series)
    }

    /// When tokens end.
    fileprivate var ends: [String: Int64] { values("scimgw_token_expiry_timestamp_seconds") }

    /// The time, in seconds since 1970.
    fileprivate var seconds: Int64 { clock.now.milliseconds / 1_000 }

    /// Makes a token of a tenant.
    fileprivate func make(days: Int64, of tenant: String = "acme") async throws -> AdminMessages.MadeToken {
        try await desk.createToken(
            .init(tenant: tenant, connection: "staff", lifeSeconds: days * 86_400)
        )
    }
}
