import ArgumentParser
import Gateway

/// `scim-gateway token …`.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list and revoke tokens.",
        subcommands: [Create.self, List.self, Revoke.self]
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
            abstract: "List tokens, ended ones too. Never shows a secret."
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Only this tenant's.")
        var tenant: String?

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.tokens(of: tenant) }
            Output.table(
                ["ID", "TENANT", "CONNECTION", "CREATED", "ENDS", "STATE", "FROM"],
                rows.map { row in
                    [
                        row.tokenID, row.tenant, row.connection, String(row.created?.prefix(10) ?? "-"),
                        String(row.expires?.prefix(10) ?? "never"), row.state, row.origin,
                    ]
                }
            )
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
