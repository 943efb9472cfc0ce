import Crypto
import Foundation
import HTTPTypes
import SCIM
import Store
import Tenancy
import Testing

@testable import Gateway
@testable import Operations

@Suite("An entry of the activity as operators read it")
struct ActivityRowTests {
    private let time = Timestamp(milliseconds: 1_764_000_000_123)

    private func ids(of tenant: String) -> ActivityRowID {
        ActivityRowID(tenant: Tenant.ID(tenant), digest: { TestGateway.sha256($0) })
    }

    private func entry(
        _ number: Int64,
        _ kind: ActivityKind = .requestRefused,
        at time: Timestamp? = nil,
        reason: String? = nil,
        notes: [String] = []
    ) -> ActivityEntry {
        var entry = ActivityEntry(
            kind,
            reason == nil ? .ok : .refused,
            at: time ?? self.time,
            by: ActivityOrigin(actor: "entra")
        )
        entry.number = number
        entry.reason = reason
        entry.notes = notes
        return entry
    }

    @Test func `an id is a UUID of version 7 and tells the time in its first 48 bits`() {
        let id = ids(of: "acme").id(of: entry(1))

        #expect(UUID(uuidString: id)?.uuidString.lowercased() == id)
        let digits = id.replacing("-", with: "")
        #expect(Int64(digits.prefix(12), radix: 16) == time.milliseconds)
        #expect(Array(digits)[12] == "7" && "89ab".contains(Array(digits)[16]))
    }

    @Test func `an id stays, and is another for each number, time and tenant`() {
        let later = Timestamp(milliseconds: time.milliseconds + 1)

        let id = ids(of: "acme").id(of: entry(1, reason: nil))

        #expect(ids(of: "acme").id(of: entry(1, .userCreated, notes: ["dropped title"])) == id)
        let others = [
            ids(of: "acme").id(of: entry(2)), ids(of: "acme").id(of: entry(1, at: later)),
            ids(of: "northwind").id(of: entry(1)),
        ]
        #expect(Set(others + [id]).count == 4)
    }

    @Test func `counted requests keep their id while their count grows`() {
        var reads = ActivityReads(.userRead, through: Connection.ID("hr"), at: time)
        let first = ids(of: "acme").id(of: reads)
        reads.count += 1
        reads.last = Timestamp(milliseconds: time.milliseconds + 500)

        #expect(ids(of: "acme").id(of: reads) == first)
        let other = ActivityReads(.userSearched, through: Connection.ID("hr"), at: time)
        #expect(ids(of: "acme").id(of: other) != first)
    }

    @Test func `its JSON has the names that collectors know, and leaves out what there is not`() async throws
    {
        try await withGateway { gateway in
            let id = try await gateway.create("ada@example.com")
            _ = await gateway.send(.get, "/Users/\(id)")
            _ = await gateway.send(.post, "/Users", body: #"{"userName":"ada@example.com"}"#)
            let page = try await gateway.activity()
            let refused = try #require(page.entries.last)

            let ids = ids(of: "contoso")
            let row = try json(AdminMessages.ActivityRow(refused, of: Tenant.ID("contoso"), ids))
            let made = try json(AdminMessages.ActivityRow(page.entries[0], of: Tenant.ID("contoso"), ids))

            #expect(
                Set(row.members.map(\.name)) == [
                    "id", "number", "time", "tenant", "connection", "group", "actor", "token_id", "kind",
                    "operation", "outcome", "status", "scim_type", "reason", "explanation", "advice_code",
                    "duration_ms", "client_address", "http", "request_id", "count", "prev_hash",
                ]
            )
            #expect(row["actor"] == .string("entra") && row["advice_code"] == .string("make_unique"))
            #expect(
                Set(made.members.map(\.name)).isSuperset(of: [
                    "resource_type", "resource_id", "changed", "user_name",
                ])
            )
            #expect(made["advice_code"] == nil && made["kind"] == .string("user.created"))
        }
    }

    @Test func `a write to a group that may not be is told as such, and what to do`() async throws {
        try await withGateway { gateway in
            _ = await gateway.send(.post, "/Groups", body: #"{"displayName":"Staff"}"#)
            _ = await gateway.send(.get, "/Groups/nothing")

            let entries = try await gateway.activity().entries

            #expect(entries.map(\.kind) == [.tokenFirstUsed, .groupRefused, .requestRefused])
            #expect(entries.map { ActivityAdvice(on: $0) } == [nil, .switchGroupsOff, .readAgain])
        }
    }

    @Test(arguments: [
        ("revoked", ActivityAdvice.makeToken), ("checksum", .copyToken), ("bearer_twice", .removeScheme),
        ("wrong_cloud", .useOwnURL), ("address", .allowAddress), ("rate", .wait),
        ("store_unavailable", .runDoctor), ("no_endpoint", .completeURL), ("http_413", .tellClientMaker),
        ("other_connection", .scopeOnce),
    ])
    func `advice follows from the reason`(reason: String, advice: ActivityAdvice) {
        #expect(ActivityAdvice(on: entry(1, reason: reason)) == advice)
    }

    @Test func `every reason of a refusal has its advice, and a word that nobody writes has none`() {
        let reasons =
            AdmissionRefusal.Reason.allCases.map(\.rawValue) + SCIMError.Kind.allCases.map(\.rawValue)

        let without = reasons.filter { ActivityAdvice(on: entry(1, reason: $0)) == nil }

        #expect(without == [])
        #expect(ActivityAdvice(on: entry(1, reason: "no_such_reason")) == nil)
    }

    @Test func `attributes that are not kept are advised on, those that were so already are not`() {
        #expect(ActivityAdvice(on: entry(1, .userUpdated, notes: ["dropped title"])) == .removeMappings)
        #expect(ActivityAdvice(on: entry(1, .userUpdated, notes: ["unknown shoeSize"])) == .removeMappings)
        #expect(ActivityAdvice(on: entry(1, .userUnchanged, notes: ["already so active"])) == nil)
    }

    private func json(_ row: AdminMessages.ActivityRow) throws -> JSONObject {
        let json = try JSONReader.read(Array(try JSONEncoder().encode(row)).span)
        guard case .object(let object) = json else { throw CocoaError(.coderInvalidValue) }
        return object
    }
}

extension TestGateway {
    /// SHA-256 by the library of all tests.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        guard case .success(let library) = library else { return [] }
        return library.sha256(bytes)
    }
}
