/// What happened, as a word of the activity log: a closed set.
///
/// The words are stored: one may be added, none may be renamed.
package enum ActivityKind: String, Sendable, CaseIterable {
    /// A connection test: a search for a user who cannot exist, answered with nobody.
    case probe
    /// The discovery documents were read (RFC 7644 §4).
    case discovery
    /// A user was read by its id.
    case userRead = "user.read"
    /// Users were searched or listed.
    case userSearched = "user.searched"
    /// A group was read by its id.
    case groupRead = "group.read"
    /// Groups were searched or listed.
    case groupSearched = "group.searched"

    /// A new user.
    case userCreated = "user.created"
    /// A user that nobody managed now belongs to the connection.
    case userAssociated = "user.associated"
    /// Attributes of a user changed.
    case userUpdated = "user.updated"
    /// `active` became false, other attributes maybe too.
    case userDeactivated = "user.deactivated"
    /// `active` became true again, other attributes maybe too.
    case userReactivated = "user.reactivated"
    /// A user was deleted; its record is kept for the tenant's retention.
    case userDeleted = "user.deleted"
    /// A write that found the user as it was to be: nothing was stored.
    case userUnchanged = "user.unchanged"

    /// A user went to another target group, by an operator's order.
    case userMoved = "user.moved"
    /// A deleted user came back.
    case userRestored = "user.restored"
    /// A user, or the record of a deleted one, went for good.
    case userPurged = "user.purged"
    /// Users were written into a file.
    case usersExported = "users.exported"

    /// A new group.
    case groupCreated = "group.created"
    /// A group's attributes or members changed.
    case groupUpdated = "group.updated"
    /// A group was deleted.
    case groupDeleted = "group.deleted"
    /// A write that found the group as it was to be.
    case groupUnchanged = "group.unchanged"

    /// A deleted group came back.
    case groupRestored = "group.restored"
    /// A group, or the record of a deleted one, went for good.
    case groupPurged = "group.purged"

    /// All that the tenant has was written into a file.
    case tenantExported = "tenant.exported"
    /// The tenant's store was filled from such a file.
    case tenantImported = "tenant.imported"
    /// The store of a tenant whose file is gone went for good, with its connections and tokens.
    case tenantPurged = "tenant.purged"
    /// A store was looked through for what is not as it must be.
    case storeChecked = "store.checked"
    /// A store was copied while it was in use.
    case storeBackedUp = "store.backed_up"

    /// A request with a good token that was refused, or that failed.
    case requestRefused = "request.refused"
    /// A write to a group that the connection may not make: the Groups mapping of its directory is on.
    case groupRefused = "group.refused"
    /// A request with a token of the tenant that opens nothing.
    case tokenRefused = "token.refused"

    /// A token was made beside the others.
    case tokenCreated = "token.created"
    /// A token was made that steps in place of another.
    case tokenRotated = "token.rotated"
    /// A token was revoked, at once or for a later moment.
    case tokenRevoked = "token.revoked"
    /// A token ended: its time was up, or the one in its place had been used long enough.
    case tokenExpired = "token.expired"
    /// A token was used for the first time.
    case tokenFirstUsed = "token.first_used"
    /// A connection was made by command.
    case connectionCreated = "connection.created"
    /// A connection was removed by command; its tokens ended with it.
    case connectionRemoved = "connection.removed"
    /// The tenant's file was taken up, new or changed.
    case configurationApplied = "config.applied"
    /// The tenant's file was refused; what was in force stays so.
    case configurationRefused = "config.refused"

    /// Whether requests of that kind are counted per minute instead of kept one by one.
    package var isCounted: Bool {
        switch self {
        case .discovery, .userRead, .userSearched, .groupRead, .groupSearched: true
        default: false
        }
    }
}

/// How what happened ended.
package enum ActivityOutcome: Int, Sendable, CaseIterable {
    /// Done.
    case ok = 1
    /// Refused, and the client can do something about it.
    case refused = 2
    /// The gateway could not serve.
    case failed = 3
    /// Asked to come again later, because the tenant sends more than its ceiling.
    case throttled = 4

    /// The word that operators read.
    package var word: String {
        switch self {
        case .ok: "ok"
        case .refused: "refused"
        case .failed: "failed"
        case .throttled: "throttled"
        }
    }

    /// Whether an operator who looks for problems wants to see it.
    package var isProblem: Bool { self != .ok }
}
