import HTTPTransport
import HTTPTypes
import SCIM
import Store

/// Adds one member to a group, each time another, as Entra does: `PATCH /Groups/{id}`, answered by 204.
///
/// Who was added is removed again, which is not measured: the group keeps its size.
struct MemberAdditions {
    /// The gateway with people and group.
    let gateway: BenchmarkGateway
    /// Everybody: the members, and those who come and go.
    let people: People
    /// How many of them are in the group.
    let members: Int
    /// Additions to measure; as many are made before, to warm up.
    let operations: Int

    /// How many people come and go in so many rounds.
    static func people(rounds: Int, operations: Int) -> Int { rounds * 2 * operations }

    /// Measures additions; each must make a member of one who was none.
    func round(_ number: Int) async throws -> Round {
        var round = Round()
        for (request, newcomer) in newcomers(in: number).enumerated() {
            // What warmed up is forgotten.
            if request == operations { round = Round() }
            let id = people[newcomer].id
            try await require(isMember: false, id)
            try await patch("Add", id) { request in
                await round.measure { await gateway.respond(to: request) }
            }
            try await require(isMember: true, id)
            try await patch("Remove", id) { await gateway.respond(to: $0) }
        }
        return round
    }

    /// Who comes and goes in a round: nobody does in two.
    func newcomers(in round: Int) -> ArraySlice<Int> {
        people.inOrder.dropFirst(members + Self.people(rounds: round, operations: operations))
            .prefix(2 * operations)
    }

    private func patch(
        _ operation: String,
        _ member: ResourceID,
        answering: (IncomingRequest) async -> Reply
    ) async throws {
        let body = """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations":[{"op":"\(operation)","path":"members","value":[{"value":"\(member)"}]}]}
            """
        let reply = await answering(gateway.request(.patch, "/Groups/\(Loading.group)", body: body))
        guard reply.status == .noContent else {
            throw BenchmarkFailure("\(operation) of a member gave \(reply.status) \(reply.text)")
        }
    }

    private func require(isMember: Bool, _ id: ResourceID) async throws {
        let group = try await gateway.store.resource(
            .group,
            id: Loading.group,
            for: gateway.viewer,
            members: .among([id])
        )
        guard let found = group?.members, found.isEmpty != isMember else {
            throw BenchmarkFailure("one is \(isMember ? "no" : "a") member against expectation")
        }
    }
}
