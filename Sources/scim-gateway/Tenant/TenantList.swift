import ArgumentParser
import Operations
import Terminal

extension TenantCommand {
    /// `tenant list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tenants: cloud, status, connections, users, when last seen, and what is wrong.",
            discussion: """
                Users are counted in the stores of the tenants that are shown, which takes a moment each: --no-users leaves \
                that out. With -o name nothing is counted, and every tenant is named.

                Example: scim-gateway tenant list --count 200 -o wide
                """
        )

        @OptionGroup var global: GlobalOptions

        @OptionGroup var form: FormOptions

        @Option(name: [.customShort("n"), .long], help: "How many tenants, at most: 1 to 1000.")
        var count = 100

        @Option(help: "Only those whose names come after this one. (default: from the first)")
        var after: String?

        @Flag(help: "Count no users. (default: off)")
        var noUsers = false

        func validate() throws {
            guard (1...1_000).contains(count) else { throw ValidationError("write --count 1 to 1000") }
        }

        func run() async throws {
            guard form.output != .name else { return try await showNames() }
            let order = AdminMessages.TenantsOrder(after: after, count: count, countsLearners: !noUsers)
            let page = try await Desk.work(global) { try await $0.tenants(order) }
            try form.show(page.tenants, names: \.tenant, columns: Self.columns, cells: Self.cells)
            if let next = page.next {
                Output.remark(
                    "\(page.tenants.count) of \(Figure.text(page.total)) tenants; the next: --after \(next)"
                )
            }
        }

        /// Page after page.
        private func showNames() async throws {
            try await Desk.work(global) { desk in
                var next = after
                repeat {
                    let order = AdminMessages.TenantsOrder(after: next, count: 1_000, countsLearners: false)
                    let page = try await desk.tenants(order)
                    for tenant in page.tenants { Output.result(tenant.tenant) }
                    next = page.next
                } while next != nil
            }
        }

        private static let columns: [Table.Column] = [
            "TENANT", "PROFILE", "STATUS", .figures("CONNECTIONS"), .figures("USERS (ACTIVE)"), "LAST SEEN",
            .wide("DISPLAY NAME"), "PROBLEMS",
        ]

        private static func cells(_ row: AdminMessages.TenantRow) -> [Table.Cell] {
            [
                .init(row.tenant), .init(row.profile ?? "-"), .init(row.status, TenantWords.ink(row.status)),
                .init("\(row.connections)"), .init(TenantWords.users(row)),
                .init(Elapsed.text(since: row.lastSeen)), .init(row.displayName),
                row.problems.isEmpty ? "-" : .init(row.problems.joined(separator: "; "), .yellow),
            ]
        }
    }
}

/// How a tenant's state is told.
enum TenantWords {
    /// `1,204 (1,187)`.
    static func users(_ row: AdminMessages.TenantRow) -> String {
        guard let users = row.users, let active = row.activeUsers else { return "-" }
        return "\(Figure.text(users)) (\(Figure.text(active)))"
    }

    /// The colour of a status.
    static func ink(_ status: String) -> Colour.Ink? {
        switch status {
        case "active": .green
        case "refused": .red
        default: .yellow
        }
    }
}
