import SCIM
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("Orders that are only checked")
struct DryRunTests {
    @Test func `a connection that would be made is neither made nor given a token`() async throws {
        try await withDesk { folder in
            let order = AdminMessages.Connect(
                tenant: "acme",
                group: "staff",
                id: "more",
                name: nil,
                dialect: "entra",
                attributes: "learner",
                lifeSeconds: nil,
                isDryRun: true
            )
            let before = try await folder.desk.connections(of: "acme").count

            let foreseen = try await folder.desk.connect(order)

            #expect(foreseen.connection == "more" && foreseen.token.isEmpty && foreseen.tokenID.isEmpty)
            #expect(try await folder.desk.connections(of: "acme").count == before)
            var wrong = order
            wrong.group = "nobody"
            await #expect(throws: AdminMessages.Problem.self) { try await folder.desk.connect(wrong) }
        }
    }

    @Test func `tokens that would be made, replaced or ended stay as they are`() async throws {
        try await withDesk { folder in
            let desk = folder.desk
            let made = try await desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: nil)
            )
            let before = try await desk.tokens(of: "acme").map(\.state)

            let another = try await desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: nil, isDryRun: true)
            )
            let rotated = try await desk.rotateToken(
                .init(
                    tenant: "acme",
                    connection: "staff",
                    lifeSeconds: nil,
                    overlapSeconds: 0,
                    isDryRun: true
                )
            )
            let revoked = try await desk.revokeToken(.init(token: made.tokenID, isDryRun: true))

            #expect(another.token.isEmpty && rotated.token.isEmpty && rotated.replaces == made.tokenID)
            #expect(revoked.isEnded && revoked.tokenID == made.tokenID)
            #expect(try await desk.tokens(of: "acme").map(\.state) == before)
            await #expect(throws: AdminMessages.Problem.self) {
                try await desk.revokeToken(.init(token: "nobodys0", isDryRun: true))
            }
        }
    }

    @Test func `a connection that would be removed is told with the tokens that would end`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.connect(
                .init(
                    tenant: "acme",
                    group: "staff",
                    id: "more",
                    name: nil,
                    dialect: "entra",
                    attributes: "learner",
                    lifeSeconds: nil
                )
            )
            let order = AdminMessages.RemoveConnection(tenant: "acme", connection: "more", isDryRun: true)

            let foreseen = try await folder.desk.removeConnection(order)

            #expect(foreseen.endedTokens == [made.tokenID])
            #expect(try await folder.desk.connections(of: "acme").contains { $0.connection == "more" })
            await #expect(throws: AdminMessages.Problem.self) {
                try await folder.desk.removeConnection(
                    .init(tenant: "acme", connection: "staff", isDryRun: true)
                )
            }
        }
    }
}
