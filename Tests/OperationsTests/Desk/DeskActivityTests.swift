import GatewayTesting
import Logging
import SCIM
import Store
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("What an operator does, in the activity of the tenant")
struct DeskActivityTests {
    @Test func `tokens and connections leave an entry each, with who did it`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.connect(
                .init(
                    tenant: "acme",
                    group: "branch",
                    id: nil,
                    name: nil,
                    dialect: "entra",
                    attributes: "learner",
                    lifeSeconds: 86_400
                )
            )
            let new = try await folder.desk.rotateToken(
                .init(tenant: "acme", connection: "branch", lifeSeconds: 86_400, overlapSeconds: 60)
            )
            _ = try await folder.desk.revokeToken(.init(token: made.tokenID))
            _ = try await folder.desk.removeConnection(.init(tenant: "acme", connection: "branch"))

            let entries = try await folder.activity()

            #expect(
                entries.map(\.kind) == [
                    .connectionCreated, .tokenCreated, .tokenRotated, .tokenRevoked, .connectionRemoved,
                ]
            )
            #expect(entries.allSatisfy { $0.origin.actor == "operator:uid:0" && $0.outcome == .ok })
            #expect(entries.allSatisfy { $0.origin.connection?.text == "branch" })
            let tokens = entries.map { $0.origin.tokenID?.text }
            #expect(tokens == [nil, made.tokenID, new.tokenID, made.tokenID, nil])
            #expect(entries[2].explanation?.contains(made.tokenID) == true)
            #expect(entries[4].explanation?.contains(new.tokenID) == true)
            #expect(entries.allSatisfy { $0.explanation?.contains(made.token) != true })
        }
    }

    @Test func `an order that is refused leaves none`() async throws {
        try await withDesk { folder in
            let refusal = await problem {
                try await folder.desk.rotateToken(
                    .init(tenant: "acme", connection: "staff", lifeSeconds: 60, overlapSeconds: 0)
                )
            }

            let entries = try await folder.activity()
            #expect(refusal?.status == 409 && entries.isEmpty)
        }
    }

    @Test func `a tenant is told what became of its file, and no other is`() async throws {
        try await withDesk { folder in
            try folder.write("acme", DeskFolder.tenantText("acme", more: "display_name: Acme"))
            _ = await folder.core.reload(ReloadOrder(cause: .command, actor: "operator:uid:0"))
            try folder.write("acme", DeskFolder.tenantText("acme", more: "display-name: Acme"))
            _ = await folder.core.reload()

            let entries = try await folder.activity()

            #expect(entries.map(\.kind) == [.configurationApplied, .configurationRefused])
            #expect(entries.map(\.origin.actor) == ["operator:uid:0", "system"])
            #expect(entries.map(\.outcome) == [.ok, .refused])
            let text = try #require(entries[1].explanation)
            #expect(text.contains("unknown key 'display-name'") && text.contains("stays in force"))
            #expect(try await folder.activity(of: "agency").isEmpty)
        }
    }

    @Test func `the end of a token is told once, however it came`() async throws {
        try await withDesk { folder in
            let first = try await create(folder, days: 2)
            let upkeep = TokenUpkeep(core: folder.core, logger: .silent, clock: ContinuousClock())
            folder.clock.advance(days: 2)
            for _ in 1...2 { await upkeep.warnOfEnds(in: folder.runtime) }
            let second = try await create(folder, days: 300)
            let third = try await folder.desk.rotateToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 86_400 * 300, overlapSeconds: 0)
            )
            try folder.use(third.tokenID)
            for _ in 1...2 { await upkeep.warnOfEnds(in: folder.runtime) }
            _ = try await folder.desk.revokeToken(.init(token: third.tokenID))
            await upkeep.warnOfEnds(in: folder.runtime)

            let ends = try await folder.activity().filter { $0.kind == .tokenExpired }

            #expect(ends.map { $0.origin.tokenID?.text } == [first.tokenID, second.tokenID])
            #expect(ends[0].explanation?.hasPrefix("Its time was up") == true)
            #expect(ends[1].explanation?.hasPrefix("Its successor is in use") == true)
        }
    }

    @Test func `all entries are examined, and an edited one is named`() async throws {
        try await withDesk { folder in
            _ = try await create(folder, days: 2)
            _ = try await folder.activity()

            let whole = try await folder.desk.examineActivity(of: "acme")
            let all = try await folder.desk.examineActivity(of: nil)

            #expect(whole.map(\.whole) == [1] && whole[0].fault == nil && whole[0].lastHash.count == 64)
            #expect(all.map(\.tenant) == ["acme", "agency"] && all[1].whole == 0)
            #expect(await problem { try await folder.desk.examineActivity(of: "nobody") }?.status == 404)
        }
    }

    private func create(_ folder: DeskFolder, days: Int64) async throws -> AdminMessages.MadeToken {
        try await folder.desk.createToken(
            .init(tenant: "acme", connection: "staff", lifeSeconds: days * 86_400)
        )
    }
}

extension DeskFolder {
    /// The activity of a tenant, what waited included, oldest first.
    fileprivate func activity(of tenant: String = "acme") async throws -> [ActivityEntry] {
        #expect(await core.storeActivity().isEmpty)
        let (runtime, tenant) = try core.tenant(named: tenant)
        let scope = OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "test")
        return try await runtime.stores.store(for: scope).activity(ActivityQuery()).entries
    }
}
