import SCIM
import Store
import Tenancy

extension StoreContract {
    /// Unmanaged learners and who manages whom.
    static let associating: [Check] = [
        Check("an unmanaged learner is associated by the first connection that creates it") { store in
            try await store.arrange([("a", "A"), ("b", "B")])
            let old = ContractStore.user("Ann@example.com", department: "Old", given: "Ann")
            try await store.create(1, old, for: .nobody, group: .init("a"), isManaged: false)

            let new = ContractStore.user("ann@example.com", externalID: "X", department: "New")
            let created = try await store.create(2, new, group: .init("b"), at: 5)

            try require(created.isAssociated, "associated")
            try require(created.resource.id == ContractStore.id(1), "its id stays")
            try require(created.resource.created == ContractStore.time(0), "meta.created stays")
            try require(created.resource.groups.map(\.display) == ["A"], "its group stays")
            try require(created.resource.version.number == 2, "one write more")
            try require(created.resource.externalID == "X", "the connection's externalId")
            let json = created.resource.json
            try require(
                json.contains("\"New\"") && json.contains("\"Ann\""),
                "what the body names is set, the rest stays"
            )
            let owner = try await store.owner(1)
            try require(owner == ContractStore.payroll.connection, "managed now")
            let numbers = try await store.numbers(nil)
            try require(numbers == [1], "one learner")
        },
        Check("a managed learner is not associated, not even by its own connection") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            try await require(.userNameTaken) {
                try await store.create(2, ContractStore.user("a@example.com"))
            }
            try await require(.userNameTaken) {
                try await store.create(3, ContractStore.user("a@example.com"), for: ContractStore.sales)
            }
        },
        Check("an operator associates nobody") { store in
            try await store.create(1, ContractStore.user("a@example.com"), for: .nobody, isManaged: false)

            try await require(.userNameTaken) {
                try await store.create(2, ContractStore.user("a@example.com"), for: .nobody, isManaged: false)
            }
        },
        Check("what the association refuses is answered, and the learner stays unmanaged") { store in
            try await store.create(1, ContractStore.user("a@example.com"), for: .nobody, isManaged: false)
            try await store.create(9, ContractStore.user("z@example.com", externalID: "X"))

            try await require(.externalIDTaken) {
                try await store.create(2, ContractStore.user("a@example.com", externalID: "X"))
            }
            let owner = try await store.owner(1)
            try require(owner == nil, "unmanaged")
        },
        Check(
            "an unmanaged learner that a connection changes is managed by it; a managed one keeps its owner"
        ) { store in
            try await store.create(1, ContractStore.user("a@example.com"), for: .nobody, isManaged: false)

            try await store.change(1, for: ContractStore.sales) { $0.externalID = "S" }
            try await store.change(1) { $0.externalID = "P" }

            let owner = try await store.owner(1)
            try require(owner == ContractStore.sales.connection, "the first that wrote")
        },
        Check("learners of a removed connection are unmanaged, those of others are not") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            try await store.create(2, ContractStore.user("b@example.com"), for: ContractStore.sales)

            try await store.store.release(learnersNotOf: [.init("sales"), .init("elsewhere")])

