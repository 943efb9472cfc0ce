import Foundation
import HTTPTransport
import HTTPTypes
import SCIM
import Store
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

    @Test func `a tenant's last request is that of its last token, also of one that has ended`() async throws
    {
        try await withDesk { folder in
            let (first, second) = (try await folder.make(days: 9), try await folder.make(days: 9))
            _ = try await folder.make(days: 9, of: "agency")
            let name = "scimgw_tenant_last_request_timestamp_seconds"
            #expect(folder.values(name).isEmpty)

            try folder.use(first.tokenID)
            folder.clock.advance(milliseconds: 5_000)
            try folder.use(second.tokenID)
            _ = try await folder.desk.revokeToken(.init(token: second.tokenID))

            #expect(folder.values(name) == ["tenant=\"acme\"": folder.seconds])
        }
    }

    @Test func `requests are counted by tenant, and go on being so when the files are read again`()
        async throws
    {
        try await withDesk { folder in
            let token = try await folder.make(days: 9)
            let ok = "tenant=\"acme\",profile=\"commercial\",operation=\"create\",outcome=\"ok\""
            _ = await folder.post("a@example.com", token: token.token)
            try folder.write("acme", DeskFolder.tenantText("acme", more: "display_name: Acme"))
            _ = await folder.core.reload()

            _ = await folder.post("a@example.com", token: token.token)
            _ = await folder.post("b@example.com", token: token.token)
            _ = await folder.post("c@example.com", token: String(token.token.dropLast()))

            let refused = ok.replacing("\"ok\"", with: "\"refused\"")
            #expect(folder.values("scimgw_requests_total") == [ok: 2, refused: 1])
            let folded = folder.values("scimgw_requests_total", labelled: 0)
            #expect(folded[ok.replacing("acme", with: "_other")] == 2)
            let failures = folder.values("scimgw_auth_failures_total").filter { $0.value > 0 }
            #expect(failures == ["reason=\"malformed\"": 1])
            let times = folder.counts("http_server_request_duration_seconds")
            let labels = "http_request_method=\"POST\",http_route=\"/Users\",http_response_status_code="
            #expect(times == ["\(labels)\"201\"": 2, "\(labels)\"409\"": 1, labels.unreached: 1])
        }
    }

    @Test func `the process and the age of a cloud's networks are told`() async throws {
        try await withDesk { folder in
            #expect(folder.values("scimgw_network_list_age_seconds").isEmpty)
            try await folder.runtime.control.keep(
                NetworkList(
                    cloud: "Public",
                    changeNumber: 1,
                    issued: Timestamp(milliseconds: folder.clock.now.milliseconds - 90_000),
                    networks: [try Network("203.0.113.0/28")]
                )
            )
            try await folder.core.refresh()

            let set = "set=\"AzureActiveDirectory\",profile=\"commercial\""
            #expect(folder.values("scimgw_network_list_age_seconds") == [set: 90])
            #expect((folder.values("process_resident_memory_bytes")[""] ?? 0) > 1 << 20)
            let active = folder.values("http_server_active_requests")
            #expect(active.count == RequestShape.methods.count && active.values.allSatisfy { $0 == 0 })
        }
    }

    @Test func `users are told as they were counted, and what clients did to them as it is done`()
        async throws
    {
        try await withDesk { folder in
            let token = try await folder.make(days: 9).token
            let counting = LearnerCounting(core: folder.core, clock: ContinuousClock())
            await counting.countAll()
            #expect(folder.values("scimgw_users").isEmpty && folder.values("scimgw_store_bytes").isEmpty)
            let ada = try await folder.created("ada@example.com", token: token)
            _ = try await folder.created("bob@example.com", token: token)
            await folder.patch(ada, #""path":"active","value":false"#, token: token)
            await folder.patch(ada, #""path":"active","value":false"#, token: token)
            await folder.patch(ada, #""path":"active","value":true"#, token: token)
            await folder.patch(ada, #""path":"locale","value":"sv""#, token: token)
            await folder.patch(ada, #""path":"active","value":false"#, token: token)
            _ = await folder.send(.delete, "/Users/\(UUID())", token: token)

            #expect(folder.values("scimgw_users").isEmpty, "a look counts nothing")
            await counting.countAll()
            _ = try await folder.created("eve@example.com", token: token)

            let (yes, no) = ("tenant=\"acme\",active=\"true\"", "tenant=\"acme\",active=\"false\"")
            #expect(folder.values("scimgw_users") == [yes: 1, no: 1])
            await counting.countAll()
            #expect(folder.values("scimgw_users") == [yes: 2, no: 1])
            let changes = folder.values("scimgw_user_changes_total")
            let labels = { (change: String) in "tenant=\"acme\",change=\"\(change)\"" }
            #expect(
                changes == [
                    labels("created"): 3, labels("deactivated"): 2, labels("reactivated"): 1,
                    labels("updated"): 1,
                ]
            )
            let bytes = folder.values("scimgw_store_bytes")
            #expect(bytes.count == 1 && (bytes["tenant=\"acme\""] ?? 0) > 4_096)
            let times = folder.counts("scimgw_store_operation_duration_seconds")
            let operation = { (name: String) in "backend=\"sqlite\",operation=\"\(name)\"" }
            #expect(times[operation("create")] == 3 && times[operation("patch")] == 5)
            #expect(times[operation("delete")] == 1 && times[operation("search")] == 0)
        }
    }

    @Test func `names without series of their own are counted at each look`() async throws {
        try await withDesk { folder in
            try folder.write("acme", "nonsense: 1")
            _ = await folder.core.reload()
            let folded = FoldedNames()

            for _ in 1...2 { _ = GatewayFigures(core: folder.core, labelled: 0, folded: folded).exposition }
            _ = GatewayFigures(core: folder.core, labelled: 2, folded: folded).exposition

            #expect(folded.family.text.contains(#"_total{set="tenants"} 4"#))
            #expect(folded.family.text.contains(#"_total{set="files"} 2"#))
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

    /// How many a histogram has counted: labels → count.
    fileprivate func counts(_ name: String) -> [String: Int64] {
        let families = GatewayFigures(core: core).exposition.families.filter { $0.name == name }
        let series = families.flatMap(\.series).filter { $0.suffix == "_count" }.map { ($0.labels, $0.value) }
        return Dictionary(uniqueKeysWithValues: series)
    }

    /// Makes a learner; gives the id.
    fileprivate func created(_ userName: String, token: String) async throws -> String {
        let reply = await send(.post, "/Users", #"{"schemas":[],"userName":"\#(userName)"}"#, token: token)
        return try #require(reply.fields[.location]?.split(separator: "/").last.map(String.init))
    }

    /// Sends one PATCH operation.
    fileprivate func patch(_ id: String, _ parts: String, token: String) async {
        let body = #"{"Operations":[{"op":"replace",\#(parts)}]}"#
        _ = await send(.patch, "/Users/\(id)", body, token: token)
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

extension String {
    /// The labels of a request that was refused before its path was looked at.
    fileprivate var unreached: String { replacing("/Users", with: "-") + "\"401\"" }
}
