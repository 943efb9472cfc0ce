/// Which Microsoft cloud a tenant signs in to, and what that demands: a value, read by the steps
/// that must enforce it.
///
/// A class, because whatever belongs to a profile holds it, and a copy of its dozen texts costs as many counts of references.
/// The five are in `KnownProfiles.swift`. Facts: Microsoft, "National clouds", "Develop and plan
/// provisioning for a SCIM endpoint", and the service description of GCC High and DoD; the demands
/// beyond them are choices, made from NIST SP 800-52r2, SP 800-171 and RFC 9325.
package final class CloudProfile: Sendable {
    /// Which one.
    package let name: Name
    /// The admin portal for people: `https://entra.microsoft.us`.
    package let portal: String
    /// Where the cloud's users sign in: `https://login.microsoftonline.us`.
    package let loginAuthority: String
    /// Who may have signed a token of that cloud, `{tid}` standing for the customer's directory.
    package let issuers: [String]
    /// Where the keys of those issuers are, `{tid}` standing for the customer's directory.
    package let keySet: String
    /// The id of the template behind "Create your own application", which is also the audience of
    /// tokens that Entra issues for a test.
    ///
    /// Source: Microsoft Graph, `applicationTemplate: instantiate`.
    package let templateID: String
    /// What TLS must be like.
    package let tls: TLSDemands
    /// Whether the profile's cryptography must come from the FIPS provider, unless a file loosens
    /// that.
    package let fips: FIPSDemand
    /// How long a bearer token may be and live.
    package let tokens: TokenDemands
    /// Whether values of people may be in logs.
    package let personalValues: PersonalValues
    /// What is kept as evidence.
    package let audit: AuditDemands
    /// The number of Microsoft's download page with the cloud's source networks (service tag
    /// `AzureActiveDirectory`).
    package let networkListDownload: Int
    /// What that file calls the cloud.
    package let networkListCloud: String
    /// What the operator sees to and attests, as no program can.
    package let duties: [OperatorDuty]

    /// A profile of these demands.
    init(
        name: Name,
        portal: String,
        loginAuthority: String,
        issuers: [String],
        keySet: String,
        templateID: String,
        tls: TLSDemands,
        fips: FIPSDemand,
        tokens: TokenDemands,
        personalValues: PersonalValues,
        audit: AuditDemands,
        networkListDownload: Int,
        networkListCloud: String,
        duties: [OperatorDuty]
    ) {
        self.name = name
        self.portal = portal
        self.loginAuthority = loginAuthority
        self.issuers = issuers
        self.keySet = keySet
        self.templateID = templateID
        self.tls = tls
        self.fips = fips
        self.tokens = tokens
        self.personalValues = personalValues
        self.audit = audit
        self.networkListDownload = networkListDownload
        self.networkListCloud = networkListCloud
        self.duties = duties
    }

    /// The name of a profile, as files and logs write it.
    package enum Name: String, Sendable, CaseIterable {
        /// The worldwide cloud.
        case commercial
        /// Government Community Cloud: worldwide endpoints, data in the United States.
        case gcc
        /// GCC High: Azure Government, for contractors with controlled information.
        case gccHigh = "gcc-high"
        /// The Department of Defense's own environment.
        case dod
        /// Operated by 21Vianet.
        case china
    }

    /// Whether the FIPS provider must be there.
    package enum FIPSDemand: String, Sendable, CaseIterable {
        /// The profile does not start without it.
        case required
        /// Used when it is there.
        case preferred
        /// Not asked for.
        case off
    }

    /// Whether values of people may leave the store for a log.
    package enum PersonalValues: String, Sendable, CaseIterable {
        /// As a keyed hash, so that lines about one person can be told apart.
        case hashed
        /// Never, in no form: not in logs, headers or metric labels.
        case never
    }

    /// The profile of that name.
    package static func named(_ name: Name) -> CloudProfile {
        switch name {
        case .commercial: .commercial
        case .gcc: .gcc
        case .gccHigh: .gccHigh
        case .dod: .dod
        case .china: .china
        }
    }
}

/// How long a bearer token may be and live.
package struct TokenDemands: Sendable, Equatable {
    /// Characters, at most.
    ///
    /// Azure Government keeps an application's secret together with other settings in 1 KB.
    package let maximumLength: Int
    /// Days from making to ending, at most.
    package let maximumAgeDays: Int
    /// Whether a token without an end is refused.
    package let mustEnd: Bool
    /// Days that an old token stays valid beside its successor, at most.
    package let rotationOverlapDays: Int
}

/// What is kept as evidence, and how.
package struct AuditDemands: Sendable, Equatable {
    /// Days that entries can be searched, at least.
    package let searchableDays: Int
    /// Days that entries can be fetched from somewhere, at least.
    package let retrievableDays: Int
    /// Whether each entry carries the hash of the one before.
    package let isChained: Bool
    /// Whether writes are refused when the trail cannot be written (SP 800-171 3.3.4).
    package let writesNeedTrail: Bool
}
