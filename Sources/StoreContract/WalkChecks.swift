import SCIM
import Store
import Tenancy

extension StoreContract {
    /// Walks by cursor (RFC 9865).
    static let walking: [Check] = [
        Check("a walk gives what a list gives, in the same order, whatever the size of its pages") { store in
            for number in 1...7 {
                let family = ["b", nil, "A", "B", "c", nil, "a"][number - 1]
                try await store.create(
                    number,
                    ContractStore.user(
                        "u\(number)@example.com",
                        employeeNumber: "N",
                        manager: "M",
                        family: family
                    )
                )
            }
            try await store.change(1) { $0.externalID = "later" }

            for filter in [nil, employeeNumber, "manager eq \"m\"", "userName co \"@\""] + unique {
                for sort in [nil] + (try bothWays("name.familyName")) {
                    let list = try await store.search(filter, sort: sort)
                    for count in [1, 2, 3, 6, 7, 8, 100] {
                        let pages = try await store.walk(filter, sort: sort, by: count)
                        try requireWalk(pages, list.resources.map(\.number), by: count)
                    }
                }
            }
        },
        Check("writes between the pages of a walk neither repeat nor hide what stays") { store in
            for (index, (filter, sort)) in try walks.enumerated() {
                // Ids are never used again: each walk has two hundred numbers of its own.
                let first = 200 * index
                for number in 1...20 {
                    let family = ["m", nil, "n", "M"][number % 4]
                    try await store.create(first + number, member(first + number, family: family))
                }
                let pages = try await store.walk(filter, sort: sort, by: 3) { page in
                    // One from either end of the ages goes; one comes, at either end of the names.
                    if page < 7 {
                        try await store.delete(first + page)
                        try await store.delete(first + 20 - page)
                    }
                    let number = first + 100 + page
                    let family = page.isMultiple(of: 2) ? "a" : "z"
                    try await store.create(number, member(number, family: family))
                }

                let given = pages.flatMap(\.resources).map(\.number)
                try require(Set(given).count == given.count, "nothing twice")
                let staying = ((7...13) + [20]).map { first + $0 }
                try require(Set(given).isSuperset(of: staying), "all that stayed")
                try require(pages.allSatisfy { $0.totalResults == 20 }, "the count of the first page")
                for number in try await store.numbers(nil) { try await store.delete(number) }
            }
        },
        Check("a change of what is sorted by moves a resource, and no other one") { store in
            for number in 1...9 { try await store.create(number, member(number, family: "m\(number)")) }
            let sort = try bothWays("name.familyName")[0]

            let pages = try await store.walk(sort: sort, by: 3) { page in
                guard page == 1 else { return }
                try await store.change(1) { $0.attributes["name"] = named("z") }
                try await store.change(9) { $0.attributes["name"] = named("a") }
                try await store.change(5) { $0.externalID = "no part of the order" }
            }

            try require(
                pages.flatMap(\.resources).map(\.number) == [1, 2, 3, 4, 5, 6, 7, 8, 1],
                "the first again, at its new place, and the last nowhere, as its place is passed"
            )
        },
        Check("equal sort keys, and those that differ only beyond what a cursor carries, go by age") {
            store in
            let beginning = String(repeating: "å", count: 128)
            for (number, family) in [
                (1, "b"), (2, beginning + "b"), (3, "b"), (4, beginning + "a"), (5, "b"),
            ] {
                try await store.create(number, member(number, family: family))
            }

            for (sort, order) in zip(try bothWays("name.familyName"), [[1, 3, 5, 2, 4], [2, 4, 1, 3, 5]]) {
                for count in 1...5 {
                    let pages = try await store.walk(sort: sort, by: count)
                    try requireWalk(pages, order, by: count)
                }
            }
            let list = try await store.numbers(nil, sort: try bothWays("name.familyName")[0])
            try require(list == [1, 3, 5, 4, 2], "a list by index compares the whole text")
        },
        Check("a walk over all types, and by a name that types share, meets each resource once") { store in
            try await store.arrange([("a", "Same"), ("b", "Same"), ("c", "Other")])
            for number in 1...4 {
                var user = member(number, family: nil)
                user.attributes["displayName"] = .simple(.string("same"))
                try await store.create(number, user, for: ContractStore.directory)
            }

            for sort in [nil, try ResolvedSort.resolve("userName", .descending, type: nil, set: .full)] {
                for (filter, total) in [(nil, 7), ("displayName eq \"SAME\"", 6), ("id pr", 7)]
                    as [(String?, Int)]
                {
                    let list = try await store.search(
                        filter,
                        for: ContractStore.directory,
                        type: nil,
                        sort: sort
                    )
                    let pages = try await store.walk(
                        filter,
                        for: ContractStore.directory,
                        type: nil,
                        sort: sort,
                        by: 2
                    )
                    try require(list.totalResults == total, "\(total) in all")
                    try requireWalk(pages, list.resources.map(\.number), by: 2)
                }
            }
        },
        Check("a walk by an e-mail address that several share meets each once") { store in
            for number in 1...5 {
                let user = ContractStore.user(
                    "u\(number)",
                    emails: ["Shared@example.com", "\(number)@example.com"]
                )
                try await store.create(number, user, for: ContractStore.directory)
            }

            let pages = try await store.walk(
                "emails.value eq \"shared@example.com\"",
                for: ContractStore.directory,
                by: 2
            )

            try requireWalk(pages, [1, 2, 3, 4, 5], by: 2)
        },
        Check("a page by index tells no position, and a walk of nothing is one empty page") { store in
            let nothing = try await store.walk(by: 3)
            for number in 1...4 { try await store.create(number, member(number, family: nil)) }
            let impossible = try await store.walk("title eq \"x\"", by: 3)
            let byIndex = try await store.search(nil, count: 2)

            for pages in [nothing, impossible] { try requireWalk(pages, [], by: 3) }
            try require(byIndex.next == nil && byIndex.resources.count == 2, "no position")
        },
    ]
}

