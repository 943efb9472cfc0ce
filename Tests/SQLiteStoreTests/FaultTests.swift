import Foundation
import SCIM
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: crash, full disk, damage")
struct FaultTests {
    @Test func `every acknowledged write is in a copy of the files that was made without closing`()
        async throws
    {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await withThrowingTaskGroup { group in
                for number in 1...200 { group.addTask { try await store.add(number) } }
                try await group.waitForAll()
            }

            // What a killed process leaves: the file and its log. The index of the log is built anew.
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: root.file("acme") + end,
                    toPath: root.file("copy") + end
                )
            }
            let copy = try await root.openTenant("copy")

            for number in 1...200 { #expect(try await copy.has(number)) }
            let verdict = try await copy.file.writes.perform { try $0.text("PRAGMA integrity_check") }
            #expect(verdict == "ok")
            await copy.close()
            await store.close()
        }
    }

    @Test func `a full disk is unavailable, loses nothing, and is over when there is room`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            try await store.file.writes.perform { _ = try $0.integer("PRAGMA max_page_count = 1") }

            // The bound holds for the connection; after the error the file is opened anew, without it.
            var written: [Int] = []
            var refusals = 0
            for number in 2...60 {
                do {
                    try await store.add(number)
                    written.append(number)
                } catch StoreError.unavailable {
                    refusals += 1
                }
            }

            #expect(refusals > 0 && store.writeCounts.failures == refusals)
            for number in written + [1] { #expect(try await store.has(number)) }
            #expect(try await store.search(.all, for: .payroll).totalResults == written.count + 1)
            await store.close()
        }
    }

    @Test func `a file that is no database is unusable, for its tenant only`() async throws {
        try await withDataRoot { root in
            let sound = try await root.openTenant("sound")
            try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: root.file("acme")))

            let error = await #expect(throws: StoreError.self) { try await root.openTenant("acme") }

            guard case .unusable = error else {
                Issue.record("unusable, and not \(String(describing: error))")
                return
            }
            try await sound.add(1)
            #expect(try await sound.has(1))
            await sound.close()
        }
    }

    @Test func `damage inside a file is found by the read that meets it, and takes that tenant out of use`()
        async throws
    {
        try await withDataRoot { root in
            let (store, sound) = (try await root.openTenant("acme"), try await root.openTenant("sound"))
            for number in 1...500 { try await store.add(number) }
            await store.close()
            try spoilPages(of: root.file("acme"))
            let damaged = try await root.openTenant("acme")

            var errors: [StoreError] = []
            while !errors.contains(where: { if case .unusable = $0 { true } else { false } }),
                errors.count < 100_000
            {
                do throws(StoreError) {
                    _ = try await damaged.search(.all, for: .payroll)
                    Issue.record("a damaged file was read")
                    return
                } catch {
                    errors.append(error)
                }
                await Task.yield()
            }

            guard case .unavailable = try #require(errors.first) else {
                Issue.record("first unavailable, and not \(errors[0])")
                return
            }
            await #expect(throws: StoreError.self) { try await damaged.add(999) }
            try await sound.add(1)
            await damaged.close()
            await sound.close()
        }
    }

    /// Overwrites all pages but the first few, which opening reads.
    private func spoilPages(of path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in (60 * 4_096)..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}

extension StoreQuery {
    /// All learners.
    static let all = StoreQuery(type: .user, filter: nil, offset: 0, count: 1_000)
}
