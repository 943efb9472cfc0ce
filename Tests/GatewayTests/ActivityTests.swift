import CloudProfiles
import HTTPTransport
import HTTPTypes
import Logging
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import Gateway

@Suite("What a request leaves in its tenant's activity")
struct ActivityTests {
    @Test func `a write leaves one entry, by its token, with the attributes that changed`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let body =
                #"{"Operations":[{"op":"Replace","path":"active","value":"False"},{"op":"Add","path":"title","value":"X"}]}"#
            let reply = await gateway.send(
                .patch,
                "/Users/\(id)",
                fields: [.userAgent: "Entra\u{1F600}"],
                body: body
            )

            let entries = try await gateway.activity().entries

            #expect(reply.status == .ok)
            #expect(entries.map(\.kind) == [.userCreated, .userDeactivated, .tokenFirstUsed])
            let entry = entries[1]
            #expect(entry.changed == ["active"])
            #expect(entry.notes == ["dropped title"])
            #expect(entry.resource?.id.text == id)
            #expect(entry.origin.connection?.text == "hr")
            #expect(entry.origin.targetGroup?.text == "staff")
            #expect(entry.origin.tokenID == gateway.token.id)
            #expect(entry.origin.requestID == reply.fields[RequestID.fieldName])
            #expect(entry.origin.operation == "PATCH /Users/{id}")
            #expect(entry.origin.clientAddress == "127.0.0.1")
            #expect(entry.origin.userAgent == "Entra")
            #expect(entry.origin.quirks == ["active_as_string", "capital_op"])
            #expect(entry.userName?.hasPrefix("hmac:") == true && entry.userName == entries[0].userName)
            #expect(entry.previousHash != nil && entry.origin.network == nil)
        }
    }

    @Test func `a write that changes nothing is told, and costs no transaction`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")

            _ = await gateway.send(
                .patch,
                "/Users/\(id)",
                body: #"{"Operations":[{"op":"replace","path":"active","value":true}]}"#
            )

            let before = try await gateway.stored().entries.map(\.kind)
            let after = try await gateway.activity().entries.map(\.kind)
            #expect(before == [.userCreated])
            #expect(after == [.userCreated, .tokenFirstUsed, .userUnchanged])
        }
    }

    @Test func `reads are counted, a connection test is told by itself`() async throws {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            let guid = "4E0A5D10-7b1c-4c6a-9d7e-2f1b3c4d5e6f"

            for _ in 1...3 { _ = await gateway.send(.get, "/Users/\(id)") }
            _ = await gateway.send(.get, "/Schemas")
            _ = await gateway.send(.get, "/Users?filter=userName+eq+%22nobody%22")
            _ = await gateway.send(.get, "/Users?filter=userName+eq+%22\(guid)%22")

            let page = try await gateway.activity()
            #expect(page.entries.map(\.kind) == [.userCreated, .tokenFirstUsed, .probe])
            #expect(
                page.reads.map { "\($0.kind.rawValue) \($0.count)" }.sorted() == [
                    "discovery 1", "user.read 3", "user.searched 1",
                ]
            )
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/Users/x", "", ActivityOutcome.refused, 404, "scim_404"),
        (.post, "/Users", #"{"userName":"ADA@example.com"}"#, .refused, 409, "uniqueness"),
        (.post, "/Users", "{", .refused, 400, "invalidSyntax"),
        (.get, "/Nothing", "", .refused, 404, "no_endpoint"),
    ])
    func `a refusal is told with its reason and with what the client was told`(
        method: HTTPRequest.Method,
        path: String,
        body: String,
        outcome: ActivityOutcome,
        status: Int,
        reason: String
    ) async throws {
        try await withGateway { gateway in
            _ = try await gateway.create("ada@example.com")

            let reply = await gateway.send(method, path, body: body.isEmpty ? nil : body)

            let entry = try #require(try await gateway.activity().entries.last)
            #expect(entry.kind == .requestRefused)
            #expect((entry.outcome, entry.status, entry.reason) == (outcome, status, reason))
            let explanation = try #require(entry.explanation)
            #expect(reply.text.contains(explanation.prefix(40)))
        }
    }

    @Test func `a token that opens nothing is told to the tenant whose id it bears, and to nobody else`()
        async throws
    {
        try await withGateway { gateway in
            let text = gateway.token.text
            let cut = String(text.dropLast(3))
            gateway.revoke()

            _ = await gateway.send(.get, "/Users", token: text)
            _ = await gateway.send(.get, "/Users", token: cut)
            _ = await gateway.send(.get, "/Users", token: "sgw_00000000_nonsense")

            let entries = try await gateway.activity().entries
            let neighbours = try await gateway.activity(of: "northwind").entries
            #expect(entries.map(\.kind) == [.tokenRefused, .tokenRefused])
            #expect(entries.map(\.reason) == ["revoked", "malformed"])
            #expect(entries[0].explanation?.contains("was revoked") == true)
            #expect(entries[1].explanation?.contains("3 characters short") == true)
            #expect(entries.allSatisfy { $0.explanation?.contains(text.suffix(20)) == false })
            #expect(neighbours.isEmpty)
        }
    }

    @Test func `a flood of refused tokens leaves ten entries a minute, and a count of the others`()
        async throws
    {
        let clock = SettableClock(TestGateway.now())
        try await withGateway(now: clock.now) { gateway in
            let cut = String(gateway.token.text.dropLast())

            for _ in 1...(ActivityQueue.strangersPerMinute + 5) {
                _ = await gateway.send(.get, "/Users", token: cut)
            }
            let during = try await gateway.activity().entries
            clock.advance(milliseconds: 60_000)
            let after = try await gateway.activity().entries

            #expect(during.count == ActivityQueue.strangersPerMinute)
            #expect(after.count == ActivityQueue.strangersPerMinute + 1)
            #expect(after.last?.count == 5)
        }
    }

    @Test func `a flood of refusals leaves no more than there is room for, and a count of the others`()
        async throws
    {
        let queue = ActivityQueue()
        let tenant = Tenant.ID("contoso")
        let entry = ActivityEntry(
            .requestRefused,
            .refused,
            at: TestGateway.now(),
            by: ActivityOrigin(actor: "client")
        )

        for _ in 1...ActivityQueue.waitingEntries { queue.add(entry, of: tenant) }
        let fitting = queue.takeAll(now: TestGateway.now())[tenant]
        for _ in 1...(ActivityQueue.waitingEntries + 7) { queue.add(entry, of: tenant) }
        let flood = queue.takeAll(now: TestGateway.now())[tenant]

        #expect(fitting?.entries.count == ActivityQueue.waitingEntries)
        #expect(flood?.entries.count == ActivityQueue.waitingEntries + 1)
        #expect(flood?.entries.last?.count == 7)
        #expect(queue.takeAll(now: TestGateway.now()).isEmpty)
    }

    @Test func `what a store did not take waits before what came meanwhile, and is bounded`() throws {
        let queue = ActivityQueue()
        let tenant = Tenant.ID("contoso")
        func entry(_ second: Int64) -> ActivityEntry {
            ActivityEntry(
                .requestRefused,
                .failed,
                at: Timestamp(milliseconds: second * 1_000),
                by: ActivityOrigin(actor: "client")
            )
        }
        for second in 1...2 { queue.add(entry(Int64(second)), of: tenant) }
        queue.count(.userRead, through: .init("hr"), of: tenant, at: Timestamp(milliseconds: 1))
        let taken = try #require(queue.takeAll(now: TestGateway.now())[tenant])
        queue.add(entry(3), of: tenant)
        queue.count(.userRead, through: .init("hr"), of: tenant, at: Timestamp(milliseconds: 2))

        queue.giveBack(taken, of: tenant)
        let again = try #require(queue.takeAll(now: TestGateway.now())[tenant])
        for _ in 1...ActivityQueue.waitingEntries { queue.add(entry(4), of: tenant) }
        queue.giveBack(again, of: tenant)
        let full = try #require(queue.takeAll(now: TestGateway.now())[tenant])

        #expect(again.entries.map(\.time.milliseconds) == [1_000, 2_000, 3_000])
        #expect(again.reads.map(\.count) == [2])
        #expect(full.entries.count == ActivityQueue.waitingEntries + 1 && full.entries.last?.count == 3)
        #expect(full.entries.first?.time.milliseconds == 1_000)
    }

    @Test(arguments: [
        (#"userName eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, true),
        (#"externalId EQ "4E0A5D10-7B1C-4C6A-9D7E-2F1B3C4D5E6F""#, 0, true),
        (#"userName eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 1, false),
        (#"userName eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6g""#, 0, false),
        (#"userName eq "4e0a5d107-b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, false),
        (#"userName sw "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, false),
        (#"userName eq "ada@example.com""#, 0, false),
        (#"emails[type eq "work"].value eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, true),
        (#"emails[type eq "work"] and userName eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, false),
        (#"active eq true and userName eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, false),
        (#"eq "4e0a5d10-7b1c-4c6a-9d7e-2f1b3c4d5e6f""#, 0, false),
    ])
    func `a connection test is a search for a GUID that finds nobody`(filter: String, found: Int, isOne: Bool)
    {
        #expect(ConnectionTest.isOne(filter: filter, found: found) == isOne)
    }
}

extension TestGateway {
    /// What is stored of a tenant's activity now.
    func stored(of tenant: String = "contoso") async throws -> ActivityPage {
        try await runtime.stores.store(for: scope(of: tenant)).activity(ActivityQuery())
    }

    /// The tenant's activity, what waits included.
    func activity(of tenant: String = "contoso") async throws -> ActivityPage {
        for (id, pending) in runtime.activity.takeAll(now: runtime.now()) {
            try await runtime.stores.store(for: scope(of: id.text)).record(
                pending.entries,
                reads: pending.reads
            )
        }
        return try await stored(of: tenant)
    }

    private func scope(of tenant: String) throws -> TenantScope {
        let tenant = try #require(runtime.directory.tenants[Tenant.ID(tenant)])
        return OperatorAccess.scope(tenant: tenant, profile: runtime.profile, operator: "test")
    }
}

/// A clock that stands still until it is moved.
private final class SettableClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp) {
        self.moment = Mutex(moment)
    }

    var now: @Sendable () -> Timestamp {
        { self.moment.withLock { $0 } }
    }

    func advance(milliseconds: Int64) {
        moment.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + milliseconds) }
    }
}
