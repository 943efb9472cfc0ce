import SCIM
import Store
import Testing

@testable import SCIMEngine
@testable import Tenancy

@Suite("The engine's decisions on groups, RFC 7643 §4.2")
struct GroupDecisionTests {
    private let store = InMemoryTenantStore()
    private let engine = SCIMEngine(makingIDs: { ResourceID("group") })
    private let full = SCIMEngineTests.asker("a", set: .full)
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    @Test func `a learner connection writes no group, a full one does`() async throws {
        let create = SCIMOperation.create(Self.group("Staff"))

        let refused = await refusal { try await perform(create, SCIMEngineTests.asker("a")) }
        let outcome = try await perform(create, full)

        #expect(refused?.status == 403)
        guard case .created(let group) = outcome else {
            Issue.record("expected a new group")
            return
        }
        #expect(group.type == .group && group.members == nil)
    }

    @Test func `an operation that moves nobody is noted, one that does is not`() async throws {
        _ = try await perform(.create(Self.group("Staff")), full)

        let outcome = try await perform(
            Self.patch(
                #"{"op":"remove","path":"members","value":[{"value":"x"}]},"#
                    + #"{"op":"add","path":"members","value":[{"value":"group"}]},"#
                    + #"{"op":"add","path":"members","value":[{"value":"group"}]}"#
            ),
            full
        )

        guard case .changed(let group, _, let notes) = outcome else {
            Issue.record("expected a change")
            return
        }
        #expect(notes == [Note(.alreadySo, "members"), Note(.alreadySo, "members")])
        #expect(group.version == ResourceVersion(2))
    }

    @Test func `a target group takes members, keeps its name and stays`() async throws {
        let group = TargetGroup(id: .init("staff"), displayName: "Staff")
        try await store.arrange(targetGroups: [group], makingIDs: { ResourceID("group") }, now: now)

        let added = try await perform(
            Self.patch(#"{"op":"add","path":"members","value":[{"value":"group"}]}"#),
            full
        )
        let renamed = await refusal {
            try await perform(Self.patch(#"{"op":"replace","path":"displayName","value":"Crew"}"#), full)
        }
        let replaced = await refusal {
            try await perform(.replace(ResourceID("group"), Self.group("Crew"), .none), full)
        }
        let deleted = await refusal { try await perform(.delete(.group, ResourceID("group"), .none), full) }

        guard case .changed(let stored, _, _) = added else {
            Issue.record("expected a change")
            return
        }
        #expect(stored.version == ResourceVersion(2))
        #expect(renamed == .badRequest(.mutability, "") && replaced == .badRequest(.mutability, ""))
        #expect(deleted?.status == 403)
    }

    @Test func `a group that is put without members keeps them, with an empty list it loses them`()
        async throws
    {
        var group = Self.group("Staff")
        _ = try await perform(.create(group), full)
        _ = try await perform(Self.patch(#"{"op":"add","path":"members","value":{"value":"group"}}"#), full)

        let kept = try await perform(.replace(ResourceID("group"), Self.group("Crew"), .none), full)
        group.memberEdits = [.replaceAll([])]
        let emptied = try await perform(.replace(ResourceID("group"), group, .none), full)

        guard case .changed(let first, _, _) = kept, case .changed(let second, _, _) = emptied else {
            Issue.record("expected two changes")
            return
        }
        #expect(first.members?.count == 1 && second.members == [])
    }

    @Test func `members are shown as demanded, to a full connection only`() async throws {
        _ = try await perform(.create(Self.group("Staff")), full)
        _ = try await perform(Self.patch(#"{"op":"add","path":"members","value":{"value":"group"}}"#), full)
        let read = SCIMOperation.read(.group, ResourceID("group"), .none)

        for (asker, demand, count) in [
            (full, MemberDemand.all, 1), (full, .none, nil), (SCIMEngineTests.asker("b"), .all, nil),
        ] as [(Asker, MemberDemand, Int?)] {
            let outcome = try await engine.perform(read, asker, showing: demand, in: store, now: now)
            guard case .found(let group) = outcome else {
                Issue.record("expected the group")
                return
            }
            #expect(group.members?.count == count)
        }
    }
}

// MARK: - Given

extension GroupDecisionTests {
    private func perform(_ operation: SCIMOperation, _ asker: Asker) async throws -> SCIMOutcome {
        var members = MemberDemand.none
        if case .replace = operation { members = .all }
        return try await engine.perform(operation, asker, showing: members, in: store, now: now)
    }

    private static func group(_ name: String) -> Resource {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string(name))
        return group
    }

    private static func patch(_ operations: String) throws -> SCIMOperation {
        let json = #"{"Operations":[\#(operations)]}"#
        let request = try PatchRequest.reading(JSONReader.read(Array(json.utf8).span))
        return .patch(.group, ResourceID("group"), request, PatchRules(), .none)
    }
}
