import Dispatch
import SCIM
import Store
import Synchronization
import Tenancy
import Testing

@testable import SQLiteStore

@Suite("SQLite store: many resources at once")
struct LoadTests {
    /// The clock stands still: only the count of jobs ends a group.
    @Test(arguments: [(1, 1), (1_000, 1), (1_001, 2)])
    func `a load that is alone is committed 1,000 at a time`(count: Int, commits: Int) async throws {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            let before = store.writeCounts

            let refusals = await store.load(try learners(1...count), for: .payroll)

            #expect(refusals == Array(repeating: nil, count: count))
            #expect(store.writeCounts.jobs - before.jobs == count)
            #expect(store.writeCounts.commits - before.commits == commits)
            await store.close()
        }
    }

    /// Each look at the clock takes 10 ms: the start, then one before the second to the sixth job.
    @Test func `50 ms of work end a load's group`() async throws {
        try await withDataRoot(now: SteppingClock(step: .milliseconds(10)).now) { root in
            let store = try await root.openTenant("acme")
            let before = store.writeCounts

            _ = await store.load(try learners(1...6), for: .payroll)

            #expect(store.writeCounts.commits - before.commits == 2)
            await store.close()
        }
    }

    /// The load's first learner is associated, by a function that waits inside the first transaction.
    @Test func `another write of the tenant waits for 64 of a load, not for the rest`() async throws {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            try await store.addUnmanaged(1)
            let before = store.writeCounts.jobs
            let (began, mayEnd) = (Signal(), DispatchSemaphore(value: 0))
            let blocking = try creation(of: 1) { _ throws(SCIMError) in
                began.give()
                mayEnd.wait()
                return try Validation.validate(.learner(1), set: .learner)
            }
            let creations = [blocking] + (try learners(2...500))
            let seen = Mutex(0)
            let change = Change(type: .user, id: .numbered(1), now: Timestamp(milliseconds: 0)) { _ in
                seen.withLock { $0 = store.writeCounts.jobs }
                return .init(nil)
            }

            async let refusals = store.load(creations, for: .payroll)
            await began.taken()
            async let changed = store.change(change, for: .payroll)
            // The rest of the load, and the change.
            while store.file.writes.waitingJobs < 500 { await Task.yield() }
            mayEnd.signal()
            _ = try await changed

            #expect(await refusals == Array(repeating: nil, count: 500))
            #expect(seen.withLock { $0 } - before == 64)
            await store.close()
        }
    }

    /// A foreign key that is checked at COMMIT makes the commit itself fail.
    @Test func `when the commit fails, all of its group are unavailable and nothing is stored`() async throws
    {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")

            let refusals = await store.file.writes.performEach(of: [1, 4_711, 2]) { database, row in
                try database.execute("PRAGMA defer_foreign_keys = ON")
                let statement = try database.prepared("INSERT INTO emails (value, resource) VALUES ('x', ?1)")
                try statement.bind(1, Int64(row))
                try statement.run()
            }

            #expect(refusals.count == 3)
            #expect(!refusals.contains(nil))
            #expect(try await store.file.readOnThread { try $0.integer("SELECT count(*) FROM emails") } == 0)
            await store.close()
        }
    }

    /// A learner is associated in the load's first group, by a function that looks how much was done before.
    @Test func `a load is not held up by a tenant that always writes`() async throws {
        try await withDataRoot(now: SteppingClock(step: .zero).now) { root in
            let store = try await root.openTenant("acme")
            try await store.addUnmanaged(1)
            let before = store.writeCounts.jobs
            let (began, mayEnd) = (Signal(), DispatchSemaphore(value: 0))
            let seen = Mutex(0)
            let looking = try creation(of: 1) { _ throws(SCIMError) in
                seen.withLock { $0 = store.writeCounts.jobs }
                return try Validation.validate(.learner(1), set: .learner)
            }

            async let blocked: Void = store.file.writes.perform { _ in
                began.give()
                mayEnd.wait()
            }
            await began.taken()
            try await withThrowingTaskGroup { group in
                for number in 2...200 { group.addTask { try await store.add(number) } }
                group.addTask { _ = await store.load([looking], for: .payroll) }
                while store.file.writes.waitingJobs < 200 { await Task.yield() }
                mayEnd.signal()
                try await group.waitForAll()
            }
            try await blocked

            #expect(seen.withLock { $0 } - before == 64)
            await store.close()
        }
    }

    @Test func `what finds no room in the line is refused, the rest is done`() async throws {
        var limits = SQLiteLimits.standard
        limits.waitingJobs = 3
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")

            let refusals = await store.file.writes.performEach(of: 1...4) { database, _ in
                try database.execute("UPDATE resources SET version = 1")
            }

            #expect(refusals == [nil, nil, nil, .unavailable("Too many writes are waiting.")])
            await store.close()
        }
    }

    @Test(arguments: [1, 2, 5])
    func `a load larger than the line is done all the same`(waitingJobs: Int) async throws {
        var limits = SQLiteLimits.standard
        limits.waitingJobs = waitingJobs
        try await withDataRoot(limits: limits) { root in
            let store = try await root.openTenant("acme")

            let refusals = await store.load(try learners(1...9), for: .payroll)

            #expect(refusals == Array(repeating: nil, count: 9))
            #expect(try await store.has(9))
            await store.close()
        }
    }

    private func learners(_ numbers: ClosedRange<Int>) throws -> [Creation] {
        try numbers.map { try creation(of: $0, associating: nil) }
    }

    private func creation(
        of number: Int,
        associating: (@Sendable (StoredResource) throws(SCIMError) -> ValidatedResource)?
    ) throws -> Creation {
        Creation(
            resource: try Validation.validate(.learner(number), set: .learner),
            id: .numbered(number),
            targetGroup: nil,
            now: Timestamp(milliseconds: 1_764_000_000_000),
            isManaged: true,
            associating: associating
        )
    }
}

extension TenantStore {
    /// Adds the n-th learner as an import does.
    fileprivate func addUnmanaged(_ number: Int) async throws {
        let creation = Creation(
            resource: try Validation.validate(.learner(number), set: .learner),
            id: .numbered(number),
            targetGroup: nil,
            now: Timestamp(milliseconds: 1_764_000_000_000),
            isManaged: false,
            associating: nil
        )
        _ = try await create(creation, for: .nobody)
    }
}
