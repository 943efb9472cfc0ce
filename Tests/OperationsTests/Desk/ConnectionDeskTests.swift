import SCIM
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("An operator's orders about connections")
struct ConnectionDeskTests {
    @Test func `a removed connection's tokens end, and its learners are unmanaged`() async throws {
        try await withDesk { folder in
            let (made, other) = (try await connect(folder), try await staffToken(folder))
            #expect(await folder.post("ada@example.com", token: made.token) == 201)
            #expect(await folder.post("ada@example.com", token: other.token) == 409)

            let removed = try await folder.desk.removeConnection(.init(tenant: "acme", connection: "branch"))

            #expect(removed.endedTokens == [made.tokenID] && removed.findings.isEmpty)
            #expect(folder.runtime.directory.token(try #require(AccessToken.ID(made.tokenID))) == nil)
            #expect(try await folder.row(made.tokenID).state == "revoked")
            #expect(await folder.post("bob@example.com", token: made.token) == 401)
            #expect(await folder.post("ada@example.com", token: other.token) == 201)
            #expect(try await folder.desk.connections(of: "acme").map(\.connection) == ["staff"])
        }
    }

    @Test func `a token of a removed connection is told as revoked`() async throws {
        try await withDesk { folder in
            let made = try await connect(folder)
            _ = try await folder.desk.removeConnection(.init(tenant: "acme", connection: "branch"))

            let verified = try await folder.desk.verify(.init(text: made.token, tenantURL: nil))

            #expect(verified.complaints.first?.problem.contains("was revoked on 2026-11-23") == true)
        }
    }

    @Test func `a connection that a file declares is removed there`() async throws {
        try await withDesk { folder in
            let problem = try #require(
                await problem {
                    try await folder.desk.removeConnection(.init(tenant: "acme", connection: "staff"))
                }
            )

            #expect(problem.status == 409 && problem.detail.contains("tenants/acme.yaml"))
        }
    }

    @Test(arguments: [("nobody", "acme"), ("staff", "nobody")])
    func `what does not exist cannot be removed`(_ connection: String, _ tenant: String) async throws {
        try await withDesk { folder in
            #expect(
                await problem {
                    try await folder.desk.removeConnection(.init(tenant: tenant, connection: connection))
                }?.status
                    == 404
            )
        }
    }

    @Test func `a connection whose tenant is gone is listed as not in force, and can be removed`()
        async throws
    {
        try await withDesk { folder in
            let made = try await connect(folder)
            try folder.remove("acme")
            _ = await folder.core.reload()

            let rows = try await folder.desk.connections(of: nil)
            let removed = try await folder.desk.removeConnection(.init(tenant: "acme", connection: "branch"))

            #expect(rows.filter { !$0.isInForce }.map(\.connection) == ["branch"])
            #expect(removed.endedTokens == [made.tokenID])
            #expect(try await folder.desk.connections(of: nil).allSatisfy(\.isInForce))
        }
    }

    @Test func `a list shows the active tokens and the last use`() async throws {
        try await withDesk { folder in
            let made = try await connect(folder)
            try folder.use(made.tokenID)

            let row = try #require(
                await folder.desk.connections(of: "acme").first { $0.connection == "branch" }
            )

            #expect(row.activeTokens == [made.tokenID] && row.group == "branch" && row.origin == "control")
            #expect(
                row.lastUsed == folder.clock.now.rfc3339 && row.tenantURL == "https://scim.example/scim/v2"
            )
        }
    }

    @Test func `a token for a file is kept nowhere, and works once its file declares it`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 86_400, name: "app", isForFile: true)
            )
            let yaml = try #require(made.yaml)
            #expect(try await folder.desk.tokens(of: nil).isEmpty)

            let lines = yaml.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
            try folder.write("acme", DeskFolder.tenantText("acme", connectionMore: "    tokens:\n\(lines)"))
            let reloaded = await folder.core.reload()

            #expect(reloaded.findings.isEmpty, "\(reloaded.findings)")
            let verified = try await folder.desk.verify(.init(text: made.token, tenantURL: nil))
            #expect(verified.complaints.isEmpty && verified.token?.origin == "file")
            #expect(verified.token?.ends == made.expires)
        }
    }

    @Test func `a token of a connection that is in no file cannot be in one`() async throws {
        try await withDesk { folder in
            _ = try await connect(folder)

            let refusal = await problem {
                try await folder.desk.createToken(
                    .init(tenant: "acme", connection: "branch", lifeSeconds: 86_400, isForFile: true)
                )
            }

            #expect(refusal?.status == 409)
        }
    }

    private func staffToken(_ folder: DeskFolder) async throws -> AdminMessages.MadeToken {
        try await folder.desk.createToken(.init(tenant: "acme", connection: "staff", lifeSeconds: 86_400))
    }

    private func connect(_ folder: DeskFolder) async throws -> AdminMessages.MadeToken {
        try await folder.desk.connect(
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
    }
}
