import SCIM
import SQLiteStore
import Store

/// Fills a new tenant through the store's import: all people, then one group with some of them.
struct Loading {
    /// The gateway with the empty tenant.
    let gateway: BenchmarkGateway
    /// Everybody.
    let people: People
    /// How many of them are in the group; 0 makes none.
    let members: Int

    /// Loads them; an operation is one user.
    ///
    /// While some are written the next ones are made, on another processor: a third of the time. So a user's CPU time has
    /// in it what it costs to make one.
    func round() async throws -> Round {
        var round = Round()
        var creations = try creations(from: 0)
        for next in stride(from: Self.atOnce, to: people.count + Self.atOnce, by: Self.atOnce) {
            let made = creations
            async let following = self.creations(from: next)
            try await round.measure(standingFor: made.count) { try await load(made) }
            creations = try await following
        }
        if members > 0 { try await load([group()]) }
        return round
    }

    private func creations(from first: Int) throws -> [Creation] {
        try (first..<max(first, min(first + Self.atOnce, people.count))).map { number in
            let person = people[number]
            return try creation(of: person.resource, person.id)
        }
    }

    /// The store's bounds for this alone: each load is one transaction, and the log goes into the file at the end.
    ///
    /// Durable all the same. With those of `serve` a million learners took nine minutes, in transactions of 1,000: each
    /// wrote nearly as many pages of six indexes.
    static let limits: SQLiteLimits = {
        var limits = SQLiteLimits.standard
        limits.keepsFileInMemory = true
        limits.loadJobs = atOnce
        limits.loadTime = .seconds(60)
        limits.waitingJobs = 2 * atOnce
        limits.logPages = .max
        limits.idleLogPages = .max
        return limits
    }()

    private func load(_ creations: [Creation]) async throws {
        let refusals = await gateway.store.load(creations, for: gateway.viewer).compactMap(\.self)
        if let refusal = refusals.first {
            throw BenchmarkFailure("\(refusals.count) of a load were refused, one because \(refusal)")
        }
    }

    private func group() throws -> Creation {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string("Everyone"))
        let numbers = people.inOrder.prefix(members)
        group.memberEdits = [.add(numbers.map { people[$0].id })]
        return try creation(of: group, Self.group)
    }

    private func creation(of resource: Resource, _ id: ResourceID) throws -> Creation {
        Creation(
            resource: try Validation.validate(resource, set: gateway.viewer.attributeSet),
            id: id,
            targetGroup: nil,
            now: Timestamp(milliseconds: 1_764_000_000_000),
            isManaged: true,
            associating: nil
        )
    }

    /// The id of the one group.
    static let group = ResourceID("00000000-0000-4000-8000-000000000000")
    /// People in one transaction; twice as many are in memory at once: about 200 MiB.
    private static let atOnce = 50_000
}
