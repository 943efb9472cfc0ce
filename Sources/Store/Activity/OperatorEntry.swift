package import SCIM
package import Tenancy

/// What an operator did where no tenant's activity can tell it: the tenant's store is gone, is damaged, or is not served.
///
/// Kept in the control database of the tenant's profile.
package struct OperatorEntry: Sendable, Equatable {
    /// When.
    package let time: Timestamp
    /// What.
    package let kind: ActivityKind
    /// How it ended.
    package let outcome: ActivityOutcome
    /// Who: `operator:uid:0`.
    package let actor: String
    /// To which tenant; nil for the control database itself.
    package let tenant: Tenant.ID?
    /// What follows, for a person.
    package let explanation: String?
    /// The number of a stored entry: they count up by one.
    package var number: Int64?

    /// Entries that a control database keeps: years of daily checks, and some megabytes.
    package static let kept: Int64 = 10_000

    /// An entry that is not stored yet.
    package init(
        _ kind: ActivityKind,
        _ outcome: ActivityOutcome = .ok,
        at time: Timestamp,
        by actor: String,
        of tenant: Tenant.ID?,
        explaining explanation: String?
    ) {
        self.time = time
        self.kind = kind
        self.outcome = outcome
        self.actor = actor
        self.tenant = tenant
        self.explanation = explanation
    }
}
