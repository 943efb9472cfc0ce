import SCIM
import Store

/// What the checks do to groups that clients made.
extension ContractStore {
    /// Adds a group with these members, as a full connection does.
    @discardableResult
    func group(_ number: Int, _ name: String, members: [Int] = [], at second: Int64 = 0) async throws
        -> StoredResource
    {
        var group = Resource(type: .group)
        group.attributes["displayName"] = .simple(.string(name))
        group.memberEdits = [.replaceAll(members.map { Self.id($0) })]
        let creation = Creation(
            resource: try Validation.validate(group, set: .full),
            id: Self.id(number),
            targetGroup: nil,
            now: Self.time(second),
            isManaged: true,
            associating: nil,
            members: .all
        )
        return try await store.create(creation, for: Self.directory).resource
    }

    /// Sends the operations of a PATCH to a group.
    ///
    /// `@3` in the text stands for the id of resource 3.
    @discardableResult
    func patch(
        _ number: Int,
        _ operations: String,
        rules: PatchRules = PatchRules(),
        showing members: MemberDemand = .all,
        at second: Int64 = 1
    ) async throws -> Changed {
        let text = "{\"Operations\": [\(Self.withIDs(operations))]}"
        let request = try PatchRequest.reading(JSONReader.read(Array(text.utf8).span))
        let change = Change(type: .group, id: Self.id(number), now: Self.time(second), members: members) {
            current throws(SCIMError) in
            let patched = try Patch.apply(request, to: current.resource.resource(), set: .full, rules: rules)
            return .init(try Validation.validate(patched.resource, set: .full))
        }
        return try await store.change(change, for: Self.directory)
    }

    /// The numbers of a group's members.
    func members(of number: Int, _ demand: MemberDemand = .all) async throws -> [Int]? {
        try await read(number, demand)?.members?.map { Self.number(of: $0.id) }
    }

    /// Reads a group.
    func read(_ number: Int, _ demand: MemberDemand = .all) async throws -> StoredResource? {
        try await store.resource(.group, id: Self.id(number), for: Self.directory, members: demand)
    }

    /// The numbers of the groups that fulfil a filter, in which `@3` stands for the id of resource 3.
    func groups(_ filter: String) async throws -> [Int] {
        let filter = Self.withIDs(filter)
        return try await search(filter, for: Self.directory, type: .group).resources.map {
            Self.number(of: $0.id)
        }
    }

    /// Users of these numbers.
    func users(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers {
            try await create(
                number,
                Self.user("u\(number)@example.com", given: "U\(number)"),
                for: Self.directory
            )
        }
    }

    private static func number(of id: ResourceID) -> Int {
        (Int(id.text.suffix(12)) ?? 0) - 100_000_000_000
    }

    private static func withIDs(_ text: String) -> String {
        let pieces = text.split(separator: "@", omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(String(pieces[0])) { result, piece in
            let digits = piece.prefix { $0.isNumber }
            return result + id(Int(digits) ?? 0).text + piece.dropFirst(digits.count)
        }
    }
}
