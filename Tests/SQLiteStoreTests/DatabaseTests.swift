import Foundation
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite connections: one writer, read-only readers")
struct DatabaseTests {
    @Test func `the writer is durable, and confirms it`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            let settings = try await store.file.writes.perform { database in
                [
                    try database.text("PRAGMA journal_mode"), try database.text("PRAGMA synchronous"),
                    try database.text("PRAGMA foreign_keys"), try database.text("PRAGMA secure_delete"),
                    try database.text("PRAGMA mmap_size"), try database.text("PRAGMA wal_autocheckpoint"),
                    try database.text("PRAGMA trusted_schema"), try database.text("PRAGMA cell_size_check"),
                    try database.text("PRAGMA busy_timeout"),
                ]
            }

            // Nothing checkpoints inside a commit: the queue does, after the answers.
            #expect(settings == ["wal", "2", "1", "1", "0", "0", "0", "1", "2000"])
            await store.close()
        }
    }

    @Test func `a reader can neither write nor checkpoint`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            let settings = try #require(
                try store.file.readNow { database in
                    [try database.text("PRAGMA query_only"), try database.text("PRAGMA wal_autocheckpoint")]
                }
            )

            #expect(settings == ["1", "0"])
            #expect(throws: StoreError.self) {
                _ = try store.file.readNow { try $0.execute("DELETE FROM resources") }
            }
            #expect(throws: StoreError.self) {
                _ = try store.file.readNow { try $0.checkpoint(.truncating) }
            }
            await store.close()
        }
    }

    /// Around what a writer keeps of a job's bound bytes.
    @Test(arguments: [
        [0], [1], [BindingRoom.capacity], [BindingRoom.capacity + 1], [BindingRoom.capacity - 1, 2, 1],
        [5_000, 5_000, 0, 3],
    ])
    func `what is bound is what is stored, in the writer's room and beyond it`(sizes: [Int]) async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            // Bound together, so that all of them must be there while the statement runs.
            let isSame = try await store.file.writes.perform { database in
                database.extent.isOnly([])
                let statement = try database.prepared("SELECT ?1, ?2, ?3, ?4, ?5, ?6")
                defer { statement.reset() }
                for (place, size) in sizes.enumerated() {
                    let letter = UInt8(ascii: "a") + UInt8(place)
                    let bytes = [UInt8](repeating: letter, count: size)
                    if place < 2 {
                        try statement.bind(Int32(place + 1), String(decoding: bytes, as: UTF8.self))
                    } else {
                        try statement.bind(Int32(place + 1), bytes)
                    }
                }
                guard try statement.step() else { return false }
                return sizes.enumerated().allSatisfy { place, size in
                    let letter = UInt8(ascii: "a") + UInt8(place)
                    return statement.bytes(Int32(place)) == [UInt8](repeating: letter, count: size)
                        && !statement.isNull(Int32(place))
                }
            }

            #expect(isSame)
            await store.close()
        }
    }

    @Test func `files are readable by their owner only`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")

            for name in [root.file("acme"), root.file("acme") + "-wal"] {
                let mode = try FileManager.default.attributesOfItem(atPath: name)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            await store.close()
        }
    }

    /// The index of the log is memory of the process that has the file: nothing of it is on the disk for others to read.
    @Test func `a live file is nobody else's, and one that was closed is anybody's`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            #expect(!FileManager.default.fileExists(atPath: root.file("acme") + "-shm"))
            #expect(try rows(root.file("acme")) == nil)

            await store.close()

            #expect(try rows(root.file("acme")) == "1")
        }
    }

    /// What another process counts in the file; nil when it is refused.
    private func rows(_ path: String) throws -> String? {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        let count =
            "print(sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT count(*) FROM resources').fetchone()[0])"
        process.arguments = ["python3", "-c", "import sqlite3, sys; \(count)", path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.filter { !$0.isNewline } : nil
    }

    @Test func `closing leaves all that was in the log in the file, and the log empty`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            await store.close()

            let log = try FileManager.default.attributesOfItem(atPath: root.file("acme") + "-wal")
            #expect(log[.size] as? Int == 0)
            try FileManager.default.removeItem(atPath: root.file("acme") + "-wal")
            let again = try await root.openTenant("acme")
            #expect(try await again.has(1))
            await again.close()
        }
    }

    @Test func `an error holds its code and its text, and no value`() {
        let error = SQLiteError(code: 2067, step: "step")

        #expect(error.description == "SQLite error 2067 (constraint failed) at step")
        #expect(error.primary == 19 && !error.puttingFileInDoubt)
    }

    @Test(arguments: [
        (10, true), (266, true), (13, true), (11, true), (26, true), (5, false), (19, false), (9, false),
    ])
    func `I-O errors, a full disk and damage put the file in doubt`(_ code: Int32, _ isInDoubt: Bool) {
        #expect(SQLiteError(code: code, step: "step").puttingFileInDoubt == isInDoubt)
    }
}