// MARK: - What the checks walk through

extension StoreContract {
    private static let employeeNumber =
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"N\""

    /// Equalities that find one resource at most.
    private static let unique = [
        "userName eq \"u3@example.com\"", "id eq \"\(ContractStore.id(7))\"", "externalId eq \"later\"",
        "externalId eq \"never\"", "userName eq \"u3@example.com\" and manager eq \"m\"",
    ]

    /// Every way of finding and ordering.
    private static var walks: [(filter: String?, sort: ResolvedSort?)] {
        get throws {
            let sorts = [nil] + (try bothWays("name.familyName"))
            return [nil, employeeNumber, "userName co \"@\""].flatMap { filter in
                sorts.map { (filter: filter, sort: $0) }
            }
        }
    }

    private static func bothWays(_ sortBy: String) throws -> [ResolvedSort] {
        try [.ascending, .descending].map { order in
            try ResolvedSort.resolve(sortBy, order, type: .user, set: .learner)
        }
    }

    private static func member(_ number: Int, family: String?) -> Resource {
        ContractStore.user("u\(number)@example.com", employeeNumber: "N", family: family)
    }

    private static func named(_ family: String) -> AttributeValue {
        var name = ComplexValue()
        name["familyName"] = .simple(.string(family))
        return .complex(name)
    }

    /// Wants full pages but for the last, each with the total, and on them these resources in this order.
    private static func requireWalk(
        _ pages: [StoredPage],
        _ numbers: [Int],
        by count: Int,
        line: Int = #line
    ) throws {
        let given = pages.flatMap(\.resources).map(\.number)
        try require(given == numbers, "\(numbers) and not \(given)", line: line)
        try require(
            pages.count == max(1, (numbers.count + count - 1) / count),
            "no page too many",
            line: line
        )
        try require(pages.dropLast().allSatisfy { $0.resources.count == count }, "full pages", line: line)
        try require(pages.allSatisfy { $0.totalResults == numbers.count }, "the total on each", line: line)
    }
}
