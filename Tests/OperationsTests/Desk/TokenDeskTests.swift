import CloudProfiles
import SCIM
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("An operator's orders about tokens")
struct TokenDeskTests {
    private let year: Int64 = 365 * 86_400

    @Test
    func `a rotation leaves the old token alone until the new one is used, then ends it after the overlap`()
        async throws
    {
        try await withDesk { folder in
            let old = try await create(folder, name: "Entra app")
            let new = try await rotate(folder, overlapSeconds: 5)
            #expect(new.replaces == old.tokenID)
            #expect(try await folder.row(old.tokenID).state == "waiting for first use")

            try folder.use(old.tokenID)
            folder.clock.advance(days: 30)
            #expect(try await folder.row(old.tokenID).state == "active")
            try folder.use(new.tokenID)
            folder.clock.advance(milliseconds: 4_999)
            #expect(try await folder.row(old.tokenID).state == "active")
            folder.clock.advance(milliseconds: 1)

            #expect(try await folder.row(old.tokenID).state == "replaced")
            #expect(try await folder.row(new.tokenID).state == "active")
            #expect(try await folder.row(new.tokenID).replaces == old.tokenID)
            #expect(try await folder.row(old.tokenID).name == "Entra app")
        }
    }

    @Test func `a third token is refused with the names of the two, by create and rotate alike`() async throws
    {
        try await withDesk { folder in
            let (first, second) = (try await create(folder), try await create(folder))

            for refusal in [
                await problem { try await create(folder) }, await problem { try await rotate(folder) },
            ] {
                let problem = try #require(refusal)
                #expect(problem.status == 409 && problem.detail.contains("a third is not possible"))
                #expect(problem.detail.contains(first.tokenID) && problem.detail.contains(second.tokenID))
            }
            _ = try await folder.desk.revokeToken(.init(token: first.tokenID))
            #expect(try await rotate(folder).replaces == second.tokenID)
        }
    }

    @Test func `there is room for another token once the old one is replaced`() async throws {
        try await withDesk { folder in
            let old = try await create(folder)
            let new = try await rotate(folder, overlapSeconds: 0)
            #expect(await problem { try await rotate(folder) } != nil)

            try folder.use(new.tokenID)

            #expect(try await folder.row(old.tokenID).state == "replaced")
            #expect(try await rotate(folder).replaces == new.tokenID)
        }
    }

    @Test func `a successor that is revoked before its first use leaves the old token as it was`()
        async throws
    {
        try await withDesk { folder in
            let old = try await create(folder)
            let new = try await rotate(folder)

            _ = try await folder.desk.revokeToken(.init(token: new.tokenID))

            #expect(try await folder.row(old.tokenID).ends == old.expires)
            #expect(try await folder.row(new.tokenID).state == "revoked")
        }
    }

    @Test func `a connection without an active token has none to replace`() async throws {
        try await withDesk { folder in
            let problem = try #require(await problem { try await rotate(folder) })

            #expect(problem.status == 409 && problem.detail.contains("token create acme/staff"))
        }
    }

    @Test(
        arguments: [(0, true), (14 * 86_400, true), (14 * 86_400 + 1, false), (-1, false)] as [(Int64, Bool)]
    )
    func `an overlap is at most that of the profile`(_ seconds: Int64, _ isTaken: Bool) async throws {
        try await withDesk { folder in
            _ = try await create(folder)

            let refusal = await problem { try await rotate(folder, overlapSeconds: seconds) }

            #expect((refusal == nil) == isTaken)
        }
    }

