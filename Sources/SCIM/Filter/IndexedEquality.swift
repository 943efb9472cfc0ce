/// An equality that a store's index answers: the look-up column, and the text in it.
package enum IndexedEquality: Sendable {
    /// `id`, compared byte by byte.
    case id(String)
    /// `userName`, folded.
    case userName(folded: String)
    /// The asking connection's `externalId`, compared byte by byte.
    case externalID(String)
    /// `employeeNumber`, folded.
    case employeeNumber(folded: String)
    /// `manager.value`, folded.
    case managerValue(folded: String)
    /// `displayName` of a user or a group, folded.
    case displayName(folded: String)
    /// The id of a member of the group, compared byte by byte.
    case memberValue(String)
    /// One of the e-mail addresses, folded.
    case emailValue(folded: String)
}

extension IndexedEquality: Equatable {
    /// Same column, same bytes.
    package static func == (left: IndexedEquality, right: IndexedEquality) -> Bool {
        switch (left, right) {
        case (.id(let a), .id(let b)), (.userName(let a), .userName(let b)),
            (.externalID(let a), .externalID(let b)),
            (.employeeNumber(let a), .employeeNumber(let b)), (.managerValue(let a), .managerValue(let b)),
            (.displayName(let a), .displayName(let b)), (.memberValue(let a), .memberValue(let b)),
            (.emailValue(let a), .emailValue(let b)):
            TextOrder.isSameBytes(a, b)
        default: false
        }
    }
}

extension IndexedEquality {
    /// How many resources may share the text, as a rank: what is unique finds one at most, a manager
    /// may be that of thousands.
    var candidates: Int {
        switch self {
        case .id: 0
        case .userName: 1
        case .externalID: 2
        case .emailValue: 3
        case .employeeNumber: 4
        case .managerValue: 5
        case .displayName: 6
        case .memberValue: 7
        }
    }
}

extension IndexedEquality {
    /// The index for a sub-attribute or attribute that is compared with that literal, already
    /// folded where the attribute's case does not matter.
    fileprivate init?(
        _ part: SchemaSet.Part,
        _ name: AttributeName,
        _ subAttribute: AttributeName?,
        _ literal: String
    ) {
        switch (part, name, subAttribute) {
        case (.core, "id", nil): self = .id(literal)
        case (.core, "userName", nil): self = .userName(folded: literal)
        case (.core, "externalId", nil): self = .externalID(literal)
        case (.core, "displayName", nil): self = .displayName(folded: literal)
        case (.core, "members", "value"): self = .memberValue(literal)
        case (.core, "emails", "value"): self = .emailValue(folded: literal)
        case (.enterprise, "employeeNumber", nil): self = .employeeNumber(folded: literal)
        case (.enterprise, "manager", "value"): self = .managerValue(folded: literal)
        default: return nil
        }
    }
}

/// What an index can do for the condition on one resource type.
struct IndexDemand {
    /// Every match fulfils each of these.
    private(set) var equalities: [IndexedEquality] = []
    /// The equality that the condition consists of.
    private(set) var exact: IndexedEquality?
    /// Nothing can match: an equality with what has no value.
    private(set) var isImpossible = false

    /// What the condition demands.
    init(_ node: ResolvedFilter.Node) {
        collect(node)
        if case .and = node { return }
        if case .someValue(_, _, .and) = node { return }
        exact = equalities.first
    }

    /// Walks down as far as every expression must hold.
    private mutating func collect(_ node: ResolvedFilter.Node) {
        switch node {
        case .and(let nodes): nodes.forEach { collect($0) }
        case .never: isImpossible = true
        case .test(.nothing, let test): isImpossible = isImpossible || !test.holds(for: nil)
        case .test(.attribute(let part, let name, let subAttribute), .text(.eq, let literal, _)):
            append(IndexedEquality(part, name, subAttribute, literal))
        case .someValue(let part, let name, let condition): collect(condition, in: part, name)
        case .or, .not, .test: break
        }
    }

    /// The same inside brackets.
    private mutating func collect(_ node: ResolvedFilter.Node, in part: SchemaSet.Part, _ name: AttributeName)
    {
        switch node {
        case .and(let nodes): nodes.forEach { collect($0, in: part, name) }
        case .test(.part(let subAttribute?), .text(.eq, let literal, _)):
            append(IndexedEquality(part, name, subAttribute, literal))
        default: break
        }
    }

    private mutating func append(_ equality: IndexedEquality?) {
        if let equality { equalities.append(equality) }
    }
}
