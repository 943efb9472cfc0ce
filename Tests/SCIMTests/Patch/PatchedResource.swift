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
        try resource == Resource.reading(json(after), type: resource.type, set: .full).resource
    }
}
