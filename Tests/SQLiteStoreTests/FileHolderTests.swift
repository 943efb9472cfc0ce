import Foundation
import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: a file that another process has open")
struct FileHolderTests {
    @Test func `it is refused with the file, the process and what to do, and opens once that has ended`()
        async throws
    {
        var limits = SQLiteLimits.standard
        limits.busyMilliseconds = 20
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            await store.close()
            let holder = try Holder(of: root.file("acme"))

            let refusal = await #expect(throws: StoreError.self) { try await root.openTenant("acme") }
            try holder.end()

            let again = try await root.openTenant("acme")
            #expect(
                refusal
                    == .unavailable(
                        "Process \(holder.process) has \(root.file("acme")) open. A live database is the gateway's alone: "
                            + "end that program (ps -p \(holder.process)), and the next request opens the file."
                    )
            )
            #expect(try await again.has(1))
            await again.close()
        }
    }

    @Test func `where nobody holds it, none is named`() async throws {
        try await withDataRoot { root in
            await (try await root.openTenant("acme")).close()

            let holder = FileHolder(of: root.file("acme"))

            #expect(holder.process == nil)
            guard case .unavailable(let text) = holder.refusal else {
                Issue.record("not \(holder.refusal)")
                return
            }
            #expect(text.hasPrefix("Another process has") && text.contains("(fuser -v \(root.file("acme")))"))
        }
    }
}

/// Another process that has read a database file, and keeps it open.
private struct Holder {
    private let running = Process()
    private let input = Pipe()

    /// It has the file once this returns.
    init(of path: String) throws {
        let output = Pipe()
        let reading =
            "connection = sqlite3.connect(sys.argv[1]); connection.execute('SELECT count(*) FROM resources')"
        let waiting = "print('open', flush=True); sys.stdin.read()"
        running.executableURL = URL(filePath: "/usr/bin/env")
        running.arguments = ["python3", "-c", "import sqlite3, sys; \(reading); \(waiting)", path]
        running.standardInput = input
        running.standardOutput = output
        try running.run()
        _ = try output.fileHandleForReading.read(upToCount: 5)
    }

    var process: Int32 { running.processIdentifier }

    func end() throws {
        try input.fileHandleForWriting.close()
        running.waitUntilExit()
    }
}
