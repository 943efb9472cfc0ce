/// Who is in a group: `{"value": id, "$ref": …, "display": …, "type": "User"}` (RFC 7643 §4.2).
///
/// A store keeps the id; the rest is derived from the member itself, so it is never out of date.
package struct MemberReference: Sendable, Equatable {
    /// The member's id.
    package let id: ResourceID
    /// A person, or a group within the group.
    package let type: ResourceType.Name
    /// A user's given and family name, else its user name; a group's `displayName`.
    package let display: String

    /// One member.
    package init(id: ResourceID, type: ResourceType.Name, display: String) {
        self.id = id
        self.type = type
        self.display = display
    }

    /// Same member, same bytes shown.
    package static func == (left: MemberReference, right: MemberReference) -> Bool {
        left.id == right.id && left.type == right.type && TextOrder.isSameBytes(left.display, right.display)
    }
}

/// Which members of a group come along with it: each costs a store a row.
package enum MemberDemand: Sendable, Equatable {
    /// None: the answer does not show them.
    case none
    /// All of them.
    case all
    /// Those of these ids that are members: what a filter on `members.value` asks about.
    case among([ResourceID])
    /// All, or none at all when there are more than that.
    case upTo(Int)

    /// What two parts of a query demand together.
    package func joined(with other: MemberDemand) -> MemberDemand {
        switch (self, other) {
        case (.none, let demand), (let demand, .none): demand
        case (.among(let left), .among(let right)): .among(left + right)
        default: .all
        }
    }
}

/// How many members of groups one answer shows.
package enum MemberLimits {
    /// Members of a group that the answer to a PATCH shows.
    ///
    /// A larger group is answered 204, as RFC 7644 §3.5.2 allows: whoever adds one member does not want
    /// megabytes back.
    package static let patchAnswer = 1_000
    /// Members of all groups of one page.
    ///
    /// The page ends with the group that reaches it, so one page is at most that, and one group, long: about
    /// 20 MB. RFC 7644 §3.4.2.4 lets a page hold fewer resources than were asked for.
    package static let page = 100_000
}
