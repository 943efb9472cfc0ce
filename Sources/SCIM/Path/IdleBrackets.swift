/// Brackets that choose nothing: those behind an attribute that the attribute set does not hold.
///
/// In the learner set `emails[type eq "work"].value` of a PATCH is dropped as a whole, and in a filter it is the user
/// name, whatever the brackets say.
enum IdleBrackets {
    /// Whether the attribute before the brackets is known, and not held.
    static func follow(_ attribute: AttributePath, _ type: ResourceType.Name, _ set: AttributeSet) -> Bool {
        guard case .outsideSet = SchemaSet.of(type, set).lookup(attribute) else { return false }
        return true
    }
}

extension PatchRequest {
    /// Whether the path of an operation has brackets that choose nothing.
    package func hasIdleBrackets(of type: ResourceType.Name, in set: AttributeSet) -> Bool {
        operations.contains { operation in
            guard case .values(let values, _) = operation.path else { return false }
            return IdleBrackets.follow(values.attribute, type, set)
        }
    }
}

extension Filter {
    /// Whether the filter has brackets that choose nothing.
    package func hasIdleBrackets(of type: ResourceType.Name, in set: AttributeSet) -> Bool {
        root.hasIdleBrackets(of: type, in: set)
    }
}

extension Filter.Node {
    fileprivate func hasIdleBrackets(of type: ResourceType.Name, in set: AttributeSet) -> Bool {
        switch self {
        case .and(let nodes), .or(let nodes): nodes.contains { $0.hasIdleBrackets(of: type, in: set) }
        case .not(let node): node.hasIdleBrackets(of: type, in: set)
        case .attribute: false
        case .valuePath(let values), .selection(let values, _, _):
            IdleBrackets.follow(values.attribute, type, set)
        }
    }
}
