import SCIM
import Store
import Tenancy

extension StoreContract {
    /// What operators see.
    static let rosters: [Check] = [
        Check("a roster tells who manages whom, by owner, group, filter and page") { store in
            try await store.people()

            let all = try await store.roster()
            try require(all.map(\.number) == [1, 2, 3, 4], "users only, oldest first")
            try require(
                all.map(\.owner) == [
                    ContractStore.payroll.connection, ContractStore.sales.connection, nil, nil,
                ],
                "whose they are"
            )
            try require(
                all[0].externalIDs == [.init("payroll"): "X1"] && all[2].externalIDs.isEmpty,
                "each connection's name"
            )
            for (query, numbers) in [
                (RosterQuery.owned(by: .nobody), [3, 4]),
                (.owned(by: .connection(.init("sales"))), [2]),
                (.inside("b"), [2, 4]), (.inside("nowhere"), []),
                (try .filtered("userName eq \"C@example.com\""), [3]),
                (try .filtered("active eq true and not (userName co \"b@\")"), [1, 3, 4]),
            ] {
                let found = try await store.roster(query).map(\.number)
                try require(found == numbers, "\(numbers) and not \(found)")
            }
        },
        Check("an equality of a filter does not let others in") { store in
            try await store.people()
            var query = try RosterQuery.filtered("userName eq \"b@example.com\"")
            query.owner = .nobody
            let strangers = try await store.roster(query)
            query.owner = .any
            query.group = .init("a")
            let elsewhere = try await store.roster(query)
            query.group = .init("b")
            let there = try await store.roster(query)

            try require(strangers.isEmpty && elsewhere.isEmpty && there.map(\.number) == [2], "by all of it")
        },
        Check("a roster's pages give each once, and the last one ends it") { store in
            try await store.people()

            var query = RosterQuery()
            query.count = 2
            query.type = nil
            let entries = try await store.roster(query)

            try require(entries.count == 6, "two groups, four users")
            try require(entries[0].targetGroup == .init("a"), "a group of the file")
        },
        Check("a roster shows the externalId of the connection that is asked for") { store in
            try await store.people()

            let entries = try await store.roster(.owned(by: .connection(.init("payroll"))))
            let nobody = try await store.roster()

            try require(entries.first?.resource.externalID == "X1", "its own")
            try require(nobody.first?.resource.externalID == nil, "an operator has none")
        },
        Check("records of deleted resources are listed with their groups, names and moment") { store in
            try await store.people()
            try await store.delete(1, at: 7)
            try await store.delete(4, at: 8)

            var query = RosterQuery()
            query.kind = .deleted
            let records = try await store.roster(query)
            query.group = .init("b")
            let ofB = try await store.roster(query)
            let living = try await store.roster()

            try require(records.map(\.number) == [1, 4] && living.map(\.number) == [2, 3], "each once")
            try require(records[0].deletion?.moment == ContractStore.time(7), "when")
            try require(records[0].externalIDs == [.init("payroll"): "X1"], "by which name")
            try require(records[0].owner == ContractStore.payroll.connection, "whose")
            try require(ofB.map(\.number) == [4], "by the group that it was in")
        },
        Check("a snapshot sees nothing that is written after it, and nothing once it is closed") { store in
            try await store.people()
            let snapshot = try await store.store.snapshot()
            try await store.create(9, ContractStore.user("late@example.com"))
            try await store.delete(1)

            let before = try await snapshot.roster(RosterQuery()).entries.map(\.number)
            let after = try await store.roster().map(\.number)
            await snapshot.close()

            try require(before == [1, 2, 3, 4] && after == [2, 3, 4, 9], "each its moment")
            try await require(.unavailable("The snapshot is closed.")) {
                try await snapshot.roster(RosterQuery())
            }
        },
        Check("memberships are told by pages, in the order of groups and members") { store in
            try await store.people()
            try await store.group(20, "Guides", members: [2, 1])

            let memberships = try await store.memberships(by: 2)

            let groups = try await store.search(nil, type: .group).resources.map(\.id)
            let expected = zip([0, 0, 1, 1, 2, 2], [1, 3, 2, 4, 1, 2]).map { group, member in
                Membership(group: groups[group], member: ContractStore.id(member))
            }
            try require(memberships == expected, "all of them, and not \(memberships)")
        },
        Check("a sound store has no faults") { store in
            try await store.people()
            try await store.group(20, "Guides", members: [2, 1])
            try await store.create(
                30,
                ContractStore.user("e@x.org", emails: ["One@x.org", "one@x.org"]),
                for: ContractStore.directory
            )
            try await store.delete(4)

            let faults = try await store.store.faults(upTo: 10)

            try require(faults.isEmpty, "none and not \(faults.map(\.text))")
        },
    ]
}

extension RosterQuery {
    /// Users of an owner.
    static func owned(by owner: Owner) -> RosterQuery {
        var query = RosterQuery()
        query.owner = owner
        return query
    }

    /// Users of a target group.
    static func inside(_ group: String) -> RosterQuery {
        var query = RosterQuery()
        query.group = .init(group)
        return query
    }

    /// Users who fulfil a filter.
    static func filtered(_ text: String) throws -> RosterQuery {
        var query = RosterQuery()
        query.filter = try ResolvedFilter.resolve(Filter.parse(text), type: .user, set: .full)
        return query
    }
}

extension RosterEntry {
    /// The number that its id was made of.
    var number: Int { resource.number }
}

extension ContractStore {
    /// The groups a and b, and four learners: 1 of payroll in a, 2 of sales in b, 3 in a and 4 in b of nobody.
    func people() async throws {
        try await arrange([("a", "A"), ("b", "B")])
        try await create(1, Self.user("a@example.com", externalID: "X1"), group: .init("a"))
        try await create(2, Self.user("b@example.com"), for: Self.sales, group: .init("b"))
        for (number, name, group) in [(3, "c", "a"), (4, "d", "b")] {
            try await create(
                number,
                Self.user("\(name)@example.com"),
                for: .nobody,
                group: .init(group),
                isManaged: false
            )
        }
    }

    /// All pages of a roster.
    func roster(_ query: RosterQuery = RosterQuery()) async throws -> [RosterEntry] {
        let snapshot = try await store.snapshot()
        var query = query
        var entries: [RosterEntry] = []
        while true {
            let page = try await snapshot.roster(query)
            entries += page.entries
            guard let next = page.next else { break }
            query.after = next
        }
        await snapshot.close()
        return entries
    }

    /// All memberships, read by so many.
    func memberships(by count: Int) async throws -> [Membership] {
        let snapshot = try await store.snapshot()
        var memberships: [Membership] = []
        var place: MembershipPlace? = .start
        while let after = place {
            let page = try await snapshot.memberships(after: after, count: count)
            memberships += page.memberships
            place = page.next
        }
        await snapshot.close()
        return memberships
    }
}
