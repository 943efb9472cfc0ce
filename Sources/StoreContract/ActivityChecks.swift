import SCIM
import Store
import Tenancy

/// What a store must remember of what happened.
extension StoreContract {
    static let activity: [Check] = writesInActivity + recordedActivity

    private static let origin: ActivityOrigin = {
        var origin = ActivityOrigin(actor: "client")
        origin.connection = ContractStore.payroll.connection
        origin.requestID = "request-1"
        origin.operation = "PATCH /Users/{id}"
        origin.clientAddress = "192.0.2.1"
        origin.httpVersion = "2"
        origin.userAgent = "curl"
        origin.network = .azureGovernment
        origin.tlsVersion = "1.3"
        origin.quirks = ["active_as_string", "capital_op"]
        origin.tokenID = AccessToken.ID("abcdefgh")
        origin.targetGroup = TargetGroup.ID("staff")
        return origin
    }()

    private static let writesInActivity: [Check] = [
        Check("each write that names an origin leaves its entry, and none without") { store in
            try await store.create(1, ContractStore.user("quiet@example.com"))
            var creation = try ContractStore.creation(2, ContractStore.user("b@example.com", given: "B"))
            creation.origin = origin
            creation.notes = [Note(.dropped, "title")]
            _ = try await store.store.create(creation, for: ContractStore.payroll)
            try await setActive(false, in: store, at: 2)
            try await setActive(true, in: store, at: 3)
            var deletion = Deletion(type: .user, id: ContractStore.id(2), now: ContractStore.time(4)) {
                _ throws(SCIMError) in
            }
            deletion.origin = origin
            try await store.store.delete(deletion, for: ContractStore.payroll)

            let entries = try await store.store.activity(ActivityQuery()).entries

            let kinds: [ActivityKind] = [.userCreated, .userDeactivated, .userReactivated, .userDeleted]
            try require(entries.map(\.kind) == kinds, "one entry a write: \(entries.map(\.kind))")
            try require(entries.allSatisfy { $0.origin == origin }, "the origin as it was given")
            try require(entries.allSatisfy { $0.resource?.id == ContractStore.id(2) }, "the learner's id")
            try require(
                entries[0].changed == ["userName", "active", "name.givenName"],
                "\(entries[0].changed)"
            )
            try require(entries[0].notes == ["dropped title"], "\(entries[0].notes)")
            try require(
                entries[1].changed == ["active"] && entries[1].time == ContractStore.time(2),
                "active"
            )
        },
        Check(
            "the entry of a write tells the status of the answer that waits for it, and none where nobody waits"
        ) {
            store in
            let answer = AwaitedAnswer(arrived: ContractStore.time(0), statusWithoutMembers: 204)
            var creation = try ContractStore.creation(2, ContractStore.user("a@example.com"))
            creation.origin = origin
            _ = try await store.store.create(creation, for: ContractStore.payroll)
            creation = try ContractStore.creation(3, ContractStore.user("b@example.com"))
            (creation.origin, creation.answer) = (origin, answer)
            _ = try await store.store.create(creation, for: ContractStore.payroll)
            try await setActive(false, in: store, at: 2, answering: answer)
            try await store.group(9, "Guides", members: [2])
            try await rename(to: "One", in: store, showing: .all, answering: answer)
            try await rename(to: "Two", in: store, showing: .none, answering: answer)
            try await rename(
                to: "Three",
                in: store,
                showing: .none,
                answering: .init(arrived: answer.arrived)
            )
            var deletion = Deletion(type: .user, id: ContractStore.id(3), now: ContractStore.time(4)) {
                _ throws(SCIMError) in
            }
            (deletion.origin, deletion.answer) = (origin, answer)
            try await store.store.delete(deletion, for: ContractStore.payroll)

            let entries = try await store.store.activity(ActivityQuery()).entries

            let statuses = entries.map(\.status)
            try require(statuses == [nil, 201, 200, 200, 204, 200, 204], "\(statuses)")
            let times = entries.map(\.milliseconds)
            try require(times[0] == nil && times.dropFirst().allSatisfy { $0 ?? -1 >= 0 }, "\(times)")
        },
        Check("a write that is refused, or changes nothing, leaves no entry") { store in
            try await store.create(1, ContractStore.user("a@example.com"))
            var twin = try ContractStore.creation(2, ContractStore.user("A@example.com"), associates: false)
            twin.origin = origin
            let refused = twin
            try await require(.userNameTaken) {
                try await store.store.create(refused, for: ContractStore.payroll)
            }
            try await setActive(true, of: 1, in: store, at: 2)

            let entries = try await store.store.activity(ActivityQuery()).entries

            try require(entries.isEmpty, "nothing: \(entries.map(\.kind))")
        },
        Check("an association, and a write to another connection's learner, say so") { store in
            try await store.create(1, ContractStore.user("a@example.com"), isManaged: false)
            var creation = try ContractStore.creation(2, ContractStore.user("a@example.com"))
            creation.origin = origin
            _ = try await store.store.create(creation, for: ContractStore.payroll)
            try await setActive(false, of: 1, in: store, at: 2, for: ContractStore.sales)

            let entries = try await store.store.activity(ActivityQuery()).entries

            try require(entries.map(\.kind) == [.userAssociated, .userDeactivated], "\(entries.map(\.kind))")
            try require(entries[0].resource?.id == ContractStore.id(1), "the id that was there")
            try require(entries[0].reason == nil && entries[1].reason == "other_connection", "whose it is")
        },
    ]

