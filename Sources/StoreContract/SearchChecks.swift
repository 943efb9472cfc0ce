import SCIM
import Store
import Synchronization
import Tenancy

extension StoreContract {
    /// Filters and pages.
    static let searching: [Check] = [
        Check("an indexed equality finds what it names, and nothing else") { store in
            let first = ContractStore.user(
                "A@example.com",
                externalID: "X",
                employeeNumber: "N-1",
                manager: "Boss@example.com"
            )
            try await store.create(1, first)
            try await store.create(
                2,
                ContractStore.user("b@example.com", externalID: "x", employeeNumber: "N-2")
            )

            for (filter, found) in [
                ("userName eq \"a@EXAMPLE.com\"", [1]), ("userName eq \"c@example.com\"", []),
                ("externalId eq \"X\"", [1]), ("externalId eq \"x\"", [2]), ("externalId eq \"y\"", []),
                ("id eq \"\(ContractStore.id(2))\"", [2]), ("id eq \"\(ContractStore.id(3))\"", []),
                ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"n-1\"", [1]),
                ("manager eq \"bOSS@example.com\"", [1]),
                ("emails[type eq \"work\"].value eq \"B@example.com\"", [2]),
            ] {
                let numbers = try await store.numbers(filter)
                try require(numbers == found, "\(found) by \(filter)")
                let page = try await store.search(filter, count: 0)
                try require(
                    page.totalResults == found.count && page.resources.isEmpty,
                    "a count by \(filter)"
                )
            }
        },
        Check("matches are sorted both ways, equal ones by age, those without a value last") { store in
            for (number, family) in [(1, "b"), (2, nil), (3, "A"), (4, "B"), (5, "c")] as [(Int, String?)] {
                try await store.create(number, ContractStore.user("u\(number)@example.com", family: family))
            }
            let up = try ResolvedSort.resolve("name.familyName", .ascending, type: .user, set: .learner)
            let down = try ResolvedSort.resolve("name.familyName", .descending, type: .user, set: .learner)

            let cases = [
                (up, nil, 0, 9, [3, 1, 4, 5, 2]), (down, nil, 0, 9, [2, 5, 1, 4, 3]),
                (up, nil, 1, 2, [1, 4]),
                (up, "userName sw \"u\" and name.familyName ne \"b\"", 0, 9, [3, 5, 2]),
                (down, "userName eq \"u5@example.com\"", 0, 9, [5]),
            ]
            for (sort, filter, offset, count, found) in cases {
                let numbers = try await store.numbers(filter, sort: sort, offset: offset, count: count)
                try require(numbers == found, "\(found) in order, not \(numbers)")
            }
        },
        Check("the full set finds e-mail addresses and display names") { store in
            var user = ContractStore.user(
                "a",
                emails: ["One@example.com", "ONE@example.com", "two@example.com"]
            )
            user.attributes["displayName"] = .simple(.string("Ann A"))
            try await store.create(1, user, for: ContractStore.directory)
            try await store.create(2, ContractStore.user("b"), for: ContractStore.directory)

            for filter in [
                "emails.value eq \"one@EXAMPLE.com\"", "emails eq \"two@example.com\"",
                "displayName eq \"ann a\"",
            ] {
                let numbers = try await store.numbers(filter, for: ContractStore.directory)
                try require(numbers == [1], "the one by \(filter)")
            }
            try await store.change(1, for: ContractStore.directory) { $0.attributes["emails"] = nil }
            let numbers = try await store.numbers(
                "emails.value eq \"one@example.com\"",
                for: ContractStore.directory
            )
            try require(numbers.isEmpty, "an address that was taken away finds nobody")
        },
        Check("a connection's externalId finds nothing for another connection or an operator") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "X"))

            let sales = try await store.search("externalId eq \"X\"", for: ContractStore.sales)
            let operators = try await store.search("externalId eq \"X\"", for: .nobody)
            let mixed = try await store.search(
                "externalId eq \"X\" or externalId pr",
                for: ContractStore.sales
            )

            try require(sales.totalResults + operators.totalResults + mixed.totalResults == 0, "nothing")
        },
        Check("a filter without an index is asked of every resource") { store in
            for number in 1...6 {
                let department = number.isMultiple(of: 2) ? "Even" : "Odd"
                try await store.create(
                    number,
                    ContractStore.user("u\(number)@example.com", department: department)
                )
            }
            let path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"

            let even = try await store.numbers("\(path) eq \"even\"")
            let both = try await store.numbers("userName sw \"u\" and not (userName co \"3\")")
            let joined = try await store.numbers("userName eq \"U2@example.com\" and \(path) eq \"Odd\"")
            let either = try await store.numbers(
                "userName eq \"u1@example.com\" or userName eq \"u6@example.com\""
            )

            try require(even == [2, 4, 6], "the even ones")
            try require(both == [1, 2, 4, 5, 6], "all but the third")
            try require(joined.isEmpty, "the rest of the condition decides on the candidates")
            try require(either == [1, 6], "either")
        },
        Check("pages are in the order of creation, and count all matches") { store in
            for number in 1...7 {
                try await store.create(
                    number,
                    ContractStore.user("u\(number)@example.com", employeeNumber: "N")
                )
            }
            try await store.change(1) { $0.externalID = "later" }

            let number = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"N\""
            for filter in [nil, "userName co \"@\"", number] {
                let middle = try await store.search(filter, offset: 2, count: 3)
                try require(
                    middle.resources.map(\.id) == (3...5).map(ContractStore.id),
                    "the third to the fifth"
                )
                let beyond = try await store.search(filter, offset: 7, count: 3)
                let none = try await store.search(filter, offset: 0, count: 0)
                let huge = try await store.search(filter, offset: .max, count: .max)
                for page in [middle, beyond, none, huge] {
                    try require(page.totalResults == 7, "seven in all")
                }
                try require(
                    beyond.resources.isEmpty && none.resources.isEmpty && huge.resources.isEmpty,
                    "an empty page"
                )
            }
        },
        Check("a search over all types finds groups and users, over one type that type") { store in
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("a@example.com"))

            let all = try await store.search(nil, type: nil)
            let groups = try await store.search("displayName eq \"a\"", type: .group)
            let users = try await store.search("id pr", type: .user)

            try require(all.totalResults == 2, "both")
            try require(groups.totalResults == 1 && users.totalResults == 1, "one each")
            try require(
                groups.resources.first?.type == .group && users.resources.first?.type == .user,
                "of the type"
            )
        },
        Check("groups are found by a member's id") { store in
            try await store.arrange([("a", "A"), ("b", "B")])
            try await store.create(1, ContractStore.user("a@example.com"), group: .init("b"))

            let filter = "members.value eq \"\(ContractStore.id(1))\""
            let groups = try await store.search(filter, for: ContractStore.directory, type: .group)
            let none = try await store.search(
                "members.value eq \"x\"",
                for: ContractStore.directory,
                type: .group
            )

            try require(groups.totalResults == 1 && none.totalResults == 0, "one; none")
            let display = try await store.user(1)?.groups.first?.display
            try require(display == "B", "the group that the learner shows")
        },
        Check("a filter sees what is derived: groups, manager, location") { store in
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("m@example.com", given: "Mo"), group: .init("a"))
            try await store.create(2, ContractStore.user("r@example.com", manager: "m@example.com"))

            let inGroup = try await store.numbers("groups.display eq \"A\"")
            let managed = try await store.numbers("manager.displayName eq \"mo\"")
            let located = try await store.numbers("meta.location ew \"\(ContractStore.id(2))\"")

            try require(inGroup == [1] && managed == [2] && located == [2], "each by what is derived")
        },
    ]

    /// Target groups of the tenant's file.
    static let arranging: [Check] = [
        Check("target groups keep their ids through arrangements, and take new names") { store in
            try await store.arrange([("a", "A"), ("b", "B")])
            let before = try await store.search(nil, type: .group).resources

            try await store.arrange([("b", "Office"), ("a", "A")], at: 9)

            let after = try await store.search(nil, type: .group).resources
            try require(after.map(\.id) == before.map(\.id), "the same ids")
            try require(
                after[0].version.number == 1 && after[1].version.number == 2,
                "only the renamed one is written"
            )
            try require(after[1].json.contains("\"displayName\":\"Office\""), "the new name")
            try require(after[1].lastModified == ContractStore.time(9), "the moment of the rename")
        },
        Check("a learner joins the target group and shows its name as it is now") { store in
            try await store.arrange([("a", "A")])
            let created = try await store.create(1, ContractStore.user("a@example.com"), group: .init("a"))
            try require(created.resource.groups.map(\.display) == ["A"], "in the group")

            try await store.arrange([("a", "Renamed")])

            let read = try await store.user(1)
            try require(read?.groups.map(\.display) == ["Renamed"], "the new name")
            try require(read?.version.number == 1, "no new version")
        },
        Check("a target group that left the file stays while it has members") { store in
            try await store.arrange([("a", "A"), ("b", "B")])
            try await store.create(1, ContractStore.user("a@example.com"), group: .init("a"))

            try await store.arrange([])
            let held = try await store.search(nil, type: .group)
            try await store.delete(1)
            try await store.arrange([])
            let none = try await store.search(nil, type: .group)

            try require(held.totalResults == 1 && none.totalResults == 0, "the one with a member; then none")
        },
        Check("a target group that is not in the store refuses the learner") { store in
            try await require(.noTargetGroup) {
                try await store.create(1, ContractStore.user("a@example.com"), group: .init("nowhere"))
            }
            let page = try await store.search(nil)
            try require(page.totalResults == 0, "nothing was left behind")
        },
    ]

    /// Many at once.
    static let concurrency: [Check] = [
        Check("of 32 parallel changes of one resource none is lost") { store in
            try await store.create(1, ContractStore.user("a@example.com", department: ""))

            try await withThrowingTaskGroup { group in
                for number in 0..<32 {
                    group.addTask {
                        try await store.change(1) { resource in
                            let before = resource.enterprise.string("department") ?? ""
                            resource.enterprise["department"] = .simple(.string("\(before)[\(number)]"))
                        }
                    }
                }
                try await group.waitForAll()
            }

            let read = try await store.user(1)
            try require(read?.version.number == 33, "one version for each")
            for number in 0..<32 {
                try require(read?.json.contains("[\(number)]") ?? false, "change \(number)")
            }
        },
        Check("of 32 parallel creations of one userName one succeeds") { store in
            let successes = await withTaskGroup { group in
                for number in 1...32 {
                    group.addTask {
                        let name = number.isMultiple(of: 2) ? "Ann@example.com" : "ann@example.com"
                        do {
                            try await store.create(number, ContractStore.user(name))
                            return 1
                        } catch StoreError.userNameTaken {
                            return 0
                        } catch {
                            return 100
                        }
                    }
                }
                return await group.reduce(0, +)
            }

            let page = try await store.search("userName eq \"ann@example.com\"")
            try require(successes == 1 && page.totalResults == 1, "one, and 31 times userNameTaken")
        },
        Check("reads see whole resources while they are written") { store in
            try await store.create(1, ContractStore.user("a@example.com", externalID: "1", department: "1"))

            try await withThrowingTaskGroup { group in
                for number in 2...40 {
                    group.addTask {
                        try await store.change(1) { resource in
                            resource.externalID = "\(number)"
                            resource.enterprise["department"] = .simple(.string("\(number)"))
                        }
                        guard let read = try await store.user(1), let externalID = read.externalID else {
                            throw Violation(expectation: "a resource", line: #line)
                        }
                        try require(read.json.contains("\"department\":\"\(externalID)\""), "both or neither")
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}
