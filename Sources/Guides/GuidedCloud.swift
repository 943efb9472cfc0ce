import CloudProfiles

/// What is different for people in each of Microsoft's clouds.
struct GuidedCloud {
    private let name: CloudProfile.Name

    /// The cloud of a profile.
    init(_ profile: CloudProfile) {
        name = profile.name
    }

    /// Which cloud it is, so that nobody looks for the application in another.
    var introduction: String {
        switch name {
        case .commercial: "Your organisation signs in to the commercial cloud."
        case .gcc:
            "GCC lives in the commercial cloud: it has the commercial portal, which is not that of GCC High."
        case .gccHigh:
            "GCC High has a portal of its own, under `.us`: the commercial one does not know your users."
        case .dod:
            "The DoD cloud has a portal of its own, under `.us`: the commercial one does not know your users."
        case .china:
            "The cloud in China, run by 21Vianet, has a portal of its own: the global one does not know your users."
        }
    }

    /// From the portal's first page to the list of applications.
    var wayToApplications: String {
        switch name {
        case .commercial, .gcc, .gccHigh: "**Entra ID** › **Enterprise apps**"
        case .dod, .china: "**Microsoft Entra ID** › **Enterprise applications**"
        }
    }

    /// What to mind here and nowhere else.
    ///
    /// Source: Microsoft's known issues for provisioning, and entra.md §3.1.
    var notes: [String] {
        switch name {
        case .commercial, .gcc: []
        case .gccHigh, .dod:
            [
                "The gallery of this cloud is small, and does not hold this gateway: the application that is not in the "
                    + "gallery is the way, not a makeshift.",
                "The secret token, the notification e-mail addresses and those for certificates of single sign-on share 1 KB "
                    + "in this cloud. Keep the addresses few and short.",
                "Do not test with Microsoft's public SCIM validator: it is in the commercial cloud, where no data of yours "
                    + "belongs.",
                "Names of applications and of connections are metadata that may leave the boundary: no personal and no "
                    + "controlled information belongs in them.",
            ]
        case .china:
            [
                "The gallery of this cloud is small, and does not hold this gateway: the application that is not in the "
                    + "gallery is the way, not a makeshift."
            ]
        }
    }
}