    private static let recordedActivity: [Check] = [
        Check("an entry comes back as it was recorded, with all its fields or none") { store in
            var full = ActivityEntry(.requestRefused, .throttled, at: ContractStore.time(1), by: origin)
            full.resource = .init(.group, ContractStore.id(1))
            full.changed = ["a", "b.c"]
            full.notes = ["dropped x", "unknown y"]
            full.status = 429
            full.scimType = "uniqueness"
            full.reason = "rate"
            full.explanation = "Wait."
            full.milliseconds = 12
            full.count = 3
            full.userName = "hmac:1"
            full.externalID = "hmac:2"
            let bare = ActivityEntry(.probe, at: ContractStore.time(2), by: ActivityOrigin(actor: "system"))

            try await store.store.record([full, bare], reads: [])

            let entries = try await store.store.activity(ActivityQuery()).entries
            try require(entries.map(\.asWritten) == [full, bare], "the same: \(entries)")
            try require(entries.map(\.number) == [1, 2], "numbered: \(entries.map(\.number))")
        },
        Check("a query leaves out what is too old, no problem, of another request, or too many") { store in
            let entries = (1...4).map { number in
                var entry = ActivityEntry(.probe, at: ContractStore.time(Int64(number)), by: origin)
                entry.origin.requestID = "request-\(number)"
                if number == 2 { entry.outcome = .refused }
                return entry
            }
            try await store.store.record(entries, reads: [])

            let since = try await store.requests { $0.since = ContractStore.time(3) }
            let problems = try await store.requests { $0.onlyProblems = true }
            let one = try await store.requests { $0.requestID = "request-4" }
            let two = try await store.requests { $0.count = 2 }
            let none = try await store.requests { $0.since = ContractStore.time(5) }

            try require(since == ["request-3", "request-4"], "since: \(since)")
            try require(problems == ["request-2"] && one == ["request-4"], "\(problems) \(one)")
            try require(two == ["request-3", "request-4"], "the newest: \(two)")
            try require(none.isEmpty, "\(none)")
        },
        Check("who follows gets each entry once, whatever the size of the pages") { store in
            var place = try await store.store.activity(ActivityQuery()).next
            var seen: [String] = []
            for number in 1...5 {
                var entry = ActivityEntry(.probe, at: ContractStore.time(Int64(number)), by: origin)
                entry.origin.requestID = "request-\(number)"
                try await store.store.record([entry], reads: [])
            }
            for _ in 1...4 {
                var query = ActivityQuery()
                query.after = place
                query.count = 2
                let page = try await store.store.activity(query)
                seen += page.entries.compactMap(\.origin.requestID)
                place = page.next
            }

            try require(seen == (1...5).map { "request-\($0)" }, "\(seen)")
        },
        Check("counted requests add up by minute, connection and kind, and are followed once") { store in
            let payroll = Connection.ID("payroll")
            let first = ActivityReads(.userRead, through: payroll, at: ContractStore.time(1))
            var later = ActivityReads(.userRead, through: payroll, at: ContractStore.time(2))
            later.count = 4
            let other = ActivityReads(.discovery, through: payroll, at: ContractStore.time(2))
            let next = ActivityReads(.userRead, through: payroll, at: ContractStore.time(90))
            for reads in [[first], [later, other], [next]] { try await store.store.record([], reads: reads) }

            let all = try await store.store.activity(ActivityQuery())
            var query = ActivityQuery()
            query.after = .start
            query.countedBefore = next.minute
            let over = try await store.store.activity(query)
            query.after = over.next
            query.countedBefore = nil
            let rest = try await store.store.activity(query)
            query = ActivityQuery()
            query.onlyProblems = true
            let problems = try await store.store.activity(query)

            try require(all.reads.map(\.count) == [1, 5, 1], "\(all.reads)")
            try require(all.reads[1].last == ContractStore.time(2), "the time of the last")
            try require(over.reads.map(\.kind) == [.discovery, .userRead], "the minute that is over")
            try require(rest.reads == [next] && problems.reads.isEmpty, "\(rest.reads)")
        },
        Check("what happened before a moment is removed, the rest kept") { store in
            let entries = (1...3).map {
                ActivityEntry(.probe, at: ContractStore.time(Int64($0)), by: origin)
            }
            try await store.store.record(
                entries,
                reads: [ActivityReads(.discovery, through: .init("payroll"), at: ContractStore.time(1))]
            )

            let removed = try await store.store.removeActivity(before: ContractStore.time(3))

            let page = try await store.store.activity(ActivityQuery())
            try require(removed == 2 && page.entries.map(\.asWritten) == [entries[2]], "two of three")
            try require(page.reads.isEmpty, "and the counted ones")
        },
        Check("what is removed ends at the first entry that is young enough, and leaves the newest") {
            store in
            let times: [Int64] = [1, 5, 2, 3]
            let entries = times.map { ActivityEntry(.probe, at: ContractStore.time($0), by: origin) }
            try await store.store.record(entries, reads: [])

            let first = try await store.store.removeActivity(before: ContractStore.time(4))
            let rest = try await store.store.removeActivity(before: ContractStore.time(9))

            let left = try await store.store.activity(ActivityQuery()).entries
            try require(first == 1 && rest == 2, "one, then two: \(first), \(rest)")
            try require(left.map(\.number) == [4], "the newest: \(left.map(\.number))")
        },
    ]

