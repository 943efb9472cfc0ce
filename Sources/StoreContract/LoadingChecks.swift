import SCIM
import Store
import Tenancy

extension StoreContract {
    /// Many resources at once.
    static let loading: [Check] = [
        Check("what is loaded is read and found as if each had been created") { store in
            try await store.arrange([("a", "A")])
            let learner = ContractStore.user("Ann@example.com", externalID: "X", given: "Ann")
            let created = try await store.create(1, learner, group: .init("a"))
            let creations = try (2...200).map { number in
                try ContractStore.creation(
                    number,
                    ContractStore.user("u\(number)@example.com", externalID: "x\(number)", given: "Ann"),
                    group: .init("a")
                )
            }

            let refusals = await store.store.load(creations, for: ContractStore.payroll)

            try require(refusals.count == 199 && refusals.allSatisfy { $0 == nil }, "all are done")
            let page = try await store.search(nil)
            try require(page.totalResults == 200, "all are there")
            let numbers = try await store.numbers("externalId eq \"x200\"")
            try require(numbers == [200], "found by the connection's externalId")
            let read = try await store.user(200)
            try require(read?.groups == created.resource.groups, "in the target group")
            try require(read?.version.number == 1, "version 1")
            let owner = try await store.owner(200)
            try require(owner == ContractStore.payroll.connection, "managed by the connection")
        },
        Check("one of a load that is refused is refused alone, wherever its name was taken") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "A"))
            let users = [
                ContractStore.user("b@example.com", externalID: "B"),
                ContractStore.user("A@example.com"),
                ContractStore.user("c@example.com", externalID: "A"),
                ContractStore.user("B@example.com"),
                ContractStore.user("d@example.com"),
            ]
            let creations = try users.enumerated().map { try ContractStore.creation($0 + 2, $1) }

            let refusals = await store.store.load(creations, for: ContractStore.payroll)

            let expected: [StoreError?] = [nil, .userNameTaken, .externalIDTaken, .userNameTaken, nil]
            try require(refusals == expected, "in the order of the creations")
            let numbers = try await store.numbers(nil)
            try require(numbers == [1, 2, 6], "the first and the last")
            let externalIDs = try await store.numbers("externalId eq \"A\"")
            try require(externalIDs == [1], "nothing of the refused ones")
        },
        Check("a load of groups may name members that it brings itself, and finds e-mail addresses") {
            store in
            var group = Resource(type: .group)
            group.attributes["displayName"] = .simple(.string("Guides"))
            group.memberEdits = [.add([ContractStore.id(2), ContractStore.id(1)])]
            var strangers = group
            strangers.memberEdits = [.add([ContractStore.id(1), ContractStore.id(77)])]
            let resources = [
                ContractStore.user("a", emails: ["One@example.com"]), ContractStore.user("b"), group,
                strangers,
                ContractStore.user("c", emails: ["two@example.com"]),
            ]
            let creations = try resources.enumerated().map { number, resource in
                try ContractStore.creation(number + 1, resource, for: ContractStore.directory)
            }

            let refusals = await store.store.load(creations, for: ContractStore.directory)

            try require(refusals == [nil, nil, nil, .refused(.noSuchMember), nil], "one is refused")
            let members = try await store.members(of: 3)
            let strangersRead = try await store.read(4)
            try require(members == [1, 2] && strangersRead == nil, "the members of the group that is there")
            for (address, number) in [("one@EXAMPLE.com", 1), ("two@example.com", 5)] {
                let numbers = try await store.numbers(
                    "emails.value eq \"\(address)\"",
                    for: ContractStore.directory
                )
                try require(numbers == [number], "one has that address")
            }
        },
        Check("a load associates as a creation does") { store in
            let old = ContractStore.user("ann@example.com", given: "Ann")
            try await store.create(1, old, for: .nobody, isManaged: false)
            let creation = try ContractStore.creation(
                2,
                ContractStore.user("Ann@example.com", externalID: "X")
            )

            let refusals = await store.store.load([creation, creation], for: ContractStore.payroll)

            try require(refusals == [nil, .userNameTaken], "the second finds a managed learner")
            let read = try await store.user(1)
            try require(read?.externalID == "X" && read?.version.number == 2, "the learner that was there")
        },
        Check("a load of nothing does nothing, and a closed store refuses each") { store in
            let none = await store.store.load([], for: ContractStore.payroll)
            try require(none == [], "no answer")
            let creation = try ContractStore.creation(1, ContractStore.user("a@example.com"))

            await store.store.close()
            let refusals = await store.store.load([creation, creation], for: ContractStore.payroll)

            try require(refusals.count == 2, "an answer for each")
            for refusal in refusals {
                guard case .unavailable = refusal else {
                    throw Violation(expectation: "unavailable", line: #line)
                }
            }
        },
    ]
}
