import SCIM
import Store
import Tenancy

extension StoreContract {
    /// What a read shows.
    static let reading: [Check] = [
        Check("a created resource is read back as it was answered") { store in
            let user = ContractStore.user(
                "Åse@Example.com",
                externalID: "e-1",
                department: "R&D",
                given: "Åse"
            )
            let created = try await store.create(1, user)

            let read = try await store.user(1)

            try require(read?.json == created.resource.json, "the same bytes")
            try require(read?.version.number == 1, "version 1")
            try require(!created.isAssociated, "a new learner")
        },
        Check("learners are counted, those that are switched off apart, and groups not") { store in
            var off = ContractStore.user("b@example.com")
            off.attributes["active"] = .simple(.boolean(false))
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("a@example.com"))
            try await store.create(2, off)
            try await store.create(3, ContractStore.user("c@example.com"))

            let counts = try await store.store.learnerCounts()

            try require(counts == LearnerCounts(total: 3, active: 2), "three, two of them active")
        },
        Check("an unknown id, and one of the other type, is nothing") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            let unknown = try await store.user(2)
            let group = try await store.store.resource(
                .group,
                id: ContractStore.id(1),
                for: ContractStore.payroll,
                members: .none
            )

            try require(unknown == nil && group == nil, "no resource")
        },
        Check("userName is returned as sent") { store in
            try await store.create(1, ContractStore.user("MiXed@Example.COM"))

            let json = try await store.user(1)?.json ?? ""

            try require(json.contains("\"userName\":\"MiXed@Example.COM\""), "the case that was sent")
        },
        Check("each connection sees its own externalId, and an operator none") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "one"))
            try await store.change(1, for: ContractStore.sales) { $0.externalID = "two" }

            let payroll = try await store.user(1)
            let sales = try await store.user(1, for: ContractStore.sales)
            let directory = try await store.user(1, for: ContractStore.directory)
            let nobody = try await store.user(1, for: .nobody)

            try require(payroll?.externalID == "one", "its own")
            try require(sales?.externalID == "two", "its own")
            try require(directory?.externalID == nil && nobody?.externalID == nil, "none")
        },
        Check("a manager is found by id, by userName in any case, and by the viewer's externalId") { store in
            try await store.create(
                1,
                ContractStore.user("Boss@example.com", externalID: "b-1", given: "Bo", family: "Ss")
            )
            try await store.create(2, ContractStore.user("a@example.com", manager: ContractStore.id(1).text))
            try await store.create(3, ContractStore.user("b@example.com", manager: "bOSS@EXAMPLE.com"))
            try await store.create(4, ContractStore.user("c@example.com", manager: "b-1"))

            for number in 2...4 {
                let reference = try await store.user(number)?.managerReference
                try require(reference?.id == ContractStore.id(1), "the manager's id")
                try require(reference?.displayName == "Bo Ss", "given and family name")
            }
            let foreign = try await store.user(4, for: ContractStore.sales)
            try require(foreign?.managerReference == nil, "another connection's externalId names nobody here")
        },
        Check("a manager who comes later, is renamed or leaves, shows at the next read") { store in
            let created = try await store.create(
                1,
                ContractStore.user("a@example.com", manager: "m@example.com")
            )
            try require(created.resource.managerReference == nil, "pending")

            try await store.create(2, ContractStore.user("m@example.com"))
            let later = try await store.user(1)
            try require(
                later?.managerReference?.displayName == "m@example.com",
                "the userName where there is no name"
            )

            try await store.change(2) {
                $0.attributes["name"] = ContractStore.user("x", given: "Mo").attributes["name"]
            }
            let renamed = try await store.user(1)
            try require(renamed?.managerReference?.displayName == "Mo", "the new name")
            try require(
                renamed?.version.number == 1,
                "no new version: what is derived from others is not counted"
            )

            try await store.delete(2)
            let alone = try await store.user(1)
            try require(alone?.managerReference == nil, "nobody")
        },
        Check("everything is unavailable after close") { store in
            await store.store.close()

            do {
                _ = try await store.user(1)
            } catch StoreError.unavailable {
                return
            }
            throw Violation(expectation: "an error", line: #line)
        },
    ]

    /// Names that are taken.
    static let uniqueness: [Check] = [
        Check("userName is unique without regard to case") { store in
            try await store.create(1, ContractStore.user("stra\u{DF}e@example.com"))

            try await require(.userNameTaken) {
                try await store.create(2, ContractStore.user("STRASSE@example.com"), associates: false)
            }
            let absent = try await store.user(2)
            try require(absent == nil, "nothing was left behind")
        },
        Check("canonical equivalents are the same userName") { store in
            try await store.create(1, ContractStore.user("\u{E9}@example.com"))

            try await require(.userNameTaken) {
                try await store.create(2, ContractStore.user("e\u{301}@example.com"))
            }
        },
        Check("userName is taken by an inactive learner, too") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            try await store.change(1) { $0.attributes["active"] = .simple(.boolean(false)) }

            try await require(.userNameTaken) {
                try await store.create(2, ContractStore.user("A@example.com"))
            }
        },
        Check("a change to a userName that is taken is refused and leaves nothing behind") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            try await store.create(2, ContractStore.user("b@example.com", externalID: "2"))

            try await require(.userNameTaken) {
                try await store.change(2) {
                    $0.attributes["userName"] = .simple(.string("A@EXAMPLE.com"))
                    $0.externalID = nil
                }
            }
            let kept = try await store.user(2)
            try require(kept?.version.number == 1 && kept?.externalID == "2", "as before")
        },
        Check("a learner may change the case of its own userName") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            let changed = try await store.change(1) {
                $0.attributes["userName"] = .simple(.string("A@example.com"))
            }

            try require(changed.version.number == 2, "a new version")
            let numbers = try await store.numbers("userName eq \"a@example.com\"")
            try require(numbers == [1], "still found")
        },
        Check("externalId is unique in its connection, by bytes") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            try await require(.externalIDTaken) {
                try await store.create(2, ContractStore.user("b@example.com", externalID: "X"))
            }
            try await store.create(3, ContractStore.user("c@example.com", externalID: "x"))
            try await store.create(
                4,
                ContractStore.user("d@example.com", externalID: "X"),
                for: ContractStore.sales
            )
            try await require(.externalIDTaken) { try await store.change(3) { $0.externalID = "X" } }
            let absent = try await store.user(2)
            try require(absent == nil, "nothing was left behind")
        },
        Check("an externalId that is cleared is free, and the version counts it") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            let cleared = try await store.change(1) { $0.externalID = nil }

            try require(cleared.externalID == nil && cleared.version.number == 2, "none, in version 2")
            try await store.create(2, ContractStore.user("b@example.com", externalID: "X"))
        },
        Check("a new resource never gets an id that another has or had") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            try await store.delete(1)

            do {
                try await store.create(1, ContractStore.user("b@example.com"))
            } catch StoreError.unavailable {
                return
            }
            throw Violation(expectation: "a refusal", line: #line)
        },
    ]
}
