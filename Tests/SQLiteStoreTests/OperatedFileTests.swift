import CloudProfiles
import Foundation
import SCIM
import Store
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("Checks and copies of a SQLite file")
struct OperatedFileTests {
    private static let learners = 300
    private static let all = StoreQuery(type: .user, filter: nil, offset: 0, count: 0)

    /// A store with learners, all in the file itself.
    private func peopled(_ root: DataRoot) async throws -> SQLiteTenantStore {
        let store = try await root.openTenant("acme")
        try await withThrowingTaskGroup { group in
            for number in 1...Self.learners { group.addTask { try await store.add(number) } }
            try await group.waitForAll()
        }
        return store
    }

    @Test func `a copy is whole, for its owner only, and opens as a store`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            let folder = "\(root.path)/commercial/tenants"

            try await store.copy(to: "\(folder)/copy.sqlite")
            await store.close()

            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/copy.sqlite")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/copy.sqlite-wal"))
            let copy = try await root.openTenant("copy")
            let faults = try await copy.faults(upTo: 5)
            let count = try await copy.search(Self.all, for: .nobody).totalResults
            #expect(faults.isEmpty && count == Self.learners)
            await copy.close()
        }
    }

    @Test func `nothing is overwritten by a copy, and none is left of one that fails`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            let taken = "\(root.path)/taken"
            try "mine".write(toFile: taken, atomically: true, encoding: .utf8)

            for path in [taken, "\(root.path)/nowhere/copy.sqlite"] {
                await #expect(throws: StoreError.self) { try await store.copy(to: path) }
            }

            #expect(try String(contentsOfFile: taken, encoding: .utf8) == "mine")
            await store.close()
        }
    }

    @Test func `a copy that is made while learners are written is one moment`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            async let written: Void = {
                for number in 1_000..<1_200 {
                    try await store.add(number)
                }
            }()

            for number in 1...5 {
                try await store.copy(to: "\(root.path)/commercial/tenants/c\(number).sqlite")
            }
            try await written
            await store.close()

            var before = Self.learners
            for number in 1...5 {
                let copy = try await root.openTenant("c\(number)")
                let count = try await copy.search(Self.all, for: .nobody).totalResults
                let faults = try await copy.faults(upTo: 5)
                #expect(count >= before && faults.isEmpty)
                before = count
                await copy.close()
            }
        }
    }

    @Test func `damage in any page is found, by a store that read it before too`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            _ = try await store.search(Self.all, for: .nobody)
            await store.close()
            let whole = try Data(contentsOf: URL(fileURLWithPath: root.file("acme")))
            for page in stride(from: 2, to: whole.count / 4_096, by: 7) {
                var damaged = whole
                for byte in 0..<64 { damaged[page * 4_096 + byte] ^= 0xFF }
                try damaged.write(to: URL(fileURLWithPath: root.file("acme")))
                let opened: SQLiteTenantStore
                do {
                    opened = try await root.openTenant("acme")
                } catch StoreError.unusable {
                    // A page of the schema: nobody gets as far as a check.
                    continue
                }

                let faults = try await opened.faults(upTo: 3)

                #expect((1...3).contains(faults.count), "page \(page)")
                await opened.close()
            }
        }
    }

    @Test func `a control database is checked and copied too`() async throws {
        try await withDataRoot { root in
            let control = try await root.engine.openControl(.commercial)

            let faults = try await control.faults(upTo: 5)
            try await control.copy(to: "\(root.path)/control.sqlite")
            await control.close()

            #expect(faults.isEmpty)
            #expect(FileManager.default.fileExists(atPath: "\(root.path)/control.sqlite"))
        }
    }

    @Test func `a store's files are known, and removed with its log`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            let open = root.engine.files(of: .init("acme"), .commercial).map(\.path)
            await store.close()

            try await root.engine.remove(.init("acme"), .commercial)

            #expect(open == [root.file("acme"), root.file("acme") + "-wal"])
            #expect(root.engine.files(of: .init("acme"), .commercial).isEmpty)
        }
    }

    @Test func `a snapshot outlives checkpoints, and the store closes after it`() async throws {
        try await withDataRoot { root in
            let store = try await peopled(root)
            let snapshot = try await store.snapshot()
            for number in 1_000..<1_050 {
                try await store.add(number)
            }

            var query = RosterQuery()
            query.count = RosterQuery.limit
            let count = try await snapshot.roster(query).entries.count
            await snapshot.close()
            await store.close()

            #expect(count == Self.learners)
            let again = try await root.openTenant("acme")
            let total = try await again.search(Self.all, for: .nobody).totalResults
            #expect(total == Self.learners + 50)
            await again.close()
        }
    }
}
