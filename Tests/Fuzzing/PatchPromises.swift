@testable import SCIM

/// PATCH: the path as text, and one operation on resources, all the way from the body to the stored document.
///
/// Each input is a ``WrittenOperation``.
enum PatchPromises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let operation = WrittenOperation(input)
        try checkText(of: operation.path)
        guard let request = try operation.request() else { return }
        for resource in SampleResource.all {
            for set in [AttributeSet.full, .learner] {
                try checkApplying(request, to: resource, set)
                try checkRefusal(of: request.withCanary, for: resource, set)
            }
        }
    }

    private static func checkText(of written: String) throws(BrokenPromise) {
        let path: PatchPath
        do throws(SCIMError) {
            path = try PatchPath.parse(written)
        } catch {
            try promise("what is no path is 400 invalidPath", error == .badRequest(.invalidPath, ""))
            return
        }
        let text = path.description
        // As in filters: an escape may be printed longer than it came.
        guard text.utf8.count <= FilterLimits.bytes else { return }
        let again = try promised("a printed path is a path") { try PatchPath.parse(text) }
        try promise("a printed path reads back the same", again == path)
    }

    private static func checkApplying(
        _ request: PatchRequest,
        to stored: StoredResource,
        _ set: AttributeSet
    ) throws(BrokenPromise) {
        let before = try promised("the sample can be read") { try stored.resource() }
        let rules = PatchRules(replaceCreatesMissingTarget: set == .learner)
        let after: Resource
        do throws(SCIMError) {
            after = try Patch.apply(request, to: before, set: set, rules: rules).resource
        } catch {
            try promise("a PATCH that cannot be is 400", error.status == 400)
            try promise(
                "a PATCH that fails behind one that does not fails as a whole",
                (try? Patch.apply(request.behindARename(of: stored.type), to: before, set: set, rules: rules))
                    == nil
            )
            return
        }
        try checkHidden(before, after, set)
        try checkOrder(request, before, set, rules)
        try checkDocument(after, before, stored, set)
    }

    private static func checkRefusal(
        of request: PatchRequest,
        for stored: StoredResource,
        _ set: AttributeSet
    )
        throws(BrokenPromise)
    {
        let before = try promised("the sample can be read") { try stored.resource() }
        do throws(SCIMError) {
            let after = try Patch.apply(request, to: before, set: set, rules: PatchRules()).resource
            _ = try Validation.validate(after, set: set, existing: before)
        } catch {
            try Canary.check(error)
        }
    }

    /// What a connection cannot see it cannot change.
    private static func checkHidden(_ before: Resource, _ after: Resource, _ set: AttributeSet)
        throws(BrokenPromise)
    {
        let schemas = SchemaSet.of(before.type, set)
        for (part, old, new) in [
            (SchemaSet.Part.core, before.attributes, after.attributes),
            (.enterprise, before.enterprise, after.enterprise),
        ] {
            for entry in old.entries {
                guard schemas.holds(part, entry.name) else {
                    try promise("hidden attributes stay", new[entry.name] == entry.value)
                    continue
                }
                guard case .complex(let parts) = entry.value,
                    let definition = schemas.definition(part, entry.name)
                else { continue }
                for part in parts.entries where !(definition.subAttribute(part.name)?.isHeld(by: set) ?? true)
                {
                    try promise("hidden parts stay", new.complex(entry.name)?[part.name] == part.value)
                }
            }
        }
    }

    /// Operations are performed one after the other: two in one request do what two requests do.
    private static func checkOrder(
        _ request: PatchRequest,
        _ before: Resource,
        _ set: AttributeSet,
        _ rules: PatchRules
    ) throws(BrokenPromise) {
        let both = request.behindARename(of: before.type)
        let rename = PatchRequest(operations: Array(both.operations.prefix(1)))
        let renamed = try promised("the sample can be renamed") {
            try Patch.apply(rename, to: before, set: set, rules: rules).resource
        }
        let together = try? Patch.apply(both, to: before, set: set, rules: rules).resource
        let apart = try? Patch.apply(request, to: renamed, set: set, rules: rules).resource
        try promise(
            "two operations in one request do what two requests do",
            together?.withoutMembers == apart?.withoutMembers
        )
    }

    /// What is fit to be stored reads back the same, and shows as JSON.
    private static func checkDocument(
        _ after: Resource,
        _ before: Resource,
        _ stored: StoredResource,
        _ set: AttributeSet
    ) throws(BrokenPromise) {
        let validated: ValidatedResource
        do throws(SCIMError) {
            validated = try Validation.validate(after, set: set, keeping: .full, existing: before)
        } catch {
            try promise("what is unfit is 400", error.status == 400)
            return
        }
        let next = StoredResource(
            validated,
            type: stored.type,
            groups: stored.groups,
            members: stored.members,
            manager: stored.managerReference
        )
        let again = try promised("a stored document reads back") { try next.resource() }
        try promise("a stored document reads back the same", again == after.withoutMembers)
        let shown = next.rendered(locationPrefix: "https://scim.example/scim/v2")
        _ = try promised("what is shown is JSON") { try JSONReader.read(shown) }
    }
}

extension PatchRequest {
    /// The same request with the canary for each text in its values.
    fileprivate var withCanary: PatchRequest {
        PatchRequest(
            operations: operations.map {
                PatchOperation(op: $0.op, path: $0.path, value: $0.value?.withCanary)
            }
        )
    }

    /// The same request with an operation before it that any connection may do.
    fileprivate func behindARename(of type: ResourceType.Name) -> PatchRequest {
        let (name, value) = type == .user ? ("userName", "grace@example.com") : ("displayName", "Drivers")
        let rename = PatchOperation(
            op: .replace,
            path: .attribute(AttributePath(name: AttributeName(name))),
            value: .string(value)
        )
        return PatchRequest(operations: [rename] + operations)
    }
}

extension Resource {
    /// The resource without what is to become of its members, which is no part of the document.
    fileprivate var withoutMembers: Resource {
        var resource = self
        resource.memberEdits = []
        return resource
    }
}
