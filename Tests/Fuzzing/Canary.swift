@testable import SCIM

/// A value that must not come back: errors name attributes, and tell nobody what is in them.
enum Canary {
    static let text = "canary-0c5bd7e2"

    /// Breaks when the error for the client holds the value.
    static func check(_ error: SCIMError) throws(BrokenPromise) {
        try promise("no value stands in an error", !error.detail.contains(text))
    }
}

extension JSONValue {
    /// The same value with the canary for each text in it.
    var withCanary: JSONValue {
        switch self {
        case .null, .boolean, .number: self
        case .string: .string(Canary.text)
        case .array(let elements): .array(elements.map(\.withCanary))
        case .object(let object):
            .object(JSONObject(object.members.map { .init(name: $0.name, value: $0.value.withCanary) }))
        }
    }
}

extension Filter.Node {
    /// The same expression with the canary for each text that it compares with.
    var withCanary: Filter.Node {
        switch self {
        case .and(let nodes): .and(nodes.map(\.withCanary))
        case .or(let nodes): .or(nodes.map(\.withCanary))
        case .not(let node): .not(node.withCanary)
        case .attribute(let path, let test): .attribute(path, test.withCanary)
        case .valuePath(let values): .valuePath(values.withCanary)
        case .selection(let values, let part, let test): .selection(values.withCanary, part, test.withCanary)
        }
    }
}

extension ValuePath {
    fileprivate var withCanary: ValuePath { ValuePath(attribute: attribute, filter: filter.withCanary) }
}

extension Filter.Test {
    fileprivate var withCanary: Filter.Test {
        guard case .compare(let comparison, .string) = self else { return self }
        return .compare(comparison, .string(Canary.text))
    }
}
