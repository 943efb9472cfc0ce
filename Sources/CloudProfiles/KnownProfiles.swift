extension CloudProfile {
    /// The worldwide cloud.
    package static let commercial = CloudProfile(
        name: .commercial,
        portal: "https://entra.microsoft.com",
        loginAuthority: Authority.global,
        issuers: issuers(v1: "https://sts.windows.net", v2: Authority.global),
        keySet: keySet(Authority.global),
        templateID: Template.global,
        tls: .commercial,
        fips: .off,
        tokens: TokenDemands(
            maximumLength: 256,
            maximumAgeDays: 1095,
            mustEnd: false,
            rotationOverlapDays: 14
        ),
        personalValues: .hashed,
        audit: AuditDemands(
            searchableDays: 90,
            retrievableDays: 365,
            isChained: false,
            writesNeedTrail: false
        ),
        networkListDownload: 56519,
        networkListCloud: "Public",
        duties: []
    )

    /// GCC: the worldwide endpoints; the customer is a public body in the United States.
    package static let gcc = CloudProfile(
        name: .gcc,
        portal: "https://entra.microsoft.com",
        loginAuthority: Authority.global,
        issuers: issuers(v1: "https://sts.windows.net", v2: Authority.global),
        keySet: keySet(Authority.global),
        templateID: Template.global,
        tls: .approvedAlgorithms,
        fips: .off,
        tokens: TokenDemands(
            maximumLength: 256,
            maximumAgeDays: 365,
            mustEnd: false,
            rotationOverlapDays: 14
        ),
        personalValues: .hashed,
        audit: AuditDemands(
            searchableDays: 365,
            retrievableDays: 365,
            isChained: true,
            writesNeedTrail: false
        ),
        networkListDownload: 56519,
        networkListCloud: "Public",
        duties: [.encryptionAtRest, .location("the United States")]
    )

    /// GCC High: Azure Government at impact level 4.
    package static let gccHigh = CloudProfile(
        name: .gccHigh,
        portal: "https://entra.microsoft.us",
        loginAuthority: Authority.government,
        issuers: issuers(v1: "https://sts.windows.net", v2: Authority.government),
        keySet: keySet(Authority.government),
        templateID: Template.government,
        tls: .governmentHigh,
        fips: .required,
        tokens: TokenDemands(maximumLength: 128, maximumAgeDays: 365, mustEnd: true, rotationOverlapDays: 14),
        personalValues: .never,
        audit: AuditDemands(
            searchableDays: 365,
            retrievableDays: 913,
            isChained: true,
            writesNeedTrail: true
        ),
        networkListDownload: 57063,
        networkListCloud: "AzureGovernment",
        duties: governmentDuties
    )

    /// DoD: Azure Government at impact level 5.
    package static let dod = CloudProfile(
        name: .dod,
        portal: "https://portal.azure.us",
        loginAuthority: Authority.government,
        issuers: issuers(v1: "https://sts.windows.net", v2: Authority.government),
        keySet: keySet(Authority.government),
        templateID: Template.government,
        tls: .defense,
        fips: .required,
        tokens: TokenDemands(maximumLength: 128, maximumAgeDays: 180, mustEnd: true, rotationOverlapDays: 14),
        personalValues: .never,
        audit: AuditDemands(
            searchableDays: 365,
            retrievableDays: 913,
            isChained: true,
            writesNeedTrail: true
        ),
        networkListDownload: 57063,
        networkListCloud: "AzureGovernment",
        duties: governmentDuties
    )

    /// China, operated by 21Vianet.
    package static let china = CloudProfile(
        name: .china,
        portal: "https://portal.azure.cn",
        loginAuthority: Authority.china,
        issuers: issuers(v1: "https://sts.chinacloudapi.cn", v2: Authority.china),
        keySet: keySet(Authority.china),
        templateID: Template.china,
        tls: .approvedAlgorithms,
        fips: .off,
        tokens: TokenDemands(
            maximumLength: 128,
            maximumAgeDays: 365,
            mustEnd: false,
            rotationOverlapDays: 14
        ),
        personalValues: .hashed,
        audit: AuditDemands(
            searchableDays: 180,
            retrievableDays: 365,
            isChained: true,
            writesNeedTrail: false
        ),
        networkListDownload: 57062,
        networkListCloud: "China",
        duties: [.encryptionAtRest, .location("mainland China")]
    )

    private static let governmentDuties: [OperatorDuty] = [
        .validatedModule, .encryptionAtRest, .location("the United States, reached by US persons only"),
        .clock,
        .sourceNetworks,
    ]

    private enum Authority {
        static let global = "https://login.microsoftonline.com"
        static let government = "https://login.microsoftonline.us"
        static let china = "https://login.partner.microsoftonline.cn"
    }

    /// Microsoft documents one template per cloud for Azure Government and one for China; that DoD
    /// uses the former is inferred, as both share endpoints.
    private enum Template {
        static let global = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
        static let government = "4602d0b4-76bb-404b-bca9-2652e1a39c6d"
        static let china = "5a532e38-1581-4918-9658-008dc27c1d68"
    }

    private static func issuers(v1: String, v2: String) -> [String] {
        ["\(v1)/{tid}/", "\(v2)/{tid}/v2.0"]
    }

    private static func keySet(_ authority: String) -> String {
        "\(authority)/{tid}/discovery/v2.0/keys"
    }
}