    @Test(
        arguments: [(0, false), (1, true), (365 * 86_400, true), (365 * 86_400 + 1, false)] as [(Int64, Bool)]
    )
    func `a token lives at most as long as the profile lets it`(_ seconds: Int64, _ isTaken: Bool)
        async throws
    {
        try await withDesk { folder in
            let order = AdminMessages.CreateToken(tenant: "agency", connection: "staff", lifeSeconds: seconds)

            let refusal = await problem { try await folder.desk.createToken(order) }

            #expect((refusal == nil) == isTaken)
            if let refusal { #expect(refusal.status == 422 && refusal.detail.contains("gcc-high")) }
        }
    }

    @Test func `unless told otherwise a token lives a year, or as long as its profile allows`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "agency", connection: "staff", lifeSeconds: nil)
            )

            #expect(made.expires == folder.clock.now.adding(days: 365).rfc3339)
        }
    }

    @Test(arguments: ["", "two\nlines", String(repeating: "a", count: 257)])
    func `a name is a line of text`(_ name: String) async throws {
        try await withDesk { folder in
            #expect(await problem { try await create(folder, name: name) }?.status == 422)
            _ = try await create(folder, name: String(repeating: "a", count: 256))
        }
    }

    @Test func `the list holds ended tokens for 90 days`() async throws {
        try await withDesk { folder in
            let token = try await create(folder, life: 86_400)

            folder.clock.advance(days: 91)
            #expect(try await folder.row(token.tokenID).state == "ended")
            folder.clock.advance(milliseconds: 1)

            #expect(try await folder.desk.tokens(of: "acme").isEmpty)
        }
    }

    @Test func `a token that is to end later works until then, and the end can be put earlier only`()
        async throws
    {
        try await withDesk { folder in
            let token = try await create(folder)
            let end = folder.clock.now.adding(days: 2).rfc3339
            let revoked = try await folder.desk.revokeToken(.init(token: token.tokenID, at: end))
            #expect(!revoked.isEnded && revoked.ends == end)

            #expect(await folder.post("a@example.com", token: token.token) == 201)
            let later = folder.clock.now.adding(days: 3).rfc3339
            #expect(
                await problem { try await folder.desk.revokeToken(.init(token: token.tokenID, at: later)) }?
                    .status
                    == 409
            )
            folder.clock.advance(milliseconds: 2 * Timestamp.dayMilliseconds - 1)
            #expect(try await folder.row(token.tokenID).state == "active")
            #expect(await folder.post("b@example.com", token: token.token) == 201)
            folder.clock.advance(milliseconds: 1)

            #expect(await folder.post("c@example.com", token: token.token) == 401)
            #expect(try await folder.row(token.tokenID).state == "revoked")
            #expect(
                try await folder.row(token.tokenID).figures.expiryTimestamp == folder.clock.now.milliseconds
                    / 1_000
            )
        }
    }

    @Test func `an end that is past, or no moment, is refused and changes nothing`() async throws {
        try await withDesk { folder in
            let token = try await create(folder)
            let now = folder.clock.now

            for text in [now.rfc3339, now.adding(days: -1).rfc3339, "2020-01-01", "tomorrow", ""] {
                let refusal = await problem {
                    try await folder.desk.revokeToken(.init(token: token.tokenID, at: text))
                }
                #expect(refusal?.status == 422, "\(text)")
            }

            #expect(try await folder.row(token.tokenID).ends == token.expires)
        }
    }

    @Test func `of two rotations in the same moment one is done, the other a conflict`() async throws {
        try await withDesk { folder in
            let old = try await create(folder)

            let refusals = await withTaskGroup(of: AdminMessages.Problem?.self) { tasks in
                for _ in 1...2 { tasks.addTask { await problem { try await rotate(folder) } } }
                return await tasks.reduce(into: []) { $0.append($1) }
            }

            #expect(refusals.compactMap { $0?.status } == [409])
            let rows = try await folder.desk.tokens(of: "acme").filter { $0.state != "revoked" }
            #expect(rows.count == 2 && rows.contains { $0.tokenID == old.tokenID })
        }
    }

    @Test(arguments: CloudProfile.Name.allCases)
    func `a token is as short as every profile wants it`(_ name: CloudProfile.Name) {
        #expect(AccessToken.length <= CloudProfile.named(name).tokens.maximumLength)
    }

    private func create(_ folder: DeskFolder, life: Int64? = nil, name: String? = nil) async throws
        -> AdminMessages.MadeToken
    {
        try await folder.desk.createToken(
            .init(tenant: "acme", connection: "staff", lifeSeconds: life ?? year, name: name)
        )
    }

    private func rotate(_ folder: DeskFolder, overlapSeconds: Int64 = 14 * 86_400) async throws
        -> AdminMessages.MadeToken
    {
        try await folder.desk.rotateToken(
            .init(tenant: "acme", connection: "staff", lifeSeconds: year, overlapSeconds: overlapSeconds)
        )
    }
}

/// The problem that an order ends in; nil when it is done.
func problem<Answer>(_ order: () async throws -> Answer) async -> AdminMessages.Problem? {
    do {
        _ = try await order()
        return nil
    } catch let problem as AdminMessages.Problem {
        return problem
    } catch {
        Issue.record(error)
        return nil
    }
}
