import Store
import Testing

@testable import SQLiteStore

@Suite("SQLite store: the readers of a file")
struct ReaderPoolTests {
    @Test func `a reader that was stopped inside a transaction is given back outside of one`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            let pool = ReaderPool(
                path: root.file("acme"),
                limits: .standard,
                shelf: LearnerCache(bytes: 0).shelf()
            )
            pool.accept()

            #expect(throws: SQLiteError.self) {
                try pool.read(.mayOpen, .unlimited) { reader in
                    try reader.execute("BEGIN")
                    throw SQLiteError.interruption
                }
            }

            let isInTransaction = try pool.read(.onlyIdle, .unlimited) { $0.isInTransaction }
            #expect(isInTransaction == false)
            await store.close()
        }
    }

    @Test func `searches that nobody waits for leave readers that work`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            let pool = ReaderPool(
                path: root.file("acme"),
                limits: .standard,
                shelf: LearnerCache(bytes: 0).shelf()
            )
            pool.accept()
            let gone = Cancellation()
            gone.request()

            // SQLite counts the steps of a statement over all its runs: one COMMIT in a hundred is stopped.
            for _ in 0..<1_000 {
                let rest = WorkAllowance.Rest.until(.now, { .now }, gone, span: .zero)
                // Being stopped is what it is about.
                _ = try? pool.read(.mayOpen, rest) { reader in
                    try reader.execute("BEGIN")
                    defer { try? reader.execute("COMMIT") }
                    try reader.allowance.check()
                }
                let isInTransaction = try pool.read(.onlyIdle, .unlimited) { $0.isInTransaction }
                #expect(isInTransaction == false)
            }
            await store.close()
        }
    }
}