            let owners = (try await store.owner(1), try await store.owner(2))
            try require(owners.0 == nil && owners.1 == ContractStore.sales.connection, "unmanaged; as before")
            let created = try await store.create(
                3,
                ContractStore.user("a@example.com"),
                for: ContractStore.sales
            )
            try require(
                created.isAssociated && created.resource.id == ContractStore.id(1),
                "can be associated again"
            )
        },
    ]

    /// Versions, times and refusals of a change.
    static let changing: [Check] = [
        Check("a change counts the version and moves lastModified") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            let changed = try await store.change(1, at: 7) {
                $0.enterprise["department"] = .simple(.string("Sales"))
            }

            try require(changed.version.number == 2, "version 2")
            try require(changed.lastModified == ContractStore.time(7), "the moment of the change")
            try require(changed.created == ContractStore.time(0), "created stays")
            let read = try await store.user(1)
            try require(read?.json == changed.json, "read back as it was answered")
        },
        Check("a change that changes nothing keeps version and lastModified") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            let same = try await store.change(1, at: 7) { $0.externalID = "X" }

            try require(same.version.number == 1 && same.lastModified == ContractStore.time(0), "as before")
        },
        Check("a clock that goes back never puts lastModified before created") { store in
            try await store.create(1, ContractStore.user("a@example.com"), at: 10)

            let changed = try await store.change(1, at: 3) { $0.externalID = "X" }

            try require(changed.lastModified == ContractStore.time(10), "created")
        },
        Check("an operator's change keeps every connection's externalId") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            let changed = try await store.change(1, for: .nobody) {
                $0.attributes["userName"] = .simple(.string("b@example.com"))
            }

            try require(changed.externalID == nil, "none shown")
            let read = try await store.user(1)
            try require(read?.externalID == "X" && read?.version.number == 2, "kept")
        },
        Check("what the change refuses is answered and not stored") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            try await require(.refused(.preconditionFailed(""))) {
                try await store.change(1) { _ throws(SCIMError) in throw .preconditionFailed("") }
            }
            let read = try await store.user(1)
            try require(read?.version.number == 1, "as before")
        },
        Check("a change of what is not there is notFound") { store in
            try await store.create(1, ContractStore.user("a@example.com"))

            try await require(.notFound) { try await store.change(2) { _ in } }
            try await require(.notFound) { try await store.change(1, type: .group) { _ in } }
        },
        Check("a learner connection's change keeps what a full connection wrote") { store in
            var user = ContractStore.user("a@example.com", emails: ["A@mail.example"])
            user.attributes["title"] = .simple(.string("Dr."))
            try await store.create(1, user, for: ContractStore.directory)

            let changed = try await store.change(1) { $0.externalID = "X" }

            try require(changed.writtenSet == .full && changed.json.contains("Dr."), "the full document")
            let numbers = try await store.numbers(
                "emails.value eq \"a@MAIL.example\"",
                for: ContractStore.directory
            )
            try require(numbers == [1], "the address is still found")
        },
    ]

    /// Deletion and tombstones.
    static let deleting: [Check] = [
        Check("what is deleted is gone, and its names are free") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            try await store.delete(1)

            let read = try await store.user(1)
            try require(read == nil, "nothing")
            try await require(.notFound) { try await store.delete(1) }
            try await require(.notFound) { try await store.change(1) { _ in } }
            let again = try await store.create(2, ContractStore.user("A@example.com", externalID: "X"))
            try require(!again.isAssociated, "a new learner")
            let page = try await store.search(nil)
            try require(page.totalResults == 1, "one learner")
        },
        Check("what checking refuses is answered and not deleted") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            let deletion = Deletion(type: .user, id: ContractStore.id(1), now: ContractStore.time(1)) {
                current throws(SCIMError) in
                if current.owner == ContractStore.payroll.connection { throw .conflict(nil, "") }
            }

            try await require(.refused(.conflict(nil, ""))) {
                try await store.store.delete(deletion, for: ContractStore.sales)
            }
            let read = try await store.user(1)
            try require(read != nil, "still there")
        },
        Check("tombstones older than the moment are removed, younger ones kept") { store in
            for number in 1...3 {
                try await store.create(number, ContractStore.user("a@example.com"))
                try await store.delete(number, at: Int64(number))
            }

            let removed = try await store.store.removeTombstones(deletedBefore: ContractStore.time(3))
            let rest = try await store.store.removeTombstones(deletedBefore: ContractStore.time(4))

            try require(removed == 2 && rest == 1, "two, then one")
        },
        Check("a deleted learner leaves its groups and its reports") { store in
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("m@example.com"), group: .init("a"))
            try await store.create(2, ContractStore.user("r@example.com", manager: ContractStore.id(1).text))

            try await store.delete(1)

            let report = try await store.user(2)
            try require(report?.managerReference == nil, "no manager")
            try await store.arrange([])
            let groups = try await store.search(nil, type: .group)
            try require(
                groups.totalResults == 0,
                "the group is empty, so it goes when the file leaves it out"
            )
        },
    ]
}
