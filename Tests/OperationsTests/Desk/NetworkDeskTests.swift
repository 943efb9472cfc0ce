import GatewayTesting
import SCIM
import Synchronization
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("The networks that entra stands for")
struct NetworkDeskTests {
    @Test func `a tenant file with entra waits for the networks, and serves from then on`() async throws {
        let acme = DeskFolder.tenantText("acme", connectionMore: "    allow_from: [entra]")
        try await withDesk(tenants: ["acme": acme]) { folder in
            let finding = try #require(folder.core.findings.first)
            #expect(
                finding.contains(
                    "acme.yaml:11:18: error: 'entra' stands for networks that profile 'commercial'"
                )
            )
            #expect(
                finding.contains("download 56519") && finding.contains("scim-gateway networks update FILE")
            )
            #expect(folder.runtime.directory.tenants.isEmpty)

            let rows = try await folder.desk.updateNetworks(Self.order())
            let reloaded = await folder.core.reload()

            #expect(rows.map(\.profile) == ["commercial"] && rows[0].networks == 2)
            #expect(reloaded.findings.isEmpty, "\(reloaded.findings)")
            let token = try await create(folder)
            #expect(await folder.post("a@example.com", token: token.token, from: "198.51.100.7") == 201)
            #expect(await folder.post("b@example.com", token: token.token, from: "198.51.100.128") == 401)
        }
    }

    @Test func `an update is in force for the next request, and a tenant goes on while its file is refused`()
        async throws
    {
        try await withDesk { folder in
            let token = try await create(folder)
            try folder.write("acme", DeskFolder.tenantText("acme", more: "allow_from: [entra]"))
            let refused = await folder.core.reload()
            #expect(refused.findings.contains { $0.contains("stays in force") })
            #expect(await folder.post("a@example.com", token: token.token, from: "192.0.2.1") == 201)

            _ = try await folder.desk.updateNetworks(Self.order())
            _ = await folder.core.reload()
            #expect(await folder.post("b@example.com", token: token.token, from: "192.0.2.1") == 401)
            _ = try await folder.desk.updateNetworks(
                Self.order(networks: ["192.0.2.0/31"], changeNumber: 413)
            )

            #expect(await folder.post("b@example.com", token: token.token, from: "192.0.2.1") == 201)
            #expect(await folder.post("c@example.com", token: token.token, from: "192.0.2.2") == 401)
        }
    }

    @Test func `each profile takes the networks of its own cloud`() async throws {
        try await withDesk { folder in
            let rows = try await folder.desk.updateNetworks(Self.order(cloud: "AzureGovernment"))
            let listed = try await folder.desk.networks()

            #expect(rows.map(\.profile) == ["gcc-high"])
            #expect(listed.map(\.changeNumber) == [nil, 412] && listed.map(\.download) == [56519, 57063])
            let foreign = await problem { try await folder.desk.updateNetworks(Self.order(cloud: "China")) }
            #expect(foreign?.status == 409 && foreign?.detail.contains("commercial takes Public") == true)
        }
    }

    @Test(arguments: [["x"], [], ["10.1.0.0/8"]])
    func `networks that are none change nothing`(_ networks: [String]) async throws {
        try await withDesk { folder in
            _ = try await folder.desk.updateNetworks(Self.order())

            let refusal = await problem {
                try await folder.desk.updateNetworks(Self.order(networks: networks, changeNumber: 413))
            }

            #expect(refusal?.status == 422)
            #expect(try await folder.desk.networks().first?.changeNumber == 412)
        }
    }

    @Test func `a token may be narrowed to a network, and its successor is narrowed like it`() async throws {
        try await withDesk { folder in
            let token = try await create(folder, allowFrom: ["203.0.113.0/28"])
            #expect(await folder.post("a@example.com", token: token.token, from: "203.0.113.16") == 401)
            #expect(await folder.post("a@example.com", token: token.token, from: "203.0.113.15") == 201)

            let new = try await folder.desk.rotateToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 86_400, overlapSeconds: 0)
            )

            #expect(await folder.post("b@example.com", token: new.token, from: "203.0.113.16") == 401)
            #expect(await folder.post("b@example.com", token: new.token, from: "203.0.113.15") == 201)
            #expect(try await folder.row(new.tokenID).allowFrom == "203.0.113.0/28")
        }
    }

    @Test func `entra is refused in an order as long as its networks are not known`() async throws {
        try await withDesk { folder in
            let refusal = await problem { try await create(folder, allowFrom: ["entra"]) }
            #expect(refusal?.status == 409 && refusal?.detail.contains("networks update") == true)
            #expect(await problem { try await create(folder, allowFrom: ["azure"]) }?.status == 422)

            _ = try await folder.desk.updateNetworks(Self.order())

            let token = try await create(folder, allowFrom: ["entra"])
            #expect(await folder.post("a@example.com", token: token.token, from: "198.51.100.127") == 201)
            #expect(await folder.post("b@example.com", token: token.token, from: "198.51.100.128") == 401)
        }
    }

    @Test func `old networks are told where they are used, and shut nobody out`() async throws {
        try await withDesk { folder in
            _ = try await folder.desk.updateNetworks(Self.order())
            let kept = KeptLines()
            let upkeep = TokenUpkeep(core: folder.core, logger: kept.logger, clock: ContinuousClock())
            folder.clock.advance(days: 30)
            upkeep.warnOfStaleNetworks(in: folder.runtime)
            #expect(folder.core.status().attention.isEmpty && kept.lines.withLock { $0 }.isEmpty)

            let token = try await create(folder, allowFrom: ["entra"])
            upkeep.warnOfStaleNetworks(in: folder.runtime)

            #expect(
                folder.core.status().attention
                    == [
                        "the networks of entra for commercial are 37 d old: scim-gateway networks update FILE"
                    ]
            )
            #expect(kept.lines.withLock { $0.map { $0["event"] } } == ["networks.stale"])
            #expect(await folder.post("a@example.com", token: token.token, from: "198.51.100.7") == 201)
        }
    }

    private static func order(
        cloud: String = "Public",
        networks: [String] = ["198.51.100.0/25", "2001:db8:a:8000::/50"],
        changeNumber: Int64 = 412
    ) -> AdminMessages.UpdateNetworks {
        // As it may come through the socket, where everything is possible.
        var order = AdminMessages.UpdateNetworks(
            NetworkList(
                cloud: cloud,
                changeNumber: changeNumber,
                issued: HandTime().now.adding(days: -7),
                networks: []
            )
        )
        order.networks = networks
        return order
    }

    private func create(_ folder: DeskFolder, allowFrom: [String] = []) async throws
        -> AdminMessages.MadeToken
    {
        try await folder.desk.createToken(
            .init(tenant: "acme", connection: "staff", lifeSeconds: 365 * 86_400, allowFrom: allowFrom)
        )
    }
}
