import SCIM
import Store
import Tenancy

extension StoreContract {
    /// What operators do.
    static let operating: [Check] = [
        Check("a move takes learners out of one group, or of every target group, and into another") {
            store in
            try await store.people()
            try await store.group(20, "Guides", members: [1])
            let before = try await store.user(1)

            let fromB = try await store.move([1, 4, 77, 20], from: "b", to: "a")
            let fromAll = try await store.move([1, 2, 3], from: nil, to: "b")
            let again = try await store.move([1, 2, 3], from: nil, to: "b")

            try require(fromB == 1 && fromAll == 2 && again == 0, "who was in it, and not there already")
            let groups = try await [1, 2, 3, 4].asyncMap { try await store.user($0)?.groups.map(\.display) }
            try require(groups == [["B", "Guides"], ["B"], ["B"], ["A"]], "and not \(groups)")
            let after = try await store.user(1)
            try require(before?.version == after?.version, "no new version")
            let kinds = try await store.operatorKinds()
            try require(kinds == Array(repeating: "user.moved", count: 3), "an entry each and not \(kinds)")
        },
        Check("a group that left the file is emptied by a move, and nobody is moved into none") { store in
            try await store.people()
            try await store.arrange([("b", "B")], at: 5)

            let moved = try await store.move([1, 3], from: "a", to: "b")
            try await store.arrange([("b", "B")], at: 6)
            let groups = try await store.search(nil, type: .group).resources.count

            try require(moved == 2 && groups == 1, "the group is gone")
            try await require(.noTargetGroup) { try await store.move([1], from: nil, to: "a") }
        },
        Check("a deleted learner comes back under its id, with its names, groups and owner") { store in
            try await store.people()
            try await store.group(20, "Guides", members: [1])
            try await store.delete(1, at: 7)

            let restored = try await store.restore(1, among: ["payroll", "sales"])

            try require(restored.owner == ContractStore.payroll.connection, "its owner")
            try require(restored.lostExternalIDs.isEmpty && restored.lostGroups == 0, "nothing is lost")
            let read = try await store.user(1)
            try require(read?.groups.map(\.display) == ["A", "Guides"], "its groups")
            try require(read?.version.number == 2 && read?.externalID == "X1", "a write more, its name")
            try require(
                read?.created == ContractStore.time(0) && read?.lastModified == ContractStore.time(50),
                "when it was made stays"
            )
            let numbers = try await store.numbers("userName eq \"A@EXAMPLE.com\" and externalId eq \"X1\"")
            let kinds = try await store.operatorKinds()
            try require(numbers == [1] && kinds == ["user.restored"], "found, and told")
            try await require(.notFound) { try await store.restore(1, among: []) }
        },
        Check("a learner whose userName is taken again is not restored, and the refusal names who has it") {
            store in
            try await store.people()
            try await store.delete(1)
            try await store.create(5, ContractStore.user("A@example.com"))

            do {
                _ = try await store.restore(1, among: ["payroll"])
                throw Violation(expectation: "a refusal", line: #line)
            } catch StoreError.refused(let error) {
                try require(error.kind == .uniqueness, "409 uniqueness")
                try require(error.detail.contains(ContractStore.id(5).text), "who has it")
            }
        },
        Check("what is gone meanwhile does not come back with a learner") { store in
            try await store.people()
            try await store.group(20, "Guides", members: [1, 2])
            try await store.delete(1)
            try await store.delete(2)
            try await store.delete(20, type: .group)
            try await store.create(5, ContractStore.user("e@example.com", externalID: "X1"))

            let renamed = try await store.restore(1, among: ["payroll"])
            let orphan = try await store.restore(2, among: ["payroll"])

            try require(
                renamed.lostExternalIDs == [.init("payroll")] && renamed.lostGroups == 1,
                "the name is another's, the group is gone"
            )
            try require(orphan.owner == nil && renamed.owner != nil, "a connection that is gone owns nobody")
        },
        Check("a purge removes a record for good, and one that lives only when that is meant") { store in
            try await store.people()
            try await store.delete(1)

            try await store.purge(1)
            try await require(Purge.isLiving) { try await store.purge(2) }
            try await store.purge(2, includesLiving: true)

            try await require(.notFound) { try await store.restore(1, among: []) }
            try await require(.notFound) { try await store.purge(2, includesLiving: true) }
            let left = try await store.roster().map(\.number)
            try require(left == [3, 4], "the others")
            let kinds = try await store.operatorKinds()
            try require(kinds == ["user.purged", "user.deleted", "user.purged"], "and not \(kinds)")
        },
        Check("a group of the tenant's file is not purged") { store in
            try await store.people()

            try await require(.refused(.conflict(nil, ""))) {
                try await store.purge(1_001, includesLiving: true)
            }
        },
    ]
}

extension ContractStore {
    /// Who does what operators do.
    static let someone = ActivityOrigin(actor: "operator:uid:0")

    /// Moves users at the 40th second.
    func move(_ numbers: [Int], from: String?, to: String) async throws -> Int {
        let move = LearnerMove(
            from: from.map { TargetGroup.ID($0) },
            to: .init(to),
            now: Self.time(40),
            origin: Self.someone
        )
        return try await store.move(numbers.map { Self.id($0) }, by: move)
    }

    /// Restores a resource at the 50th second, in a tenant of these connections.
    func restore(_ number: Int, among connections: [String]) async throws -> Restored {
        let restoration = Restoration(
            connections: Set(connections.map { Connection.ID($0) }),
            now: Self.time(50),
            origin: Self.someone
        )
        return try await store.restore(Self.id(number), by: restoration)
    }

    /// Purges a resource at the 60th second.
    func purge(_ number: Int, includesLiving: Bool = false) async throws {
        let purge = Purge(includesLiving: includesLiving, now: Self.time(60), origin: Self.someone)
        let id = number > 1_000 ? try await targetGroupID(number) : Self.id(number)
        try await store.purge(id, by: purge)
    }

    private func targetGroupID(_ number: Int) async throws -> ResourceID {
        try await search(nil, type: .group).resources[number - 1_001].id
    }

    /// What operators did, oldest first.
    func operatorKinds() async throws -> [String] {
        var query = ActivityQuery()
        query.after = .start
        let page = try await store.activity(query)
        return page.entries.filter { $0.origin.actor.hasPrefix("operator") }.map(\.kind.rawValue)
    }
}

extension Array {
    /// What becomes of each, one after another.
    func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
