import ArgumentParser
import Operations

/// `scim-gateway connect`: the article's "+ Connect a group".
struct Connect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a connection that fills a group, and print its token, once.",
        discussion: """
            stdout gets the token alone; the Tenant URL and the rest go to stderr.

            Example: scim-gateway connect contoso all-staff --expires 365d
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.", completion: .tenants)
    var tenant: String

    @Argument(help: "The target group's name in the tenant's file. May be left out with --attributes full.")
    var group: String?

    @Option(help: "The connection's name. (default: GROUP, then GROUP-2, …)")
    var id: String?

    @Option(help: "A name for people. (default: the group's)")
    var name: String?

    @Option(help: "How the client speaks: entra, okta, google, onelogin, jumpcloud, ping or generic.")
    var dialect = "entra"

    @Option(help: "What the connection may store: learner or full.")
    var attributes = "learner"

    @Option(
        help: "How long the token lives: 365d, 12h. (default: 365d, or what the profile allows)",
        transform: Lifetime.reading
    )
    var expires: Lifetime?

    @Option(
        help:
            "From where the connection may be used: any, entra or a network; may be repeated. (default: any)"
    )
    var allowFrom: [String] = []

    @OptionGroup var rehearsal: DryRunOption

    func run() async throws {
        let order = AdminMessages.Connect(
            tenant: tenant,
            group: group,
            id: id,
            name: name,
            dialect: dialect,
            attributes: attributes,
            lifeSeconds: expires?.seconds,
            allowFrom: allowFrom,
            isDryRun: rehearsal.dryRun
        )
        TokenOutput.show(try await Desk.work(global) { try await $0.connect(order) })
    }
}
