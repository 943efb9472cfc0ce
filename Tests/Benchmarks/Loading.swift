import SCIM
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
    func round() async throws -> Round {
        var round = Round()
        for first in stride(from: 0, to: people.count, by: Self.atOnce) {
            let creations = try (first..<min(first + Self.atOnce, people.count)).map { number in
                try creation(of: people[number].resource, people[number].id)
            }
            try await round.measure(standingFor: creations.count) { try await load(creations) }
        }
        if members > 0 { try await load([group()]) }
        return round
    }

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
    /// People in memory at once, so that peak memory is the store's and not theirs.
    private static let atOnce = 2_000
}
