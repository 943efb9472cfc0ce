import SCIM
import Testing

@testable import Gateway
@testable import Operations

@Suite("An operator's tenants")
struct TenantDeskTests {
    @Test func `tenants come by name, with cloud, status and connections`() async throws {
        try await withDesk { folder in
            let page = try await folder.desk.tenants(.init(count: 100, countsLearners: false))

            #expect(page.tenants.map(\.tenant) == ["acme", "agency"])
            #expect(page.tenants.map(\.profile) == ["commercial", "gcc-high"])
            #expect(
                page.tenants.allSatisfy { $0.status == "active" && $0.connections == 1 && $0.users == nil }
            )
            #expect(page.tenants.allSatisfy { $0.lastSeen == nil && $0.problems.isEmpty })
            #expect(page.next == nil && page.total == 2)
        }
    }

    @Test func `a page ends where it is told to, and the next begins there`() async throws {
        try await withDesk { folder in
            let first = try await folder.desk.tenants(.init(count: 1, countsLearners: false))
            let second = try await folder.desk.tenants(
                .init(after: first.next, count: 1, countsLearners: false)
            )

            #expect(first.tenants.map(\.tenant) == ["acme"] && first.next == "acme")
            #expect(second.tenants.map(\.tenant) == ["agency"] && second.next == nil)
            #expect(first.total == 2 && second.total == 2)
        }
    }

    @Test(arguments: [(1, true), (1_000, true), (0, false), (1_001, false)])
    func `a page holds 1 to 1000 tenants`(count: Int, isAllowed: Bool) async throws {
        try await withDesk { folder in
            if isAllowed {
                _ = try await folder.desk.tenants(.init(count: count, countsLearners: false))
            } else {
                await #expect(throws: AdminMessages.Problem.self) {
                    try await folder.desk.tenants(.init(count: count, countsLearners: false))
                }
            }
        }
    }

    @Test func `a file that is refused is a problem of its tenant, served or not`() async throws {
        try await withDesk { folder in
            try folder.write("acme", "version: 1\ntenant: acme\nprofile: commercial\nnonsense: 1\n")
            try folder.write("newcomer", "version: 1\ntenant: newcomer\n")
            _ = await folder.core.reload()

            let rows = try await folder.desk.tenants(.init(count: 100, countsLearners: false)).tenants
            let shown = try await folder.desk.tenant("newcomer")

            #expect(rows.map(\.tenant) == ["acme", "agency", "newcomer"])
            #expect(rows.map(\.status) == ["active", "active", "refused"])
            #expect(rows[0].problems == ["file refused, generation 1 serves"])
            #expect(rows[1].problems.isEmpty && rows[2].problems == ["file refused, nothing serves"])
            #expect(shown.tenant.profile == nil && shown.findings.contains { $0.contains("newcomer.yaml") })
        }
    }

    @Test func `a tenant was seen when the last of its tokens was used`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: nil)
            )
            try folder.use(made.tokenID)

            let rows = try await folder.desk.tenants(.init(count: 100, countsLearners: false)).tenants

            #expect(rows.map(\.lastSeen) == [folder.clock.now.rfc3339, nil])
        }
    }

    @Test func `a token that ends soon is told with its tenant`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 40 * 86_400)
            )
            folder.clock.advance(days: 35)

            let rows = try await folder.desk.tenants(.init(count: 100, countsLearners: false)).tenants

            #expect(rows[0].problems == ["token \(made.tokenID) ends in 5 d"])
            #expect(rows[1].problems.isEmpty)
        }
    }

    @Test func `a tenant that has not come for three hours is silent, until it comes again`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 300 * 86_400)
            )
            folder.clock.advance(days: 1)
            let neverSeen = try await folder.problemsOfAcme()
            try folder.use(made.tokenID)

            folder.clock.advance(milliseconds: TenantSilence.begins)
            let atLimit = try await folder.problemsOfAcme()
            folder.clock.advance(milliseconds: 1)
            let above = (try await folder.problemsOfAcme(), folder.core.status().attention)
            folder.clock.advance(days: 8)
            let old = (try await folder.problemsOfAcme(), folder.core.status().attention)
            try folder.use(made.tokenID)

            #expect(neverSeen == [] && atLimit == [])
            #expect(above.0 == ["silent for 3 h"] && above.1 == ["acme silent for 3 h"])
            #expect(old.0 == ["silent for 8 d"] && old.1 == [])
            #expect(try await folder.problemsOfAcme() == [])
        }
    }

    @Test(arguments: ["status: paused", "status: disabled"])
    func `nobody waits for a tenant that may not come`(status: String) async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 300 * 86_400)
            )
            try folder.use(made.tokenID)
            folder.clock.advance(days: 1)
            let before = try await folder.problemsOfAcme()
            try folder.write("acme", DeskFolder.tenantText("acme", more: status))
            _ = await folder.core.reload()

            #expect(before == ["silent for 1 d"])
            #expect(try await folder.problemsOfAcme() == [])
        }
    }

    @Test func `nobody waits for a tenant whose tokens have all ended`() async throws {
        try await withDesk { folder in
            let made = try await folder.desk.createToken(
                .init(tenant: "acme", connection: "staff", lifeSeconds: 300 * 86_400)
            )
            try folder.use(made.tokenID)
            folder.clock.advance(days: 1)
            _ = try await folder.desk.revokeToken(.init(token: made.tokenID))

            #expect(try await folder.problemsOfAcme() == [])
        }
    }

    @Test(arguments: [("acem", "did you mean 'acme'?"), ("zzzzzzzz", "there are: acme, agency")])
    func `a mistyped tenant is answered with what was meant, or with what there is`(
        name: String,
        words: String
    ) async throws {
        try await withDesk { folder in
            let problem = await #expect(throws: AdminMessages.Problem.self) {
                try await folder.desk.tenant(name)
            }

            #expect(problem?.detail == "there is no tenant '\(name)'; \(words)")
            #expect(problem?.status == 404)
        }
    }

    @Test func `a mistyped group or connection is answered with the one that was meant`() async throws {
        try await withDesk { folder in
            let group = await #expect(throws: AdminMessages.Problem.self) {
                try await folder.desk.connect(
                    .init(
                        tenant: "acme",
                        group: "braanch",
                        id: nil,
                        name: nil,
                        dialect: "entra",
                        attributes: "learner",
                        lifeSeconds: nil
                    )
                )
            }
            let connection = await #expect(throws: AdminMessages.Problem.self) {
                try await folder.desk.createToken(
                    .init(tenant: "acme", connection: "stuff", lifeSeconds: nil)
                )
            }

            #expect(group?.detail == "tenant acme has no group 'braanch'; did you mean 'branch'?")
            #expect(connection?.detail == "tenant acme has no connection 'stuff'; did you mean 'staff'?")
        }
    }
}

extension DeskFolder {
    /// What the list of tenants says of acme.
    fileprivate func problemsOfAcme() async throws -> [String] {
        try await desk.tenants(.init(count: 1, countsLearners: false)).tenants[0].problems
    }
}
