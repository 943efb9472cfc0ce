import SCIM
import Store
import Tenancy

extension StoreContract {
    /// Groups that clients make, and who is in them.
    static let groups: [Check] = [
        Check("a new group has its members, in the order of their age, and they show it") { store in
            try await store.users(1...3)

            let created = try await store.group(9, "Guides", members: [3, 1])

            try require(created.members?.map(\.display) == ["U1", "U3"], "two members with their names")
            let user = try await store.user(3)
            try require(
                user?.groups == [GroupReference(id: ContractStore.id(9), display: "Guides")],
                "direct"
            )
            let other = try await store.user(2)
            try require(other?.groups == [], "no group")
        },
        Check("a member whom the tenant does not have refuses the whole write") { store in
            try await store.users(1...2)
            try await store.group(9, "Guides", members: [1])

            try await require(.refused(.noSuchMember)) {
                try await store.group(8, "Others", members: [1, 77])
            }
            try await require(.refused(.noSuchMember)) {
                try await store.patch(
                    9,
                    #"{"op":"add","path":"members","value":[{"value":"@2"},{"value":"@77"}]}"#
                )
            }

            let members = try await store.members(of: 9)
            let others = try await store.read(8)
            try require(members == [1] && others == nil, "as before")
        },
        Check("members come and go, and each write that moves one is a new version") { store in
            try await store.users(1...4)
            try await store.group(9, "Guides", members: [1])

            let added = try await store.patch(
                9,
                #"{"op":"add","path":"members","value":[{"value":"@2"},{"value":"@1"}]}"#
            )
            try require(added.resource.members?.count == 2 && added.idleMemberEdits == 0, "one is new")
            try require(added.resource.version.number == 2, "version 2")
            try require(added.resource.lastModified == ContractStore.time(1), "modified then")

            let removed = try await store.patch(
                9,
                #"{"op":"remove","path":"members","value":[{"value":"@1"}]}"#,
                at: 2
            )
            try require(removed.resource.members?.map(\.id) == [ContractStore.id(2)], "one has gone")

            let replaced = try await store.patch(
                9,
                #"{"op":"replace","path":"members","value":[{"value":"@4"},{"value":"@2"},{"value":"@4"}]}"#,
                at: 3
            )
            try require(
                replaced.resource.members?.map(\.id) == [ContractStore.id(2), ContractStore.id(4)],
                "those and no others"
            )
            let emptied = try await store.patch(9, #"{"op":"remove","path":"members"}"#, at: 4)
            try require(
                emptied.resource.members == [] && emptied.resource.version.number == 5,
                "nobody is left"
            )
            let user = try await store.user(2)
            try require(user?.groups == [], "no group is left on the user")
        },
        Check("an edit that finds all members as they are to be is told, and is no new version") { store in
            try await store.users(1...2)
            try await store.group(9, "Guides", members: [1])

            for operation in [
                #"{"op":"add","path":"members","value":[{"value":"@1"}]}"#,
                #"{"op":"remove","path":"members","value":[{"value":"@2"}]}"#,
                #"{"op":"remove","path":"members","value":[{"value":"@77"}]}"#,
                #"{"op":"remove","path":"members[value eq \"@2\"]"}"#,
                #"{"op":"replace","path":"members","value":[{"value":"@1"}]}"#,
            ] {
                let changed = try await store.patch(9, operation)
                try require(changed.idleMemberEdits == 1, "idle: \(operation)")
                try require(changed.resource.version.number == 1, "the same version after \(operation)")
                try require(changed.resource.members?.count == 1, "the member after \(operation)")
            }
        },
        Check("the steps of one write are taken in order") { store in
            try await store.users(1...3)
            try await store.group(9, "Guides", members: [1])

            let changed = try await store.patch(
                9,
                #"{"op":"remove","path":"members"},"#
                    + #"{"op":"add","path":"members","value":[{"value":"@2"},{"value":"@3"}]},"#
                    + #"{"op":"remove","path":"members[value eq \"@3\"]"},{"op":"replace","path":"displayName","value":"G"}"#
            )

            try require(changed.resource.members?.map(\.id) == [ContractStore.id(2)], "the last word holds")
            try require(changed.resource.version.number == 2, "one version")
        },
        Check("brackets choose members by what they are") { store in
            try await store.users(1...2)
            try await store.group(7, "Inner")
            try await store.group(9, "Guides", members: [1, 2, 7])

            let removed = try await store.patch(9, #"{"op":"remove","path":"members[type eq \"Group\"]"}"#)
            try require(
                removed.resource.members?.map(\.id) == [ContractStore.id(1), ContractStore.id(2)],
                "no group"
            )

            let replaced = try await store.patch(
                9,
                #"{"op":"replace","path":"members[display eq \"u1\"]","value":{"value":"@7"}}"#
            )
            try require(
                replaced.resource.members?.map(\.id) == [ContractStore.id(2), ContractStore.id(7)],
                "made room"
            )

            let missing = #"{"op":"replace","path":"members[value eq \"@1\"]","value":{"value":"@1"}}"#
            try await require(.refused(.noMemberChosen)) { try await store.patch(9, missing) }
            let made = try await store.patch(9, missing, rules: PatchRules(replaceCreatesMissingTarget: true))
            try require(made.resource.members?.count == 3, "made where the dialect says so")
        },
        Check("groups within groups show as indirect, and a circle of groups ends") { store in
            try await store.users(1...1)
            try await store.group(7, "Inner", members: [1])
            try await store.group(8, "Outer", members: [7, 1])
            try await store.group(9, "Outermost", members: [8])
            try await store.patch(
                7,
                #"{"op":"add","path":"members","value":[{"value":"@9"},{"value":"@7"}]}"#
            )

            let user = try await store.user(1)

            try require(
                user?.groups == [
                    GroupReference(id: ContractStore.id(7), display: "Inner"),
                    GroupReference(id: ContractStore.id(8), display: "Outer"),
                    GroupReference(id: ContractStore.id(9), display: "Outermost", isDirect: false),
                ],
                "direct where it is both"
            )
            let inner = try await store.read(7)
            try require(inner?.members?.map(\.type) == [.user, .group, .group], "itself among its members")
        },
        Check("who is deleted leaves its groups, which get a new version; target groups do not") { store in
            try await store.arrange([("a", "A")])
            try await store.create(1, ContractStore.user("a@example.com"), group: .init("a"))
            try await store.group(9, "Guides", members: [1])

            try await store.delete(1, at: 5)

            let group = try await store.read(9)
            try require(group?.members == [] && group?.version.number == 2, "without it")
            try require(group?.lastModified == ContractStore.time(5), "since then")
            try require(group?.json.contains(#"W/\"2\""#) == true, "also in its meta")
            let target = try await store.search(nil, type: .group).resources.first {
                $0.id != ContractStore.id(9)
            }
            try require(target?.version.number == 1, "the target group is as it was")
        },
        Check("a deleted group is no group of its members any more, and no member") { store in
            try await store.users(1...1)
            try await store.group(7, "Inner", members: [1])
            try await store.group(9, "Outer", members: [7])

            try await store.delete(7, type: .group)

            let user = try await store.user(1)
            let outer = try await store.members(of: 9)
            try require(user?.groups == [] && outer == [], "gone from both")
        },
        Check("only the members that are demanded come along") { store in
            try await store.users(1...3)
            try await store.group(9, "Guides", members: [1, 2, 3])

            let none = try await store.members(of: 9, .none)
            let among = try await store.members(of: 9, .among([ContractStore.id(2), ContractStore.id(77)]))
            let upTo3 = try await store.members(of: 9, .upTo(3))
            let upTo2 = try await store.members(of: 9, .upTo(2))

            try require(none == nil && among == [2], "none; one")
            try require(upTo3 == [1, 2, 3] && upTo2 == nil, "up to 3; not up to 2")
        },
        Check("a target group takes members, and tells that it is one") { store in
            try await store.arrange([("a", "A")])
            try await store.users(1...1)
            let id = try await store.search(nil, type: .group).resources[0].id
            let isTarget = Seen(false)
            let change = Change(type: .group, id: id, now: ContractStore.time(1), members: .all) {
                current throws(SCIMError) in
                isTarget.value = current.isTargetGroup
                var group = try current.resource.resource()
                group.memberEdits = [.add([ContractStore.id(1)])]
                return .init(try Validation.validate(group, set: .full))
            }

            let changed = try await store.store.change(change, for: ContractStore.directory)

            try require(changed.resource.members?.count == 1 && isTarget.value, "one member")
        },
    ]

    /// Filters on who is in a group.
    static let memberSearch: [Check] = [
        Check("groups are found by their members, alone and with other conditions") { store in
            try await store.users(1...3)
            try await store.group(7, "Inner", members: [1])
            try await store.group(8, "Outer", members: [1, 2, 7])
            try await store.group(9, "Empty")

            for (filter, expected) in [
                (#"members.value eq "@1""#, [7, 8]),
                (#"members eq "@2""#, [8]),
                (#"members[value eq "@1"]"#, [7, 8]),
                (#"members[value eq "@1" and type eq "User"]"#, [7, 8]),
                (#"members[value eq "@1" and type eq "Group"]"#, []),
                (#"id eq "@8" and members eq "@2""#, [8]),
                (#"id eq "@7" and members eq "@2""#, []),
                (#"members.value eq "@2" and displayName eq "outer""#, [8]),
                (#"not (members.value eq "@1")"#, [9]),
                (#"members.value eq "@3" or displayName eq "Empty""#, [9]),
                (#"members.type eq "Group""#, [8]),
                (#"members.display sw "u2""#, [8]),
                ("members pr", [7, 8]),
                ("not (members pr)", [9]),
                (#"members.value ne "@1""#, [8, 9]),
            ] {
                let found = try await store.groups(filter)
                try require(found == expected, "\(expected) for \(filter), not \(found)")
            }
        },
        Check("a page shows the members that it was asked for, whatever the filter asked about") { store in
            try await store.users(1...2)
            try await store.group(9, "Guides", members: [1, 2])
            let filter = "displayName eq \"Guides\" and members.value eq \"\(ContractStore.id(1))\""
            let resolved = try ResolvedFilter.resolve(Filter.parse(filter), type: .group, set: .full)

            for (demand, count) in [(MemberDemand.all, 2), (.none, nil)] as [(MemberDemand, Int?)] {
                let query = StoreQuery(
                    type: .group,
                    filter: resolved,
                    start: .offset(0),
                    count: 10,
                    members: demand
                )
                let page = try await store.store.search(query, for: ContractStore.directory)
                try require(page.resources.first?.members?.count == count, "\(demand)")
            }
        },
        Check("groups sort by what their members are") { store in
            try await store.users(1...3)
            try await store.group(7, "A", members: [3])
            try await store.group(8, "B")
            try await store.group(9, "C", members: [1])
            let sort = try ResolvedSort.resolve("members.display", .ascending, type: .group, set: .full)

            let page = try await store.search(nil, for: ContractStore.directory, type: .group, sort: sort)

            try require(
                page.resources.map(\.id) == [ContractStore.id(9), ContractStore.id(7), ContractStore.id(8)],
                "by their names, without members last"
            )
        },
    ]
}
