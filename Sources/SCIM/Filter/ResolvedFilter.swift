/// A filter whose names are looked up and whose literals are typed: what stores run (RFC 7644
/// §3.4.2.2).
///
/// A name that RFC 7643 knows and the attribute set does not hold has no value; in the learner set,
/// `emails`, `emails.value` and `emails[type eq "work"].value` mean `userName`, because there the
/// e-mail address is the user name.
package struct ResolvedFilter: Sendable {
    /// The filter as it was written.
    package let filter: Filter
    /// What a resource of each type must fulfil; a type that is not searched is missing.
    let conditions: [(type: ResourceType.Name, node: Node)]
    /// ``isExactly`` where it is known beforehand.
    private let exact: IndexedEquality?

    /// A filter that is resolved already.
    init(filter: Filter, conditions: [(type: ResourceType.Name, node: Node)], exact: IndexedEquality? = nil) {
        self.filter = filter
        self.conditions = conditions
        self.exact = exact
    }

    /// Looks up the names of a filter.
    ///
    /// - Parameters:
    ///   - filter: The filter as it was written.
    ///   - type: What is searched; nil for all types, where a name need be known to one of them only.
    ///   - set: What the connection may see.
    /// - Returns: The filter, ready to be run.
    /// - Throws: 400 `invalidFilter` for a name that no schema knows, for `password`, and for a
    ///   comparison that the attribute's type does not allow.
    package static func resolve(
        _ filter: Filter,
        type: ResourceType.Name?,
        set: AttributeSet
    ) throws(SCIMError) -> ResolvedFilter {
        let types = type.map { [$0] } ?? ResourceType.Name.allCases
        let searched = types.map { SchemaSet.of($0, set) }
        let conditions = try searched.map { (schemas) throws(SCIMError) in
            (schemas.type, try FilterResolver(schemas: schemas, searched: searched).resolve(filter.root))
        }
        return ResolvedFilter(filter: filter, conditions: conditions)
    }

    /// Whether a resource fulfils the filter.
    package func matches(_ view: ResourceView) -> Bool {
        conditions.contains { $0.type == view.type && $0.node.holds(in: .resource(view)) }
    }

    /// What every match fulfils and an index can find: equalities joined to the rest by `and`, at
    /// any depth.
    ///
    /// None means that every resource is a candidate. Any one of them suffices to find all
    /// candidates; ``matches(_:)`` decides on each. The one with the fewest comes first.
    package var equalities: [IndexedEquality] {
        let demands = demands
        let common = demands.first?.equalities.filter { equality in
            demands.allSatisfy { $0.equalities.contains(equality) }
        }
        // Swift's sort is stable: equalities of the same rank stay in the order in which the client wrote them.
        return common?.sorted { $0.candidates < $1.candidates } ?? []
    }

    /// The one equality that the whole filter consists of: what the index finds is the answer.
    package var isExactly: IndexedEquality? {
        if let exact { return exact }
        let demands = demands
        guard let exact = demands.first?.exact, demands.allSatisfy({ $0.exact == exact }) else {
            return nil
        }
        return exact
    }

    /// Which of a group's members ``matches(_:)`` must be shown.
    package var memberDemand: MemberDemand {
        conditions.reduce(.none) { $1.type == .group ? $0.joined(with: $1.node.memberDemand) : $0 }
    }

    /// Whether nothing can match, whatever is stored: `title eq "x"` where the set holds no `title`.
    package var isImpossible: Bool { demands.isEmpty }

    /// One for each resource type that can have matches.
    private var demands: [IndexDemand] {
        conditions.map { IndexDemand($0.node) }.filter { !$0.isImpossible }
    }
}

extension ResolvedFilter.Node {
    /// Which members decide whether the expression holds.
    ///
    /// Whether "one of them is x" holds does not depend on the others, so a test of a group of 100,000 for one member
    /// reads one row.
    fileprivate var memberDemand: MemberDemand {
        switch self {
        case .and(let nodes), .or(let nodes):
            return nodes.reduce(.none) { $0.joined(with: $1.memberDemand) }
        case .not(let node):
            return node.memberDemand
        case .test(.attribute(.core, let name, let part), let test) where name == "members":
            guard part == "value", case .text(.eq, let id, _) = test else { return .all }
            return .among([ResourceID(id)])
        case .someValue(.core, let name, let condition) where name == "members":
            return condition.memberCandidates.map { .among($0) } ?? .all
        case .test, .someValue, .never:
            return .none
        }
    }
}

extension ResolvedFilter {
    /// An expression over looked-up attributes.
    indirect enum Node: Sendable {
        case and([Node])
        case or([Node])
        case not(Node)
        /// A test of the values of an operand.
        case test(Operand, Test)
        /// One value of the attribute fulfils the condition, whose operands are parts of that value.
        case someValue(SchemaSet.Part, AttributeName, Node)
        /// Holds for no resource.
        case never
    }

    /// Whose values are tested.
    enum Operand: Sendable {
        /// An attribute of the resource, or a sub-attribute of it.
        case attribute(SchemaSet.Part, AttributeName, AttributeName?)
        /// Inside brackets: a part of the value at hand; nil is the value itself, when it has no parts.
        case part(AttributeName?)
        /// What has no value here: known to RFC 7643, and not held by the attribute set.
        case nothing
    }
}
