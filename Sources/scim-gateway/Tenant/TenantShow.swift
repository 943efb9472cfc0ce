import ArgumentParser
import Operations
import SCIM
import Terminal

extension TenantCommand {
    /// `tenant show TENANT`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show all that is known of a tenant: file, cloud, groups, connections, users, problems.",
            discussion: "Example: scim-gateway tenant show contoso"
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Argument(help: "The tenant's name.", completion: .tenants)
        var tenant: String

        func run() async throws {
            let name = tenant
            let found = try await Desk.work(global) { try await $0.tenant(name) }
            try form.show(found, name: found.tenant.tenant, properties: Self.properties(found))
            guard !form.output.isForPrograms else { return }
            for finding in found.findings { Output.note(finding) }
        }

        private static func properties(_ found: AdminMessages.TenantDetail) -> [(String, String?)] {
            let row = found.tenant
            let groups = found.groups.map { "\($0.group) (\($0.displayName))" }
            let connections = found.connections.map { connection in
                let tokens = CountText.words(connection.activeTokens.count, "active token")
                return
                    "\(connection.connection) → \(connection.group ?? "no group"), \(connection.dialect), \(tokens), "
                    + "last used \(Elapsed.text(since: connection.lastUsed))"
            }
            return [
                ("tenant", row.tenant), ("display name", row.displayName), ("status", row.status),
                ("profile", row.profile), ("file", found.file), ("Tenant URL", found.tenantURL),
                ("portal", found.portal), ("users (active)", TenantWords.users(row)),
                ("last seen", Elapsed.text(since: row.lastSeen)),
            ] + listed("group", groups) + listed("connection", connections) + listed("problem", row.problems)
        }

        /// A line each; one that says so when there is none.
        private static func listed(_ name: String, _ values: [String]) -> [(String, String?)] {
            values.isEmpty ? [(name, "none")] : values.map { (name, $0) }
        }
    }
}
