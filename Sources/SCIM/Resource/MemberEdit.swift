/// One step of a write to a group's members (RFC 7643 §4.2, RFC 7644 §3.5.2).
///
/// A group's members are no part of its document: a store keeps a row for each. So a write does not edit a list, it
/// says what is to come and go, and costs as much as it says, however large the group is.
package enum MemberEdit: Sendable, Equatable {
    /// These are members afterwards.
    case add([ResourceID])
    /// These are not.
    case remove([ResourceID])
    /// These and no others are members afterwards; an empty list leaves nobody.
    case replaceAll([ResourceID])
    /// Whoever the brackets of the path choose is no member afterwards.
    case removeChosen(MemberChoice)
    /// Whoever the brackets choose makes room for these.
    ///
    /// When they choose nobody it is `noTarget`, unless the client's dialect has the members made.
    case replaceChosen(MemberChoice, [ResourceID], makingMissing: Bool)
}

/// The brackets of a path into `members`: `members[value eq "2819c223"]`.
package struct MemberChoice: Sendable, Equatable {
    /// The ids of all who can be chosen; nil when any member can.
    ///
    /// With them a store looks at these members alone.
    package let candidates: [ResourceID]?
    private let condition: ResolvedFilter.Node
    private let filter: Filter.Node

    /// A choice by that condition, and by the filter that it was made from.
    init(_ condition: ResolvedFilter.Node, filter: Filter.Node) {
        self.condition = condition
        self.filter = filter
        self.candidates = condition.memberCandidates
    }

    /// Whether the member is chosen.
    ///
    /// `$ref` has no value here: a member is known by its id, and where that is depends on who asks.
    package func isMet(by member: MemberReference) -> Bool {
        condition.holds(in: .value(.complex(member.parts)))
    }

    /// Made from the same filter.
    package static func == (left: MemberChoice, right: MemberChoice) -> Bool {
        left.filter == right.filter
    }
}

extension MemberReference {
    /// The member's parts without `$ref`, whose address only an answer knows.
    var parts: ComplexValue {
        var parts = ComplexValue()
        parts["value"] = .simple(.string(id.text))
        parts["display"] = .simple(.string(display))
        parts["type"] = .simple(.string(type.rawValue))
        return parts
    }
}

extension ResolvedFilter.Node {
    /// The ids of all members for whom the condition in brackets can hold; nil when there is no telling.
    var memberCandidates: [ResourceID]? {
        switch self {
        case .test(.part(let name?), .text(.eq, let id, _)) where name == "value":
            return [ResourceID(id)]
        case .and(let nodes):
            return nodes.compactMap(\.memberCandidates).min { $0.count < $1.count }
        case .or(let nodes):
            var all: [ResourceID] = []
            for node in nodes {
                guard let candidates = node.memberCandidates else { return nil }
                all += candidates
            }
            return all
        case .never: return []
        case .not, .test, .someValue: return nil
        }
    }
}

extension SCIMError {
    /// 400: a member is to be added whom the tenant does not have.
    package static let noSuchMember = SCIMError.badRequest(
        .invalidValue,
        "One of the members is no user or group of this tenant. Create it first, then add it to the group by the id "
            + "that the answer gives."
    )

    /// 400: the brackets of a `replace` choose no member.
    package static let noMemberChosen = SCIMError.badRequest(
        .noTarget,
        "No member fulfils the brackets of the path, so none can be replaced. Send op add."
    )
}
