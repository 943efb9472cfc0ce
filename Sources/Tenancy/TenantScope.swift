package import CloudProfiles

/// Proof of admission: which tenant, through which connection, under which profile.
///
/// Only ``Admission`` and ``OperatorAccess`` can make one, and without one no store opens. A class, because it goes
/// with the request through every step: as a struct its copies cost a twentieth of a GET.
package final class TenantScope: Sendable {
    /// The tenant.
    package let tenant: Tenant
    /// The connection, or nil for an operator's own work on the tenant.
    package let connection: Connection?
    /// The profile whose listener the request came through.
    package let profile: CloudProfile
    /// The public id of the token that was shown; nil for an operator.
    package let tokenID: AccessToken.ID?
    /// Where the token's uses are noted; nil for an operator.
    package let tokenUse: TokenUse?
    /// Where the tenant's requests are counted; nil for an operator, and for whoever tries a connection with a pass.
    package let tally: TenantTally?
    /// Who works on the tenant as its operator, or tries a connection with a pass; nil for a client.
    package let operatorName: String?

    /// `internal` on purpose: see the type.
    init(
        tenant: Tenant,
        connection: Connection?,
        profile: CloudProfile,
        tokenID: AccessToken.ID?,
        tokenUse: TokenUse? = nil,
        tally: TenantTally? = nil,
        operatorName: String? = nil
    ) {
        self.tenant = tenant
        self.connection = connection
        self.profile = profile
        self.tokenID = tokenID
        self.tokenUse = tokenUse
        self.tally = tally
        self.operatorName = operatorName
    }

    /// The group that new learners join.
    package var targetGroup: TargetGroup? {
        guard let id = connection?.group else { return nil }
        return tenant.groups.first { $0.id == id }
    }
}
