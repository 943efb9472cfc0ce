import Dispatch
import Linux
import SCIM
import Store
import Synchronization
import Testing

@testable import SQLiteStore

@Suite("SQLite store: writes in groups")
struct WriteQueueTests {
    /// The clock stands still: only the count of jobs ends a group.
    @Test func `what queues during a commit is committed together, 64 at most`() async throws {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            let before = store.writeCounts

            try await whileBlocked(store) { group in
                for number in 1...100 { group.addTask { try await store.add(number) } }
                await waiting(store, jobs: 100)
            }

            #expect(store.writeCounts.jobs - before.jobs == 101)
            #expect(store.writeCounts.commits - before.commits == 2)
            await store.close()
        }
    }

    @Test func `the store's threads stand back behind those that answer`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            let writing = try #require(try await store.file.writes.perform { _ in ThreadPrecedence.current })
            let reading = try #require(try await store.file.readOnThread { _ in ThreadPrecedence.current })

            #expect(writing.isBehind(.answering) && reading == writing)
            await store.close()
        }
    }

    /// Each look at the clock takes 3 ms: the start, then one before the second and one before the third job.
    @Test func `5 ms of work end a group`() async throws {
        try await withDataRoot(now: SteppingClock(step: .milliseconds(3)).now) { root in
            let store = try await root.openTenant("acme")
            let before = store.writeCounts

            try await whileBlocked(store) { group in
                for number in 1...9 { group.addTask { try await store.add(number) } }
                await waiting(store, jobs: 9)
            }

            #expect(store.writeCounts.commits - before.commits == 5)
            await store.close()
        }
    }

    @Test func `a job that fails is undone alone`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)

            await #expect(throws: StoreError.notFound) {
                try await store.file.writes.perform { database in
                    try database.execute("DELETE FROM resources")
                    throw StoreError.notFound
                }
            }
            try await store.add(2)

            #expect(try await store.has(1))
            #expect(try await store.has(2))
            await store.close()
        }
    }

    @Test(arguments: [false, true])
    func `of a group, one that fails is undone alone, whether or not it has written`(hasWritten: Bool)
        async throws
    {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            let chain = store.activity.chain
            let entry = ActivityEntry(
                .tokenFirstUsed,
                at: Timestamp(milliseconds: 1),
                by: ActivityOrigin(actor: "test")
            )
            let before = store.writeCounts

            try await whileBlocked(store) { group in
                for number in 1...3 { group.addTask { try await store.add(number) } }
                group.addTask { try await store.record([entry], reads: []) }
                await waiting(store, jobs: 4)
                group.addTask {
                    await #expect(throws: StoreError.notFound) {
                        try await store.file.writes.perform { database in
                            guard hasWritten else { throw StoreError.notFound }
                            try ActivityRows(database: database).add(entry, chain)
                            try database.execute("DELETE FROM resources")
                            throw StoreError.notFound
                        }
                    }
                }
                await waiting(store, jobs: 5)
                group.addTask { try await store.record([entry], reads: []) }
                for number in 4...6 { group.addTask { try await store.add(number) } }
                await waiting(store, jobs: 9)
            }

            for number in 1...6 { #expect(try await store.has(number)) }
            #expect(store.writeCounts.commits - before.commits == 1)
            let verdict = try await store.verifiedActivity()
            #expect(verdict.whole == 2)
            #expect(verdict.fault == nil)
            await store.close()
        }
    }

    /// A foreign key that is checked at COMMIT makes the commit itself fail.
    @Test func `when the commit fails, every job of the group is unavailable and nothing is stored`()
        async throws
    {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)

            let failures = try await whileBlocked(store, spoiling: true) { group in
                for number in 2...9 { group.addTask { try await store.add(number) } }
                await waiting(store, jobs: 8)
            }

            #expect(failures == 9)
            for number in 2...9 { #expect(try await !store.has(number)) }
            try await store.add(10)
            #expect(try await store.has(1))
            #expect(try await store.has(10))
            await store.close()
        }
    }

    @Test func `a busy tenant lets another in after one group`() async throws {
        var limits = SQLiteLimits.standard
        limits.writerThreads = 1
        try await withDataRoot(limits: limits, now: SteppingClock(step: .zero).now) { root in
            let (busy, quiet) = (try await root.openTenant("busy"), try await root.openTenant("quiet"))
            try await quiet.add(1)
            let before = busy.writeCounts.jobs

            // Read inside the quiet tenant's own transaction: however long its answer is on its way.
            let seen = Mutex(0)
            let change = Change(type: .user, id: .numbered(1), now: Timestamp(milliseconds: 0)) { _ in
                seen.withLock { $0 = busy.writeCounts.jobs }
                return .init(nil)
            }
            try await whileBlocked(busy) { group in
                for number in 1...500 { group.addTask { try await busy.add(number) } }
                await waiting(busy, jobs: 500)
                group.addTask { _ = try await quiet.change(change, for: .payroll) }
                await waiting(quiet, jobs: 1)
            }

            // It did not wait for the busy one's whole queue.
            #expect(seen.withLock { $0 } - before < 501)
            #expect(busy.writeCounts.jobs - before == 501)
            await busy.close()
            await quiet.close()
        }
    }

    @Test func `an open read does not hold up a write, and sees its own snapshot`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await store.add(1)
            let (began, mayEnd) = (Signal(), DispatchSemaphore(value: 0))

            async let counted = store.file.readOnThread { database in
                try database.execute("BEGIN")
                defer { try? database.execute("COMMIT") }
                _ = try database.integer("SELECT count(*) FROM resources")
                began.give()
                mayEnd.wait()
                return try database.integer("SELECT count(*) FROM resources")
            }
            await began.taken()
            try await store.add(2)
            mayEnd.signal()

            #expect(try await counted == 1)
            #expect(try await store.has(2))
            await store.close()
        }
    }

    @Test func `a log above its bound is checkpointed when nothing waits`() async throws {
        var limits = SQLiteLimits.standard
        limits.idleLogPages = 20
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")
            for number in 1...20 { try await store.add(number) }

            let pages = try await store.file.writes.perform { $0.logPages }

            #expect(pages <= 40)
            await store.close()
        }
    }

    @Test func `more jobs than may wait are refused`() async throws {
        var limits = SQLiteLimits.standard
        limits.waitingJobs = 3
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")

            let failures = try await whileBlocked(store) { group in
                for number in 1...3 { group.addTask { try await store.add(number) } }
                await waiting(store, jobs: 3)
                await #expect(throws: StoreError.unavailable("Too many writes are waiting.")) {
                    try await store.add(4)
                }
            }

            #expect(failures == 0)
            await store.close()
        }
    }

    @Test func `closing does what waits, and refuses what comes`() async throws {
        try await withDataRoot { root in
            let store = try await root.openTenant("acme")
            try await whileBlocked(store) { group in
                group.addTask { try await store.add(1) }
                await waiting(store, jobs: 1)
                group.addTask { await store.close() }
            }

            await #expect(throws: StoreError.self) { try await store.add(2) }
            await store.close()
            let again = try await root.openTenant("acme")
            #expect(try await again.has(1))
            await again.close()
        }
    }

    // MARK: Blocking a queue

    /// Holds the store's writer while `body` adds tasks, then lets it go and waits for all.
    ///
    /// Gives how many failed.
    @discardableResult
    private func whileBlocked(
        _ store: SQLiteTenantStore,
        spoiling: Bool = false,
        _ body: (inout ThrowingTaskGroup<Void, any Error>) async throws -> Void
    ) async throws -> Int {
        let (began, mayEnd) = (Signal(), DispatchSemaphore(value: 0))
        return try await withThrowingTaskGroup { group in
            group.addTask {
                try await store.file.writes.perform { database in
                    began.give()
                    mayEnd.wait()
                    // For the next time: the job may run again.
                    mayEnd.signal()
                    guard spoiling else { return }
                    try database.execute("PRAGMA defer_foreign_keys = ON")
                    try database.execute("INSERT INTO emails (value, resource) VALUES ('x', 4711)")
                }
            }
            await began.taken()
            try await body(&group)
            mayEnd.signal()
            var failures = 0
            while let result = await group.nextResult() {
                if case .failure(StoreError.unavailable) = result { failures += 1 } else { try result.get() }
            }
            return failures
        }
    }

    /// Gives way until so many jobs wait.
    private func waiting(_ store: SQLiteTenantStore, jobs: Int) async {
        while store.file.writes.waitingJobs < jobs { await Task.yield() }
    }
}

/// An event of one of the store's threads, for a test that must not block its own.
struct Signal: Sendable {
    private let stream = AsyncStream.makeStream(of: Void.self)

    /// It has happened.
    func give() { stream.continuation.yield() }

    /// Waits until it has.
    func taken() async { _ = await stream.stream.first { _ in true } }
}
