import HTTPTransport
import HTTPTypes
import SCIM
import Store
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

    @Test func `a connection that would be removed is told with the tokens that would end`()
        async throws
    {
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

    @Test(arguments: [true, false])
    func `the tokens that would end with a connection are those that then end, in force or not`(
        isServed: Bool
    ) async throws {
        try await withDesk { folder in
            let first = try await folder.desk.connect(
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
            let second = try await folder.desk.rotateToken(
                .init(tenant: "acme", connection: "more", lifeSeconds: nil, overlapSeconds: 0)
            )
            // The first ends with this, and a directory that does not have them must be told by the database.
            try folder.use(second.tokenID)
            let id = try #require(AccessToken.ID(second.tokenID))
            let use = try #require(folder.runtime.directory.token(id)?.life.use.record)
            try await folder.runtime.control.keep([id: use])
            let revoked = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "more", lifeSeconds: nil)
            )
            _ = try await folder.desk.revokeToken(.init(token: revoked.tokenID))
            if !isServed {
                try folder.remove("acme")
                _ = await folder.core.reload()
            }
            var order = AdminMessages.RemoveConnection(tenant: "acme", connection: "more", isDryRun: true)

            let foreseen = try await folder.desk.removeConnection(order)
            order.isDryRun = false
            let done = try await folder.desk.removeConnection(order)

            #expect(done.endedTokens == [second.tokenID], "not \(first.tokenID)")
            #expect(foreseen.endedTokens == done.endedTokens)
        }
    }

    @Test(arguments: [
        (from: String?.none, to: "branch", moved: ["in staff", "in both"]),
        (from: String?.none, to: "staff", moved: ["in branch", "in both"]),
        (from: "staff", to: "branch", moved: ["in staff", "in both"]),
        (from: "branch", to: "third", moved: ["in branch", "in both"]),
        (from: "third", to: "branch", moved: []),
    ])
    func `a move that is only counted counts whom the move then moves`(
        from: String?,
        to: String,
        moved: [String]
    ) async throws {
        for isByID in [true, false] {
            try await withDesk(tenants: ["acme": Self.threeGroups]) { folder in
                let ids = try await folder.learnersInGroups()
                var order = AdminMessages.MoveUsers(
                    tenant: "acme",
                    to: to,
                    from: from,
                    users: isByID ? ids + ["nobody"] + ids : nil,
                    filter: isByID ? nil : "userName pr",
                    isDryRun: true
                )

                let foreseen = try await folder.desk.moveUsers(order)
                order.isDryRun = false
                let done = try await folder.desk.moveUsers(order)

                #expect(done.moved == moved.count && foreseen.moved == done.moved)
                #expect(done.missing == (isByID ? ["nobody"] : []) && foreseen.missing == done.missing)
            }
        }
    }

    @Test(arguments: [true, false])
    func `what would become of deleted learners is what then becomes of them, one after the other`(
        isPurge: Bool
    ) async throws {
        try await withDesk { folder in
            let first = try await folder.deletedLearner("Ada@example.com")
            let second = try await folder.deletedLearner("ada@EXAMPLE.com")
            let other = try await folder.deletedLearner("bob@example.com")
            let order = AdminMessages.DeletedUsers(
                tenant: "acme",
                users: [first, second, other, other, "nobody"],
                isDryRun: true
            )
            var real = order
            real.isDryRun = false
            let desk = folder.desk

            let foreseen = isPurge ? try await desk.purgeUsers(order) : try await desk.restoreUsers(order)
            let done = isPurge ? try await desk.purgeUsers(real) : try await desk.restoreUsers(real)

            let refused = isPurge ? [false, false, false, true, true] : [false, true, false, true, true]
            #expect(done.map { $0.refusal != nil } == refused)
            #expect(foreseen.map(\.refusal) == done.map(\.refusal))
        }
    }

    private static let threeGroups = DeskFolder.tenantText("acme").replacing(
        "  - {id: branch, display_name: Branch}",
        with: "  - {id: branch, display_name: Branch}\n  - {id: third, display_name: Third}"
    )
}

extension DeskFolder {
    /// Makes a learner and deletes it; gives the id.
    fileprivate func deletedLearner(_ name: String) async throws -> String {
        try await importLearner(name, into: "staff")
        let id = try #require(
            await desk.users(.init(tenant: "acme", selection: .init(), count: 10)).rows.last?.id
        )
        let (runtime, tenant) = try core.tenant(named: "acme")
        let deletion = Deletion(type: .user, id: ResourceID(id), now: clock.now) {
            _ throws(SCIMError) in
        }
        try await desk.store(of: tenant, runtime).delete(deletion, for: .nobody)
        return id
    }

    private func importLearner(_ name: String, into group: String) async throws {
        let line = AdminMessages.Import.Line(line: 1, json: "{\"userName\":\"\(name)\"}")
        _ = try await desk.importUsers(
            .init(tenant: "acme", group: group, isDryRun: false, lines: [line])
        )
    }

    /// Makes a learner in staff, one in branch and one in both, all of them in a client's group; gives their ids.
    fileprivate func learnersInGroups() async throws -> [String] {
        for (name, group) in [
            ("s@example.com", "staff"), ("b@example.com", "branch"), ("c@example.com", "staff"),
        ] {
            try await importLearner(name, into: group)
        }
        let ids = try await desk.users(.init(tenant: "acme", selection: .init(), count: 10)).rows.map(
            \.id
        )
        let client = try await desk.connect(
            .init(
                tenant: "acme",
                group: nil,
                id: "full",
                name: nil,
                dialect: "generic",
                attributes: "full",
                lifeSeconds: nil
            )
        )
        let members = ids.map { "{\"value\":\"\($0)\"}" }.joined(separator: ",")
        let guides =
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Guides","members":[\#(members)]}"#
        try #require(await send(.post, "/Groups", guides, token: client.token).status == .created)
        let (runtime, tenant) = try core.tenant(named: "acme")
        let store = try await desk.store(of: tenant, runtime)
        let snapshot = try await store.snapshot()
        var query = RosterQuery()
        query.type = .group
        let groups = try await snapshot.roster(query).entries
        await snapshot.close()
        let branch = try #require(groups.first { $0.targetGroup == TargetGroup.ID("branch") })
        try await store.reinstate(
            [Membership(group: branch.resource.id, member: ResourceID(ids[2]))],
            noting: nil
        )
        return ids
    }
}
