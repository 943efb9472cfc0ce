package import CloudProfiles
import Tenancy

/// How a tenant's administrators connect Microsoft Entra ID, with the values of one connection filled in.
///
/// Never holds a token: the guide is printed, mailed and kept.
package struct EntraGuide: Sendable {
    /// Which of Microsoft's clouds the tenant signs in to.
    private let profile: CloudProfile
    private let tenant: String
    private let connection: String
    private let group: String?
    private let tenantURL: String
    private let storesAll: Bool

    /// A guide for a connection.
    ///
    /// Takes the tenant's name for people, TENANT/CONNECTION, and the group's name for people; `storesAll` tells that the
    /// connection has the full attribute set.
    package init(
        profile: CloudProfile,
        tenant: String,
        connection: String,
        group: String?,
        tenantURL: String,
        storesAll: Bool
    ) {
        self.profile = profile
        self.tenant = tenant
        self.connection = connection
        self.group = group
        self.tenantURL = tenantURL
        self.storesAll = storesAll
    }

    /// The guide's parts, in order.
    package var document: GuideDocument {
        GuideDocument(
            title: "Connect Microsoft Entra ID: \(tenant)\(group.map { ", \($0)" } ?? "")",
            parts: opening + application + credentials + mapping + people + start + safety
        )
    }
}

// MARK: - What to have at hand

extension EntraGuide {
    private var opening: [GuideDocument.Part] {
        let cloud = GuidedCloud(profile)
        return [
            .paragraph(
                "About 15 minutes of work for somebody with the role Application Administrator or a higher one in Entra. "
                    + cloud.introduction
            ),
            .table(
                ["What", "Value"],
                [
                    ["Portal", "`\(profile.portal)`"], ["Tenant URL", "`\(tenantURL)`"],
                    [
                        "Secret token",
                        "given to you apart, once; \(AccessToken.length) characters, begins with `sgw_`",
                    ],
                    ["Connection", "`\(connection)`"],
                    ["New people join", group ?? "no group"],
                ]
            ),
        ] + cloud.notes.map(GuideDocument.Part.note)
    }

    private var application: [GuideDocument.Part] {
        [
            .heading("1. Create the application"),
            .steps([
                "Open `\(profile.portal)`, then \(GuidedCloud(profile).wayToApplications).",
                "Choose **New application**, then **Create your own application**.",
                "Give it a name that tells what it is for, such as `SCIM \(connection)`. No person's name belongs in it.",
                "Choose the option for an application that is **not in the gallery**, and press **Create**.",
            ]),
        ]
    }

    private var credentials: [GuideDocument.Part] {
        [
            .heading("2. Connect and test"),
            .steps([
                "In the application open **Provisioning**, and choose **New configuration**. (On an older page: Provisioning "
                    + "mode **Automatic**, then **Admin credentials**.)",
                "Authentication method: **Bearer**, where the page asks for one.",
                "Tenant URL: `\(tenantURL)`",
                "Secret token: paste it as it was given, without `Bearer` in front, without quotes and white space.",
                "Press **Test connection**. It succeeds when the gateway has answered that nobody has a name made up at "
                    + "random. Then **Create** or **Save**.",
            ]),
            .note(
                "It fails? The operator of the gateway sees why, in plain words: "
                    + "`scim-gateway activity \(tenantName) --only problems`"
            ),
        ]
    }

    private var tenantName: Substring { connection.prefix { $0 != "/" } }
}

// MARK: - What is sent, and of whom

extension EntraGuide {
    private var mapping: [GuideDocument.Part] {
        let groups =
            storesAll
            ? "Groups mapping: leave it on only if groups are to be provisioned, too."
            : "Groups mapping: open it, set **Enabled** to **No**, and save. This connection takes people only."
        return [
            .heading("3. Map the attributes"),
            .steps([
                groups,
                "Users mapping: `userName` is the **matching attribute**, precedence **1**. Nothing else matches.",
                "Make the list the one below, and delete every other mapping"
                    + (storesAll ? ", unless you want it stored." : ": what else is sent is not kept."),
                "A target that is not offered: open `\(profile.portal)/\(Self.schemaEditor)` once, then edit the attribute list "
                    + "under the advanced options of the mapping.",
            ]),
            .table(["Target attribute", "Source in Entra", "Remark"], Self.mappings),
        ]
    }

    /// Switches the portal's editor of attribute lists on.
    private static let schemaEditor = "?Microsoft_AAD_Connect_Provisioning_forceSchemaEditorEnabled=true"

    /// The ten attributes of a learner.
    ///
    /// What fills locale and timezone is advice: Entra knows no time zone of people.
    private static let mappings = [
        ["`userName`", "`userPrincipalName`", "an e-mail address; matching, precedence 1"],
        ["`active`", "`Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")`", "expression"],
        ["`name.givenName`", "`givenName`", ""],
        ["`name.familyName`", "`surname`", ""],
        ["`locale`", "`preferredLanguage`, or a constant such as `en-US`", "may be left out"],
        ["`preferredLanguage`", "`preferredLanguage`", "may be left out"],
        [
            "`timezone`", "a constant such as `America/New_York`, or an extension attribute",
            "may be left out",
        ],
        ["`\(enterprise):department`", "`department`", ""],
        ["`\(enterprise):employeeNumber`", "`employeeId`", ""],
        ["`\(enterprise):manager`", "`manager`", "a manager who comes later is linked then"],
    ]

    private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    private var people: [GuideDocument.Part] {
        [
            .heading("4. Choose the people, and try one"),
            .steps([
                "Provisioning › Settings › Scope: **Sync only assigned users and groups**.",
                "Users and groups: assign the people, or groups of them. Groups inside groups are not looked into.",
                "**Provision on demand**: choose one person, and press **Provision**. It takes less than half a minute.",
                "Look at what came: `scim-gateway activity \(tenantName) --follow`",
            ]),
            .note(
                "People who are there already keep their place and their history: they are found by `userName`."
                    + (group.map { " New ones join \($0)." } ?? "")
            ),
        ]
    }

    private var start: [GuideDocument.Part] {
        [
            .heading("5. Start"),
            .steps([
                "Provisioning › Overview: **Start provisioning**.",
                "The first cycle takes everybody in turn; after that Entra sends changes about every 40 minutes.",
                "Who loses the assignment, or is switched off in Entra, is switched off here, and keeps the record.",
            ]),
        ]
    }

    private var safety: [GuideDocument.Part] {
        [
            .heading("6. Be warned in time"),
            .steps([
                "Provisioning › Settings: enter a **notification e-mail** address, and switch failure notices on.",
                "Switch **Prevent accidental deletions** on, with a threshold that an ordinary week does not reach.",
                "The token ends some day. The operator makes the next one beforehand, and you paste it into the same field.",
            ]),
        ]
    }
}
