package import SCIM

/// A store as it was at one moment, read page by page by one reader at a time.
package protocol StoreSnapshot: Sendable {
    /// The resources that are asked for, oldest first.
    ///
    /// - Throws: `.unavailable` after ``close()``, or while another page is being read.
    func roster(_ query: RosterQuery) async throws(StoreError) -> RosterPage
    /// Who is in which group by itself, in the order of the groups and then of the members.
    ///
    /// - Throws: as ``roster(_:)``.
    func memberships(after place: MembershipPlace, count: Int) async throws(StoreError) -> MembershipPage
    /// Lets go of the moment.
    func close() async
}

/// That a resource is a member of a group.
package struct Membership: Sendable, Equatable {
    /// The group's id.
    package let group: ResourceID
    /// The member's id.
    package let member: ResourceID

    /// A membership.
    package init(group: ResourceID, member: ResourceID) {
        self.group = group
        self.member = member
    }
}

/// How far a reader of memberships has come.
package struct MembershipPlace: Sendable, Equatable {
    /// The row of the last group.
    package let group: Int64
    /// The row of its last member.
    package let member: Int64

    /// A place.
    package init(group: Int64, member: Int64) {
        self.group = group
        self.member = member
    }

    /// Before everything.
    package static let start = MembershipPlace(group: 0, member: 0)
}

/// Some memberships, and where the next ones begin.
package struct MembershipPage: Sendable, Equatable {
    /// The memberships.
    package let memberships: [Membership]
    /// Where the next page begins; nil when this is the last.
    package let next: MembershipPlace?

    /// A page.
    package init(memberships: [Membership], next: MembershipPlace?) {
        self.memberships = memberships
        self.next = next
    }
}
