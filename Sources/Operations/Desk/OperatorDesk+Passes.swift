import CloudProfiles
import Gateway
import SCIM
import Store
import Tenancy

// MARK: - Orders about passes

extension OperatorDesk {
    /// Makes a token with which a connection is tried, for some minutes.
    ///
    /// - Throws: a problem when there is no such connection, or when too many try the profile's at the same time.
    package func makePass(_ order: AdminMessages.MakePass) async throws(AdminMessages.Problem)
        -> AdminMessages.MadePass
    {
        let (runtime, tenant) = try core.tenant(named: order.tenant)
        let connection = try Self.connection(order.connection, of: tenant)
        guard (1...ProbePass.longestLife).contains(order.lifeSeconds) else {
            throw .invalid("a pass lives 1 to \(ProbePass.longestLife) seconds")
        }
        let (token, pass) = ProbePass.made(
            for: connection.id,
            of: tenant.id,
            by: actor,
            in: runtime.library,
            now: runtime.now(),
            seconds: order.lifeSeconds
        )
        guard core.add(pass, of: runtime.profile.name) else {
            throw .conflict(
                "\(ProbePass.mostLive) probes of this profile run already; wait until one of them is done"
            )
        }
        try await refresh()
        return AdminMessages.MadePass(
            token: token.text,
            passID: token.id.text,
            profile: runtime.profile.name.rawValue,
            tenantStatus: tenant.status.rawValue,
            tenantURL: core.publicURL(of: runtime.profile.name).map { $0 + "/scim/v2" },
            sources: [tenant.allowFrom, connection.allowFrom].filter { $0 != .any }.map(\.description)
        )
    }

    /// Ends a pass at once.
    ///
    /// - Throws: a problem when there is none of that id: it may have ended by itself.
    package func endPass(_ id: String) async throws(AdminMessages.Problem) {
        guard core.removePass(id) else { throw .notFound("no pass has the id '\(id)'") }
        try await refresh()
    }
}
