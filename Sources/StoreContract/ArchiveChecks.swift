import SCIM
import Store
import Tenancy

extension StoreContract {
    /// What comes from another store.
    static let reinstating: [Check] = [
        Check("resources of an archive are as they were: id, version, times, owner, names, members") {
            store in
            try await store.arrange([("a", "A")])
            let learner = try ContractStore.archived(1, ContractStore.user("Ann@example.com", given: "Ann"))

            let count = try await store.store.reinstate(
                [try ContractStore.archivedGroup(8, "a"), learner],
                noting: nil
            )
            try await store.store.reinstate(
                [Membership(group: ContractStore.id(8), member: ContractStore.id(1))],
                noting: nil
            )

            let read = try await store.user(1)
            try require(count == 2 && read?.version.number == 7, "the version")
            try require(
                read?.created == ContractStore.time(1) && read?.lastModified == ContractStore.time(9),
                "the times"
            )
            try require(read?.externalID == "X1", "the connection's name")
            try require(read?.groups.map(\.id) == [ContractStore.id(8)], "the target group's own id")
            let owner = try await store.owner(1)
            let numbers = try await store.numbers("userName eq \"ann@EXAMPLE.com\"")
            let faults = try await store.store.faults(upTo: 3)
            try require(owner == ContractStore.payroll.connection && numbers == [1], "owner and look-up")
            try require(faults.isEmpty, "sound")
            try await store.arrange([("a", "A")], at: 99)
            let groups = try await store.search(nil, type: .group).resources
            try require(groups.map(\.number) == [8] && groups[0].version.number == 7, "one group, unchanged")
        },
        Check("an archive that is put in twice is there once") { store in
            try await store.arrange([("a", "A")])
            let all = [
                try ContractStore.archivedGroup(8, "a"),
                try ContractStore.archived(1, ContractStore.user("a@example.com")),
                try ContractStore.archived(
                    2,
                    ContractStore.user("A@example.com"),
                    deletion: .init(at: ContractStore.time(20), groups: [ContractStore.id(8)])
                ),
            ]
            let member = [Membership(group: ContractStore.id(8), member: ContractStore.id(1))]
            let entry = ActivityEntry(
                .tenantImported,
                at: ContractStore.time(3),
                by: ActivityOrigin(actor: "operator:uid:0")
            )

            let lacking = try await store.store.lacking(all)
            let first = try await store.store.reinstate(all, noting: entry)
            let after = try await store.store.lacking(all)
            try await store.store.reinstate(member, noting: entry)
            let second = try await store.store.reinstate(all, noting: entry)
            try await store.store.reinstate(member, noting: entry)

            try require(first == 3 && second == 0, "nothing new")
            try require(lacking == first && after == second, "what is lacking: \(lacking), then \(after)")
            let memberships = try await store.memberships(by: 10)
            try require(memberships == member, "one membership")
            let told = try await store.store.activity(ActivityQuery()).entries.map(\.kind)
            try require(
                told == Array(repeating: .tenantImported, count: 4),
                "each transaction is told: \(told)"
            )
        },
        Check("a record of an archive takes no name, and can be restored once the name is free") { store in
            try await store.arrange([("a", "A")])
            let record = try ContractStore.archived(
                2,
                ContractStore.user("a@example.com"),
                deletion: .init(at: ContractStore.time(20), groups: [ContractStore.id(8)])
            )
            let group = try ContractStore.archivedGroup(8, "a")
            let learner = try ContractStore.archived(1, ContractStore.user("a@example.com"), name: "Y")
            _ = try await store.store.reinstate([group, learner, record], noting: nil)
            try await store.delete(1)

            let restored = try await store.restore(2, among: ["payroll"])

            try require(restored.lostExternalIDs.isEmpty && restored.lostGroups == 0, "as it was")
            let read = try await store.user(2)
            try require(read?.version.number == 8 && read?.groups.count == 1, "its next version, its group")
        },
        Check("an id or a name that another has is refused, and nothing of the list is stored") { store in
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X9"))
            let fine = try ContractStore.archived(5, ContractStore.user("fine@example.com"))
            let conflicts = [
                try ContractStore.archived(1, ContractStore.user("other@example.com")),
                try ContractStore.archived(2, ContractStore.user("A@example.com")),
                try ContractStore.archived(3, ContractStore.user("c@example.com"), name: "X9"),
            ]

            let entry = ActivityEntry(
                .tenantImported,
                at: ContractStore.time(3),
                by: ActivityOrigin(actor: "x")
            )

            for conflict in conflicts {
                try await require(conflict.conflict) {
                    try await store.store.reinstate([fine, conflict], noting: entry)
                }
            }
            try await require(conflicts[0].conflict) { try await store.store.lacking([fine, conflicts[0]]) }

            let numbers = try await store.numbers(nil)
            let told = try await store.store.activity(ActivityQuery()).entries
            try require(numbers == [1] && told.isEmpty, "as before")
        },
        Check("a membership of someone who is not there is refused") { store in
            try await store.arrange([("a", "A")])
            _ = try await store.store.reinstate([try ContractStore.archivedGroup(8, "a")], noting: nil)

            for pair in [(8, 1), (1, 8)] {
                try await require(ArchivedResource.noSuchMember) {
                    try await store.store.reinstate(
                        [Membership(group: ContractStore.id(pair.0), member: ContractStore.id(pair.1))],
                        noting: nil
                    )
                }
            }
        },
    ]
}

extension ContractStore {
    /// A learner of an archive: version 7, of payroll, by a name that is the number's unless one is given.
    static func archived(
        _ number: Int,
        _ user: Resource,
        name: String? = nil,
        deletion: RosterEntry.Record? = nil
    ) throws -> ArchivedResource {
        ArchivedResource(
            resource: try Validation.validate(user, set: .learner),
            id: id(number),
            version: ResourceVersion(7),
            created: time(1),
            lastModified: time(9),
            owner: payroll.connection,
            targetGroup: nil,
            externalIDs: [.init("payroll"): name ?? "X\(number)"],
            deletion: deletion
        )
    }

    /// A target group of an archive, by the name of its id in capitals.
    static func archivedGroup(_ number: Int, _ group: String) throws -> ArchivedResource {
        let target = TargetGroup(id: .init(group), displayName: group.uppercased())
        return ArchivedResource(
            resource: try target.validated(),
            id: id(number),
            version: ResourceVersion(7),
            created: time(1),
            lastModified: time(9),
            owner: nil,
            targetGroup: target.id,
            externalIDs: [:],
            deletion: nil
        )
    }
}
