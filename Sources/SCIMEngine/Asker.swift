package import SCIM
package import Store
package import Tenancy

/// For whom the engine works: the parts of a ``TenantScope`` that decide what an operation may do.
package struct Asker: Sendable {
    /// The connection that asks.
    package let connection: Connection.ID?
    /// What it may store and see.
    package let attributeSet: AttributeSet
    /// The group that its new learners join.
    package let targetGroup: TargetGroup.ID?
    /// What happens when it writes another connection's learner.
    package let overlap: Tenant.Overlap

    /// What derived locations begin with: `https://host/scim/v2`.
    ///
    /// Filters on `meta.location` and `$ref` compare with it.
    package let locationPrefix: String
    /// Who its writes leave in the activity log; nil leaves nobody.
    package var origin: ActivityOrigin?
    /// What the client named that is not stored, as far as reading the request told: for that log.
    package var notes: [Note] = []
    /// The answer that waits for a write: for that log.
    package var answer: AwaitedAnswer?
    /// Told what a write was, once it is stored.
    package var stored: (@Sendable (ActivityKind) -> Void)?

    /// The asker that a scope stands for, at the address it asks.
    package init(_ scope: TenantScope, locationPrefix: String, origin: ActivityOrigin? = nil) {
        self.locationPrefix = locationPrefix
        self.origin = origin
        self.connection = scope.connection?.id
        self.attributeSet = scope.connection?.attributes ?? .full
        self.targetGroup = scope.connection?.group
        self.overlap = scope.tenant.overlap
    }

    /// The asker as a store sees it.
    package var viewer: Viewer { Viewer(connection: connection, attributeSet: attributeSet) }

    /// Refuses writes to groups where the connection provisions users only.
    ///
    /// - Throws: 403, as ``EngineError/refused(_:)``.
    package func requireWrites(to type: ResourceType.Name) throws(EngineError) {
        guard type == .group else { return }
        switch attributeSet {
        case .learner: throw EngineError.refused(.groupsAreReadOnly)
        case .full: break
        }
    }

    /// Refuses a write to a resource that is not in the state, or not in the hands, that the client expects.
    func requireMayWrite(_ current: Change.Current, _ preconditions: Preconditions) throws(SCIMError) {
        guard preconditions.allowWrite(to: current.resource.version) else { throw SCIMError.versionIsOld }
        guard overlap == .ownerOnly, let owner = current.owner, owner != connection else { return }
        throw SCIMError.ownedBy(owner, current.resource.type)
    }
}
