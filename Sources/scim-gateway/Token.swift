import ArgumentParser
import Gateway

/// `scim-gateway token …`.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list, show and revoke tokens.",
        subcommands: [Create.self, List.self, Show.self, Revoke.self]
    )

    /// `token create TENANT/CONNECTION`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make another token of a connection, and print it, once. At most two are active at a time."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "TENANT/CONNECTION.")
        var connection: String

        @Option(help: "How long the token lives, in days.", transform: Days.reading)
        var expires = 365

        func run() async throws {
            let parts = connection.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("write TENANT/CONNECTION, such as contoso/head-office")
            }
            let order = AdminMessages.CreateToken(
                tenant: parts[0],
                connection: parts[1],
                expiresInDays: expires
            )
            TokenOutput.show(try await Desk.work(global) { try await $0.createToken(order) })
        }
    }

    /// `token list [TENANT]`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tokens, those that ended in the last 90 days too. Never shows a secret."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Only this tenant's.")
        var tenant: String?

        @OptionGroup var form: OutputForm

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.tokens(of: tenant) }
            guard form.output == .text else { return try Output.json(rows) }
            TokenTable.show(rows)
        }
    }

    /// `token show ID`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all that is known of a token: its life, and when and from where it was last used."
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: OutputForm

        @Argument(help: "The token's public id, as token list shows it.")
        var id: String

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.tokens(of: nil) }
            guard let row = rows.first(where: { $0.tokenID == id }) else {
                Output.note("error: no token has the id '\(id)'; see: scim-gateway token list")
                throw ExitCode.refused
            }
            guard form.output == .text else { return try Output.json(row) }
            TokenTable.show(row)
        }
    }

    /// `token revoke ID`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a token at once, on open connections too."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The token's public id, as token list shows it.")
        var id: String

        func run() async throws {
            try await Desk.work(global) { try await $0.revokeToken(id) }
            Output.note("Token \(id) is revoked.")
        }
    }
}
