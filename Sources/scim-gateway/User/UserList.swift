import ArgumentParser
import Foundation
import Operations
import Terminal

/// `user list TENANT`.
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List learners, oldest first, with who manages them.",
        discussion: """
            Written page by page, so that columns are as wide as a page needs them; -o json writes an object a line. Example: \
            scim-gateway user list contoso --filter 'active eq false' -o name
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @OptionGroup var chosen: UserSelectionOptions

    @Option(name: [.customShort("n"), .long], help: "How many, at most. (default: all)")
    var count: Int?

    @OptionGroup var form: FormOptions

    func validate() throws {
        guard count.map({ $0 > 0 }) ?? true else { throw ValidationError("write --count 1 or more") }
    }

    func run() async throws {
        try await Desk.work(global) { desk in
            var left = count ?? .max
            var order = AdminMessages.ListUsers(tenant: tenant, selection: chosen.selection, count: 1)
            while left > 0 {
                order.count = min(left, Self.page)
                let page = try await desk.users(order)
                try show(page.rows, isFirst: left == count ?? .max)
                left -= page.rows.count
                guard let next = page.next else { return }
                order.after = next
            }
        }
    }

    private func show(_ rows: [AdminMessages.UserRow], isFirst: Bool) throws {
        switch form.output {
        case .json: for row in rows { try Output.jsonLine(row) }
        case .yaml: if !rows.isEmpty { try form.showValue(rows) }
        case .name: for row in rows { Output.result(row.id) }
        case .table, .wide:
            guard isFirst || !rows.isEmpty else { return }
            var table = Table(isFirst ? Self.columns : Self.columns.map { .init("", isWide: $0.isWide) })
            for row in rows {
                table.add([
                    .init(row.id), .init(row.userName),
                    row.active == false ? .init("no", .yellow) : .init(row.active == true ? "yes" : "-"),
                    .init([row.givenName, row.familyName].compactMap { $0 }.joined(separator: " ")),
                    .init(row.groups.joined(separator: ", ")), .init(row.managedBy ?? "nobody"),
                    .init(row.created), .init(row.lastModified), .init(row.deleted ?? "-"),
                ])
            }
            form.show(table)
        }
    }

    /// Titles stand above the first page only.
    private static let columns: [Table.Column] = [
        "ID", "USER NAME", "ACTIVE", "NAME", "GROUPS", "MANAGED BY", .wide("CREATED"),
        .wide("LAST MODIFIED"), .wide("DELETED"),
    ]
    /// Learners that are at hand at once.
    private static let page = 500
}

/// `user show TENANT USER`.
struct UserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a learner as JSON: the resource, who manages it, and each connection's externalId.",
        discussion: """
            A deleted learner is shown as long as the record is kept. Example: scim-gateway user show contoso ada@contoso.example
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "The learner's id or userName.")
    var user: String

    func run() async throws {
        let order = AdminMessages.ShowUser(tenant: tenant, user: user)
        let shown = try await Desk.work(global) { try await $0.user(order) }
        Output.result(shown.json)
    }
}
