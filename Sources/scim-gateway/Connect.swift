import ArgumentParser
import Gateway

/// `scim-gateway connect`: the article's "+ Connect a group".
struct Connect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a connection that fills a group, and print its token, once.",
        discussion: "stdout gets the token alone; the Tenant URL and the rest go to stderr."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "The target group's name in the tenant's file. May be left out with --attributes full.")
    var group: String?

    @Option(help: "The connection's name. [default: GROUP, then GROUP-2, …]")
    var id: String?

    @Option(help: "A name for people.")
    var name: String?

    @Option(help: "How the client speaks: entra, okta, google, onelogin, jumpcloud, ping or generic.")
    var dialect = "entra"

    @Option(help: "What the connection may store: learner or full.")
    var attributes = "learner"

    @Option(help: "How long the token lives, in days.", transform: Days.reading)
    var expires = 365

    func run() async throws {
        let order = AdminMessages.Connect(
            tenant: tenant,
            group: group,
            id: id,
            name: name,
            dialect: dialect,
            attributes: attributes,
            expiresInDays: expires
        )
        TokenOutput.show(try await Desk.work(global) { try await $0.connect(order) })
    }
}

/// How a new token is shown: the secret alone on stdout, so that scripts can keep it.
enum TokenOutput {
    /// Shows a token, once.
    static func show(_ made: AdminMessages.MadeToken) {
        Output.result(made.token)
        let group = made.group.map { " (group \($0))" } ?? ""
        Output.note(
            "Token \(made.tokenID) for \(made.tenant)/\(made.connection)\(group), ends \(made.expires.prefix(10))."
        )
        Output.note("It is shown only now.")
        Output.note(
            "  Tenant URL    \(made.tenantURL ?? "no listener of this profile is set up in the settings")"
        )
        Output.note("  Secret token  the line above")
    }
}

/// Durations in days: `365d`.
enum Days {
    /// Reads `365d` or `365`.
    static func reading(_ text: String) throws -> Int {
        guard let days = Int(text.hasSuffix("d") ? String(text.dropLast()) : text) else {
            throw ValidationError("write a number of days, such as 365d")
        }
        return days
    }
}
