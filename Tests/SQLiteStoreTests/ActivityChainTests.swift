import CloudProfiles
import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: the chain of what happened")
struct ActivityChainTests {
    @Test func `each entry has the hash of the one before, and all are whole`() async throws {
        try await withStore { store in
            try await store.note(3)

            let entries = try await store.activity(ActivityQuery()).entries
            let verdict = try await store.verifiedActivity()

            #expect(entries.map(\.number) == [1, 2, 3])
            #expect(entries[0].previousHash == ActivityChain.Link.start.hash)
            #expect(Set(entries.map(\.previousHash)).count == 3)
            #expect(verdict.whole == 3 && verdict.unchained == 0 && verdict.fault == nil)
            try await store.note(1)
            let last = try #require(try await store.activity(ActivityQuery()).entries.last)
            #expect(last.previousHash == verdict.last.hash)
        }
    }

    @Test func `the entry of a write is chained in the write's own transaction`() async throws {
        try await withStore { store in
            try await store.addNamed(1)
            try await store.note(1)
            _ = try await store.resource(.user, id: .numbered(1), for: .payroll, members: .none)

            #expect(try await store.verifiedActivity().whole == 2)
        }
    }

    @Test(
        arguments: [
            "UPDATE activity SET time = time + 1 WHERE number = 2",
            "UPDATE activity SET kind = 'discovery' WHERE number = 2",
            "UPDATE activity SET outcome = 2 WHERE number = 2",
            "UPDATE activity SET actor = 'operator:uid:0' WHERE number = 2",
            "UPDATE activity SET connection = NULL WHERE number = 2",
            "UPDATE activity SET resource_type = 1 WHERE number = 2",
            "UPDATE activity SET explanation = '' WHERE number = 2",
            "UPDATE activity SET reason = explanation, explanation = reason WHERE number = 2",
            "UPDATE activity SET external_id = user_name, user_name = NULL WHERE number = 2",
            "UPDATE activity SET hash = NULL WHERE number = 2",
            "UPDATE activity SET hash = zeroblob(32) WHERE number = 2",
        ] as [StaticString]
    )
    func `an entry that was edited is found`(_ edit: StaticString) async throws {
        try await withStore { store in
            try await store.note(4)

            try await store.file.writes.perform { try $0.execute(edit) }

            let verdict = try await store.verifiedActivity()
            #expect(verdict.fault == .altered(2) && verdict.whole == 1)
        }
    }

    @Test(
        arguments: [
            ("DELETE FROM activity WHERE number = 3", .missing(3), 2),
            ("DELETE FROM activity WHERE number < 3", .missing(1), 0),
            ("UPDATE activity SET number = 9 WHERE number = 5", .missing(5), 4),
            ("UPDATE activity_chain SET number = 2, hash = zeroblob(32)", .altered(3), 0),
        ] as [(StaticString, ActivityVerdict.Fault, Int)]
    )
    func `an entry that is missing is found`(edit: StaticString, fault: ActivityVerdict.Fault, whole: Int)
        async throws
    {
        try await withStore { store in
            try await store.note(5)

            try await store.file.writes.perform { try $0.execute(edit) }

            let verdict = try await store.verifiedActivity()
            #expect(verdict.fault == fault && verdict.whole == whole)
        }
    }

    @Test func `entries cut off at the end are told by the hash that was kept elsewhere`() async throws {
        try await withStore { store in
            try await store.note(5)
            let kept = try await store.verifiedActivity().last

            try await store.file.writes.perform { try $0.execute("DELETE FROM activity WHERE number = 5") }
            try await store.note(1)

            let verdict = try await store.verifiedActivity()
            #expect(verdict.fault == nil)
            #expect(verdict.last.number == kept.number && verdict.last.hash != kept.hash)
        }
    }

    @Test func `after the oldest were removed the rest is whole, also across an opening`() async throws {
        try await withDataRoot { root in
            var store = try await root.openTenant("acme")
            try await store.note(10)

            let removed = try await store.removeActivity(before: Timestamp(milliseconds: 7))
            await store.close()
            store = try await root.openTenant("acme")
            try await store.note(1)

            let verdict = try await store.verifiedActivity()
            #expect(removed == 6 && verdict.whole == 5 && verdict.fault == nil)
            let first = try #require(try await store.activity(ActivityQuery()).entries.first)
            #expect(first.number == 7 && first.previousHash?.count == 32)
            try await store.file.writes.perform { try $0.execute("DELETE FROM activity WHERE number = 7") }
            #expect(try await store.verifiedActivity().fault == .missing(7))
            await store.close()
        }
    }

