import SCIM
import Store

/// An operation of a bulk request that stored nothing: it leaves in the activity what a request of its own leaves there.
struct IdleOperation {
    /// User or Group.
    let type: ResourceType.Name
    /// On which resource; nil when it was to be made, or is not known.
    let id: ResourceID?
    /// Why it was refused; nil when it found all as it was to be.
    let refusal: Refusal?

    /// What it is called when it was not refused.
    var unchangedKind: ActivityKind { type == .user ? .userUnchanged : .groupUnchanged }

    /// The resource, for an entry.
    var subject: ActivityEntry.Subject? { id.map { .init(type, $0) } }
}
