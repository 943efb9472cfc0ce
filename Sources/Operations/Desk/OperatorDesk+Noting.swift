import Gateway
import SCIM
import Store
import Tenancy

extension OperatorDesk {
    /// Leaves an entry of what was done in the tenant's activity: stored within a second, or at the end of a command that
    /// works on the files itself.
    ///
    /// - Parameters:
    ///   - kind: What was done.
    ///   - tenant: To whose connection.
    ///   - connection: To which of them.
    ///   - token: To which of its tokens.
    ///   - explanation: What follows, for a person.
    ///   - runtime: The profile that serves the tenant.
    func note(
        _ kind: ActivityKind,
        of tenant: Tenant.ID,
        _ connection: Connection.ID,
        token: AccessToken.ID? = nil,
        explaining explanation: String? = nil,
        in runtime: ProfileRuntime
    ) {
        var origin = ActivityOrigin(actor: "operator:\(actor)")
        origin.connection = connection
        origin.tokenID = token
        var entry = ActivityEntry(kind, at: runtime.now(), by: origin)
        entry.explanation = explanation
        runtime.activity.add(entry, of: tenant)
    }

    /// Leaves an entry of what was done to a store: in the activity of its tenant, or aside where that cannot be.
    ///
    /// A store with faults is not written to, and one whose tenant's file is gone is not opened for it. `aside` is what an
    /// operator is to know and the tenant need not.
    ///
    /// - Throws: when the control database does not take it.
    func noteStore(
        _ kind: ActivityKind,
        _ outcome: ActivityOutcome = .ok,
        of tenant: Tenant.ID?,
        aside explanation: String?,
        in runtime: ProfileRuntime
    ) async throws(StoreError) {
        guard let tenant, outcome == .ok, runtime.directory.tenant(tenant) != nil else {
            return try await noteAside(kind, outcome, of: tenant, explaining: explanation, in: runtime)
        }
        runtime.activity.add(ActivityEntry(kind, at: runtime.now(), by: origin), of: tenant)
    }

    /// Leaves an entry in the control database.
    ///
    /// - Throws: when the database does not take it.
    func noteAside(
        _ kind: ActivityKind,
        _ outcome: ActivityOutcome = .ok,
        of tenant: Tenant.ID?,
        explaining explanation: String?,
        in runtime: ProfileRuntime
    ) async throws(StoreError) {
        try await runtime.control.record(
            OperatorEntry(
                kind,
                outcome,
                at: runtime.now(),
                by: origin.actor,
                of: tenant,
                explaining: explanation
            )
        )
    }

    /// Leaves an entry of a token that was made beside the others.
    func noteNew(_ token: TokenRecord, in runtime: ProfileRuntime) {
        note(
            .tokenCreated,
            of: token.tenant,
            token.connection,
            token: token.id,
            explaining: token.expires.map { "It ends at \($0.rfc3339)." },
            in: runtime
        )
    }
}