    @Test(arguments: [ActivityRows.portion - 1, ActivityRows.portion, ActivityRows.portion + 1])
    func `an examination goes through all portions`(_ count: Int) async throws {
        try await withStore { store in
            try await store.note(count)

            #expect(try await store.verifiedActivity().whole == count)
        }
    }

    @Test func `the same person has the same word in all entries, and another in another tenant`()
        async throws
    {
        try await withDataRoot { root in
            let (acme, other) = (try await root.openTenant("acme"), try await root.openTenant("other"))
            for store in [acme, other] { try await store.addNamed(1) }
            var deletion = Deletion(
                type: .user,
                id: .numbered(1),
                now: Timestamp(milliseconds: 9)
            ) { _ throws(SCIMError) in
            }
            deletion.origin = ActivityOrigin(actor: "client")
            try await acme.delete(deletion, for: .payroll)
            await acme.close()
            let again = try await root.openTenant("acme")
            try await again.addNamed(2, as: 1)

            let entries = try await again.activity(ActivityQuery()).entries
            let elsewhere = try #require(try await other.activity(ActivityQuery()).entries.first)

            #expect(entries.map(\.kind) == [.userCreated, .userDeleted, .userCreated])
            let words = Set(entries.map(\.userName))
            #expect(words.count == 1 && Set(entries.map(\.externalID)).count == 1)
            let word = try #require(entries[0].userName)
            #expect(word.hasPrefix("hmac:") && word.utf8.count == 37 && word != entries[0].externalID)
            #expect(elsewhere.userName != nil && elsewhere.userName != word)
            await again.close()
            await other.close()
        }
    }

    @Test func `where the profile allows no trace of a person there is none`() async throws {
        try await withDataRoot { root in
            let chain = try DataRoot.keeping.get()
            let keeping = ActivityKeeping(digest: chain.digest, names: nil, now: chain.now)
            let store = try #require(
                try await root.engine.openTenant(.init("acme"), .gccHigh, keeping) as? SQLiteTenantStore
            )

            try await store.addNamed(1)

            let entry = try #require(try await store.activity(ActivityQuery()).entries.first)
            #expect(entry.kind == .userCreated && entry.userName == nil && entry.externalID == nil)
            let keys = try await store.file.writes.perform {
                try $0.integer("SELECT count(name_key) FROM activity_chain")
            }
            #expect(keys == 0)
            await store.close()
        }
    }

    private func withStore(_ body: (SQLiteTenantStore) async throws -> Void) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await body(store)
            await store.close()
        }
    }
}

extension SQLiteTenantStore {
    /// Records so many entries, a millisecond apart from 1 on.
    fileprivate func note(_ count: Int) async throws {
        let entries = (1...count).map { number in
            var origin = ActivityOrigin(actor: "client")
            origin.connection = .init("payroll")
            var entry = ActivityEntry(.probe, at: Timestamp(milliseconds: Int64(number)), by: origin)
            entry.explanation = "Number \(number)."
            entry.userName = "hmac:0"
            return entry
        }
        try await record(entries, reads: [])
    }

    /// Adds a learner of the n-th name, so that it leaves an entry; the name in capitals for another number.
    fileprivate func addNamed(_ number: Int, as name: Int? = nil) async throws {
        var learner = Resource.learner(name ?? number)
        if name != nil { learner.attributes["userName"] = .simple(.string("USER\(name ?? 0)@EXAMPLE.COM")) }
        var creation = Creation(
            resource: try Validation.validate(learner, set: .learner),
            id: .numbered(number),
            targetGroup: nil,
            now: Timestamp(milliseconds: 1_764_000_000_000),
            isManaged: true,
            associating: nil
        )
        creation.origin = ActivityOrigin(actor: "client")
        _ = try await create(creation, for: .payroll)
    }
}
