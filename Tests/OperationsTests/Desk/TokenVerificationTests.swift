import SCIM
import Testing

@testable import Gateway
@testable import Operations
@testable import Tenancy

@Suite("What is the matter with a token")
struct TokenVerificationTests {
    @Test func `a good token is told with its connection, state and Tenant URL`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)

            let verified = try await verify(folder, made.token + "\n")

            #expect(verified.complaints.isEmpty)
            #expect(verified.token?.tokenID == made.tokenID && verified.token?.connection == "staff")
            #expect(verified.token?.state == "waiting for first use")
            #expect(verified.tenantURL == "https://scim.example/scim/v2")
        }
    }

    @Test func `a token that is cut names its connection, and how much is missing`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)

            let complaint = try #require(
                try await verify(folder, String(made.token.dropLast(3))).complaints.first
            )

            #expect(
                complaint
                    == .init(
                        problem:
                            "this looks like token \(made.tokenID) (acme/staff) but it is 3 characters short",
                        fix:
                            "copy it again from where it was stored, or rotate it: scim-gateway token rotate acme/staff"
                    )
            )
        }
    }

    @Test func `a mistyped token, a guessed one and one of nobody are told apart`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)
            let last = made.token.hasSuffix("a") ? "b" : "a"
            let other = AccessToken.generate(in: folder.runtime.library)
            let guessed = "sgw_\(made.tokenID)_" + other.text.dropFirst(13).prefix(43)

            let mistyped = try await verify(folder, made.token.dropLast() + last)
            let forged = try await verify(folder, Self.checked(guessed))
            let unknown = try await verify(folder, other.text)
            let foreign = try await verify(folder, "eyJhbGciOi")

            #expect(
                mistyped.complaints.map(\.problem).first?.contains("its characters are not those") == true
            )
            #expect(forged.complaints.map(\.problem).first?.contains("another secret") == true)
            #expect(unknown.complaints.map(\.problem) == ["no token of this gateway has the id \(other.id)"])
            #expect(foreign.complaints.map(\.problem).first?.contains("begin with sgw_") == true)
            #expect([mistyped, forged, unknown, foreign].allSatisfy { $0.token == nil })
        }
    }

    @Test func `what is around a good token is told, and the token is known all the same`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)

            let verified = try await verify(folder, "Bearer \(made.token) \n")

            #expect(verified.token?.tokenID == made.tokenID)
            #expect(
                verified.complaints.map { $0.problem.prefix(16) } == ["there is white s", "'Bearer ' stands"]
            )
        }
    }

    @Test func `an ended, a revoked and a replaced token are told with the day`() async throws {
        try await withDesk { folder in
            let short = try await create(folder, life: 86_400)
            let revoked = try await create(folder)
            _ = try await folder.desk.revokeToken(.init(token: revoked.tokenID))
            folder.clock.advance(days: 1)
            let old = try await create(folder)
            let new = try await folder.desk.rotateToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 86_400, overlapSeconds: 0)
            )
            try folder.use(new.tokenID)

            let complaints = [
                try await verify(folder, short.token), try await verify(folder, revoked.token),
                try await verify(folder, old.token),
            ]
            .flatMap(\.complaints).map(\.problem)

            #expect(
                complaints == [
                    "token \(short.tokenID) (acme/staff) ended on 2026-11-24",
                    "token \(revoked.tokenID) (acme/staff) was revoked on 2026-11-23",
                    "token \(old.tokenID) (acme/staff) was replaced by another on 2026-11-24",
                ]
            )
        }
    }

    @Test(
        arguments: [
            ("https://scim.example/scim/v2", nil), ("https://scim.example/scim/v2/", nil),
            ("https://scim.example/scim/v2?aadOptscim062020", nil),
            ("https://scim.example", "does not end in /scim/v2"),
            ("https://scim.example/Users", "does not end in /scim/v2"),
            ("https://scim.example.org/scim/v2", "no listener of this gateway"),
            (
                "https://gov.example/scim/v2",
                "this token is for commercial; that Tenant URL is the one of gcc-high"
            ),
        ] as [(String, String?)]
    )
    func `a Tenant URL that is not the token's is told`(_ url: String, _ problem: String?) async throws {
        try await withDesk { folder in
            let made = try await create(folder)

            let complaints = try await verify(folder, made.token, url: url).complaints

            guard let problem else {
                #expect(complaints.isEmpty)
                return
            }
            #expect(complaints.count == 1 && complaints[0].problem.contains(problem))
            #expect(complaints[0].fix == "use https://scim.example/scim/v2")
        }
    }

    @Test func `a tenant that is paused or disabled is told`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)

            try folder.write("acme", DeskFolder.tenantText("acme", more: "status: disabled"))
            _ = await folder.core.reload()

            let complaints = try await verify(folder, made.token).complaints
            #expect(complaints.map(\.problem) == ["tenant acme is disabled: its tokens open nothing"])
        }
    }

    @Test func `no answer repeats the secret`() async throws {
        try await withDesk { folder in
            let made = try await create(folder)
            let secret = made.token.split(separator: "_")[2].prefix(24)

            for text in [made.token, String(made.token.dropLast()), "Bearer \(made.token)", "x\(made.token)"]
            {
                #expect(!"\(try await verify(folder, text))".contains(secret))
            }
        }
    }

    private func create(_ folder: DeskFolder, life: Int64 = 365 * 86_400) async throws
        -> AdminMessages.MadeToken
    {
        try await folder.desk.createToken(.init(tenant: "acme", connection: "staff", lifeSeconds: life))
    }

    private func verify(_ folder: DeskFolder, _ text: some StringProtocol, url: String? = nil) async throws
        -> AdminMessages.Verified
    {
        try await folder.desk.verify(.init(text: String(text), tenantURL: url))
    }

    /// The text with the checksum that makes it well-formed.
    private static func checked(_ text: some StringProtocol) -> String {
        String(text) + String(decoding: TokenFormat.checksum(of: text.utf8), as: UTF8.self)
    }
}
