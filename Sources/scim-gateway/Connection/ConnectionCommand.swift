import ArgumentParser
import Operations
import Terminal

/// `scim-gateway connection …`.
struct ConnectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connection",
        abstract: "List, show and remove connections. To make one: scim-gateway connect.",
        discussion: "Example: scim-gateway connection list contoso",
        subcommands: [List.self, Show.self, Remove.self]
    )

    /// `connection list [TENANT]`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List connections, with their active tokens and when one was last used.",
            discussion: "Example: scim-gateway connection list contoso -o wide"
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Argument(help: "Only this tenant's.", completion: .tenants)
        var tenant: String?

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.connections(of: tenant) }
            try form.show(
                rows,
                names: { "\($0.tenant)/\($0.connection)" },
                columns: [
                    "TENANT", "CONNECTION", "GROUP", "DIALECT", "ATTRIBUTES", "TOKENS", "LAST USED", "FROM",
                    .wide("TENANT URL"),
                ]
            ) { row in
                [
                    .init(row.tenant), .init(row.connection), .init(row.group ?? "-"), .init(row.dialect),
                    .init(row.attributes),
                    row.isInForce ? "\(row.activeTokens.count)" : .init("not in force", .red),
                    .init(Elapsed.text(since: row.lastUsed)), .init(row.origin), .init(row.tenantURL ?? "-"),
                ]
            }
        }
    }

    /// `connection show TENANT/CONNECTION`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all that is known of a connection.",
            discussion: "Example: scim-gateway connection show contoso/all-staff"
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Argument(help: "TENANT/CONNECTION.", completion: .connections, transform: ConnectionName.reading)
        var connection: ConnectionName

        func run() async throws {
            let rows = try await Desk.work(global) { try await $0.connections(of: connection.tenant) }
            guard let row = rows.first(where: { $0.connection == connection.connection }) else {
                let meant = Meant.text(connection.connection, among: rows.map(\.connection), having: "it has")
                throw Failure(
                    "tenant \(connection.tenant) has no connection '\(connection.connection)'; \(meant)",
                    .refused
                )
            }
            let properties: [(String, String?)] = [
                ("connection", "\(row.tenant)/\(row.connection)"),
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
            try form.show(row, name: "\(row.tenant)/\(row.connection)", properties: properties)
        }
    }

    /// `connection remove TENANT/CONNECTION`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a connection: its tokens end at once, and its learners become unmanaged.",
            discussion: """
                Its learners stay as they are, and the next connection that sends them takes them up. A connection that a file \
                declares is removed there.

                Example: scim-gateway connection remove contoso/all-staff
                """
        )

        @OptionGroup var global: GlobalOptions

        @Argument(help: "TENANT/CONNECTION.", completion: .connections, transform: ConnectionName.reading)
        var connection: ConnectionName

        @OptionGroup var rehearsal: DryRunOption

        func run() async throws {
            let order = AdminMessages.RemoveConnection(
                tenant: connection.tenant,
                connection: connection.connection,
                isDryRun: rehearsal.dryRun
            )
            let removed = try await Desk.work(global) { try await $0.removeConnection(order) }
            let tokens = removed.endedTokens
            guard !rehearsal.dryRun else {
                let words = tokens.isEmpty ? "no token" : "tokens \(tokens.joined(separator: ", "))"
                return Output.result(
                    "Connection \(connection.tenant)/\(connection.connection) would be removed, and with it \(words)."
                )
            }
            Output.remark(
                "Connection \(connection.tenant)/\(connection.connection) is removed; its learners are unmanaged."
            )
            Output.remark(
                tokens.isEmpty
                    ? "It had no token." : "Its tokens have ended: \(tokens.joined(separator: ", "))."
            )
            for finding in removed.findings { Output.note(finding) }
        }
    }
}