    private static func setActive(
        _ active: Bool,
        of number: Int = 2,
        in store: ContractStore,
        at second: Int64,
        for viewer: Viewer = ContractStore.payroll,
        answering answer: AwaitedAnswer? = nil
    ) async throws {
        var change = Change(type: .user, id: ContractStore.id(number), now: ContractStore.time(second)) {
            current throws(SCIMError) in
            let before = try current.resource.resource()
            var resource = before
            resource.attributes["active"] = .simple(.boolean(active))
            let validated = try Validation.validate(resource, set: .learner)
            return .init(
                validated,
                changed: ChangedAttributes.paths(
                    from: before,
                    externalID: current.resource.externalID,
                    to: validated
                )
            )
        }
        (change.origin, change.answer) = (origin, answer)
        _ = try await store.store.change(change, for: viewer)
    }

    private static func rename(
        to name: String,
        in store: ContractStore,
        showing members: MemberDemand,
        answering answer: AwaitedAnswer
    ) async throws {
        let viewer = ContractStore.directory
        var change = Change(
            type: .group,
            id: ContractStore.id(9),
            now: ContractStore.time(3),
            members: members
        ) { current throws(SCIMError) in
            var resource = try current.resource.resource()
            resource.attributes["displayName"] = .simple(.string(name))
            return .init(
                try Validation.validate(resource, set: .full, keeping: .full),
                changed: ["displayName"]
            )
        }
        (change.origin, change.answer) = (origin, answer)
        _ = try await store.store.change(change, for: viewer)
    }
}

extension ActivityEntry {
    /// Without what only a stored entry has.
    fileprivate var asWritten: ActivityEntry {
        var entry = self
        entry.number = nil
        entry.previousHash = nil
        return entry
    }
}

extension ContractStore {
    /// The requests whose entries a query gives.
    fileprivate func requests(_ shape: (inout ActivityQuery) -> Void) async throws -> [String] {
        var query = ActivityQuery()
        shape(&query)
        return try await store.activity(query).entries.compactMap(\.origin.requestID)
    }
}
