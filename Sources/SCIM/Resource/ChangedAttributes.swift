/// Which attributes a write changes: their paths, never their values.
///
/// Paths are those of PATCH without a URN (`active`, `name.givenName`, `department`): no two schemas of ours share a
/// name. The list is in the order of the resource that has the values.
package enum ChangedAttributes {
    /// Every attribute that a new resource has.
    package static func paths(of resource: ValidatedResource) -> [String] {
        paths(from: Resource(type: resource.resource.type), externalID: nil, to: resource)
    }

    /// What is another value, or none, or there for the first time.
    ///
    /// Members count as changed when the write names any: whether they were so already is found while they are stored.
    package static func paths(from before: Resource, externalID: String?, to after: ValidatedResource)
        -> [String]
    {
        var paths: [String] = []
        if !isSame(externalID, after.externalID) { paths.append("externalId") }
        compare(before.attributes, after.resource.attributes, below: "", &paths)
        compare(before.enterprise, after.resource.enterprise, below: "", &paths)
        if !after.memberEdits.isEmpty { paths.append("members") }
        return paths
    }

    /// The `externalId` is the connection's, and compared apart.
    private static func compare(
        _ before: ComplexValue,
        _ after: ComplexValue,
        below prefix: String,
        _ paths: inout [String]
    ) {
        var kept = 0
        for place in after.entries.indices {
            if let old = before.place(of: after.entries[place].name, around: place) {
                kept += 1
                if before.entries[old].value == after.entries[place].value { continue }
            }
            let entry = after.entries[place]
            if case .complex(let new) = entry.value, prefix.isEmpty {
                let old = before.complex(entry.name) ?? ComplexValue()
                compare(old, new, below: entry.name.text + ".", &paths)
            } else {
                paths.append(prefix + entry.name.text)
            }
        }
        // Each name is there once: when all of before were met, none has gone.
        guard kept < before.entries.count else { return }
        for entry in before.entries where after[entry.name] == nil && entry.name != "externalId" {
            paths.append(prefix + entry.name.text)
        }
    }

    private static func isSame(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): TextOrder.isSameBytes(left, right)
        default: false
        }
    }
}
