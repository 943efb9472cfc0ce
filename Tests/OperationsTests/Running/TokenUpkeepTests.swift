import GatewayTesting
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("The upkeep of tokens")
struct TokenUpkeepTests {
    @Test func `the end of a token is told once for each of the five days, and once it has come`()
        async throws
    {
        try await withDesk { folder in
            let token = try await create(folder, days: 100)
            let kept = KeptLines()
            let upkeep = TokenUpkeep(core: folder.core, logger: kept.logger, clock: ContinuousClock())

            for _ in 0...100 {
                await upkeep.warnOfEnds(in: folder.runtime)
                await upkeep.warnOfEnds(in: folder.runtime)
                folder.clock.advance(days: 1)
            }

            let all = kept.lines.withLock { $0 }
            let lines = all.filter { $0["event"] != "token.expired" }
            #expect(all.count == lines.count + 1 && all.last?["event"] == "token.expired")
            #expect(lines.map { $0["token.warning_days"] } == ["60", "30", "14", "7", "1"])
            #expect(
                lines.allSatisfy { $0["event"] == "token.expiring" && $0["scim.token_id"] == token.tokenID }
            )
            #expect(lines[0]["scim.tenant"] == "acme" && lines[0]["scim.connection"] == "staff")
            #expect(lines[0]["token.ends"] == token.expires && lines[0]["token.days_left"] == "60")
        }
    }

    @Test func `status tells of tokens that end soon, and of connections without one`() async throws {
        try await withDesk { folder in
            let token = try await create(folder, days: 100)
            let status = { folder.core.status().attention }
            #expect(status() == [])

            folder.clock.advance(days: 88)
            #expect(status() == ["token \(token.tokenID) of acme/staff ends in 12 d (2027-03-03)"])
            folder.clock.advance(days: 12)
            #expect(status() == ["acme/staff has no active token: \(token.tokenID) ended on 2027-03-03"])
            _ = try await create(folder, days: 365)
            #expect(status() == [])
        }
    }

    @Test func `a connection whose token was revoked is as somebody wanted it`() async throws {
        try await withDesk { folder in
            let token = try await create(folder, days: 100)

            _ = try await folder.desk.revokeToken(.init(token: token.tokenID))

            #expect(folder.core.status().attention == [])
        }
    }

    @Test func `an ended token is forgotten with the round after its 90 days`() async throws {
        try await withDesk { folder in
            _ = try await create(folder, days: 1)
            let upkeep = TokenUpkeep(core: folder.core, logger: .silent, clock: ContinuousClock())

            folder.clock.advance(days: 91)
            await upkeep.forgetEnded(in: folder.runtime)
            #expect(try await folder.runtime.control.contents().tokens.count == 1)
            folder.clock.advance(milliseconds: 1)
            await upkeep.forgetEnded(in: folder.runtime)

            #expect(try await folder.runtime.control.contents().tokens.isEmpty)
            #expect(folder.runtime.directory.tokens.isEmpty)
        }
    }

    private func create(_ folder: DeskFolder, days: Int64) async throws -> AdminMessages.MadeToken {
        try await folder.desk.createToken(
            .init(tenant: "acme", connection: "staff", lifeSeconds: days * 86_400)
        )
    }
}
