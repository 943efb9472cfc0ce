@testable import SCIM

/// A PATCH written as JSON, applied to a resource written as JSON.
struct PatchedResource {
    /// What it became.
    let resource: Resource
    /// What was not stored.
    let notes: [Note]

    /// Applies a list of operations.
    init(
        _ before: String,
        _ operations: String,
        type: ResourceType.Name = .user,
        set: AttributeSet = .full,
        rules: PatchRules = PatchRules()
    ) throws {
        let request = try PatchRequest.reading(json(#"{"Operations": \#(operations)}"#))
        let resource = try Resource.reading(json(before), type: type, set: .full).resource
        (self.resource, notes) = try Patch.apply(request, to: resource, set: set, rules: rules)
    }

    /// Whether it became what this JSON says.
    func isLike(_ after: String) throws -> Bool {
        try isSame(resource, Resource.reading(json(after), type: resource.type, set: .full).resource)
    }
}

/// Whether both have the same attributes, and the same members after their edits.
func isSame(_ left: Resource, _ right: Resource) throws -> Bool {
    guard try memberIDs(after: left.memberEdits) == memberIDs(after: right.memberEdits) else { return false }
    var (left, right) = (left, right)
    left.memberEdits = []
    right.memberEdits = []
    return left == right
}

/// Who is in a group of nobody after these edits: what a store makes of them, for users whose names are their ids.
func memberIDs(after edits: [MemberEdit]) throws -> Set<String> {
    var members: Set<String> = []
    for edit in edits {
        switch edit {
        case .add(let ids): members.formUnion(ids.map(\.text))
        case .remove(let ids): members.subtract(ids.map(\.text))
        case .replaceAll(let ids): members = Set(ids.map(\.text))
        case .removeChosen(let choice): members = members.filter { !choice.isMet(by: .user($0)) }
        case .replaceChosen(let choice, let ids, let makingMissing):
            let rest = members.filter { !choice.isMet(by: .user($0)) }
            guard rest.count < members.count || makingMissing else { throw SCIMError.noMemberChosen }
            members = rest.union(ids.map(\.text))
        }
    }
    return members
}

extension MemberReference {
    /// A user whose name is its id.
    fileprivate static func user(_ id: String) -> MemberReference {
        MemberReference(id: ResourceID(id), type: .user, display: id)
    }
}
