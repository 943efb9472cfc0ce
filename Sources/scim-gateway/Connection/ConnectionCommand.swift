import ArgumentParser
import Gateway

/// `scim-gateway connection …`.
struct ConnectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection",
        abstract: "List, show and remove connections. To make one: scim-gateway connect.",
        subcommands: [List.self, Show.self, Remove.self]
    )

    /// `connection list [TENANT]`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List connections, with their active tokens and when one was last used."
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: OutputForm

        @Argument(help: "Only this tenant's.")
        var tenant: String?

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.connections(of: tenant) }
            guard form.output == .text else { return try Output.json(rows) }
            Output.table(
                ["TENANT", "CONNECTION", "GROUP", "DIALECT", "ATTRIBUTES", "TOKENS", "LAST USED", "FROM"],
                rows.map { row in
                    [
                        row.tenant, row.connection, row.group ?? "-", row.dialect, row.attributes,
                        row.isInForce ? "\(row.activeTokens.count)" : "not in force",
                        Elapsed.text(since: row.lastUsed), row.origin,
                    ]
                }
            )
        }
    }

    /// `connection show TENANT/CONNECTION`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all that is known of a connection.")

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: OutputForm

        @Argument(help: "TENANT/CONNECTION.", transform: ConnectionName.reading)
        var connection: ConnectionName

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.connections(of: connection.tenant) }
            guard let row = rows.first(where: { $0.connection == connection.connection }) else {
                let names = rows.map(\.connection).joined(separator: ", ")
                Output.note(
                    "error: tenant \(connection.tenant) has no connection '\(connection.connection)'; it has: \(names)"
                )
                throw ExitCode.refused
            }
            guard form.output == .text else { return try Output.json(row) }
            let lines: [(String, String?)] = [
                ("display name", row.displayName), ("group", row.group), ("dialect", row.dialect),
                ("attributes", row.attributes), ("Tenant URL", row.tenantURL), ("created", row.created),
                (
                    "active tokens",
                    row.activeTokens.isEmpty ? "none" : row.activeTokens.joined(separator: ", ")
                ),
                ("last used", row.lastUsed.map { "\($0)  (\(Elapsed.text(since: $0)))" } ?? "never"),
                ("in force", row.isInForce ? "yes" : "no: its tenant or group is gone"),
                ("kept in", row.origin == "file" ? "the tenant's file" : "the control database"),
            ]
            Output.table(
                ["connection", "\(row.tenant)/\(row.connection)"],
                lines.compactMap { name, value in value.map { [name, $0] } }
            )
        }
    }

    /// `connection remove TENANT/CONNECTION`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a connection: its tokens end at once, and its learners become unmanaged.",
            discussion: """
                Its learners stay as they are, and the next connection that sends them takes them up. A connection that a file \
                declares is removed there.
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "TENANT/CONNECTION.", transform: ConnectionName.reading)
        var connection: ConnectionName

        func run() async throws {
            let removed = try await Desk.work(global) {
                try await $0.removeConnection(connection.connection, of: connection.tenant)
            }
            let tokens = removed.endedTokens
            Output.note(
                "Connection \(connection.tenant)/\(connection.connection) is removed; its learners are unmanaged."
            )
            Output.note(
                tokens.isEmpty
                    ? "It had no token." : "Its tokens have ended: \(tokens.joined(separator: ", "))."
            )
            for finding in removed.findings { Output.note(finding) }
        }
    }
}
