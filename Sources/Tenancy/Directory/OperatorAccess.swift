package import CloudProfiles

/// The way to a tenant's store without a token: for the admin socket and offline commands.
///
/// Their caller has proved to be root or the gateway's own user; who that was goes with the scope,
/// and from there into what the store records.
package enum OperatorAccess {
    /// A scope without a connection: it sees all of the tenant, and writes as nobody's client.
    ///
    /// The name says who works on the tenant, for the records: `uid 0 (root)`.
    package static func scope(tenant: Tenant, profile: CloudProfile, operator name: String) -> TenantScope {
        TenantScope(tenant: tenant, connection: nil, profile: profile, tokenID: nil, operatorName: name)
    }
}
