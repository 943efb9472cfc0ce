package import Store

/// What clients did to users, as the monitoring tells it: a closed set, each with its place in ``Tenancy/TenantTally`` behind
/// the kinds of requests.
package enum UserChange: Int, CaseIterable {
    /// A new user.
    case created
    /// A user that nobody managed now belongs to a connection.
    case associated
    /// Attributes changed.
    case updated
    /// `active` became false, other attributes maybe too.
    case deactivated
    /// `active` became true again, other attributes maybe too.
    case reactivated
    /// The user is gone; its record is kept.
    case deleted

    /// What a write was, by what its entry in the activity is called; nil for one that changed no user.
    package init?(_ kind: ActivityKind) {
        switch kind {
        case .userCreated: self = .created
        case .userAssociated: self = .associated
        case .userUpdated: self = .updated
        case .userDeactivated: self = .deactivated
        case .userReactivated: self = .reactivated
        case .userDeleted: self = .deleted
        default: return nil
        }
    }

    /// Its place in a tenant's tally.
    package var place: Int { RequestShape.kinds + rawValue }
}
