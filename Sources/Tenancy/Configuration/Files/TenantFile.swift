package import CloudProfiles
package import Configuration
package import SCIM

/// One tenant's file, checked by itself: what it says, before the control database and the other
/// files are looked at.
package struct TenantFile: Sendable {
    /// The tenant, which is also the file's name.
    package let tenant: Tenant.ID
    /// The customer's name.
    package let displayName: String
    /// The cloud profile, and where the file says so.
    package let profile: Placed<CloudProfile.Name>
    /// Whether requests are served.
    package let status: Tenant.Status
    /// What happens when two connections write one learner.
    package let overlap: Tenant.Overlap
    /// The target groups.
    package let groups: [TargetGroup]
    /// The connections that the file declares.
    package let connections: [Placed<Connection>]
    /// The tokens that the file declares.
    package let tokens: [Placed<TokenRecord>]
    /// How long the record of a deleted learner is kept.
    package let deletedRetention: Duration
    /// What the file says of the tenant's limits.
    package let limits: Limits
    /// The values that are not in the file itself, to see whether they have changed.
    let outsideValues: [String]
    /// From which addresses the tenant's connections may be used.
    package let allowFrom: AllowedSources
    /// Where the file first names Entra's networks; nil when it does not.
    package let entraPlace: FilePlace?

    /// Limits as far as the file sets them.
    package struct Limits: Sendable, Equatable {
        /// As ``TenantLimits/requestsPerSecond``.
        package var requestsPerSecond: Int?
        /// As ``TenantLimits/burst``.
        package var burst: Int?
        /// As ``TenantLimits/queueTime``.
        package var queueTime: Duration?
    }

    /// The tenant with the connections that commands made for it.
    package func tenant(adding made: [Connection], limits defaults: TenantLimits) -> Tenant {
        Tenant(
            id: tenant,
            displayName: displayName,
            profile: profile.value,
            status: status,
            overlap: overlap,
            groups: groups,
            connections: connections.map(\.value) + made,
            deletedRetention: deletedRetention,
            limits: TenantLimits(
                requestsPerSecond: limits.requestsPerSecond ?? defaults.requestsPerSecond,
                burst: limits.burst ?? defaults.burst,
                queueTime: limits.queueTime ?? defaults.queueTime
            ),
            allowFrom: allowFrom
        )
    }
}

extension CloudProfile {
    /// Why a token of this profile may not end then; nil when it may.
    ///
    /// An end of nil is never.
    package func problem(withTokenEnding expires: Timestamp?, now: Timestamp) -> String? {
        guard let expires else {
            return tokens.mustEnd ? "a token of \(name.rawValue) must end" : nil
        }
        let latest = now.milliseconds + Int64(tokens.maximumAgeDays) * 86_400_000
        guard expires.milliseconds > latest else { return nil }
        return "a token of \(name.rawValue) ends after \(tokens.maximumAgeDays) days at most"
    }
}
