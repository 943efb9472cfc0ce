import Gateway

/// How tokens are listed and shown: never a secret, which nobody keeps.
enum TokenTable {
    /// One line a token.
    static func show(_ rows: [AdminMessages.TokenRow]) {
        Output.table(
            ["ID", "TENANT", "CONNECTION", "NAME", "CREATED", "ENDS", "LAST USED", "STATE", "FROM"],
            rows.map { row in
                [
                    row.tokenID, row.tenant, row.connection, row.name ?? "-", day(row.created) ?? "-",
                    day(row.ends) ?? "never",
                    Elapsed.text(since: row.lastUsed), row.state, row.origin,
                ]
            }
        )
    }

    /// A token in one line, with its Tenant URL: what `token verify` says of one that it knows.
    static func line(_ row: AdminMessages.TokenRow, _ tenantURL: String?) {
        let end = row.ends.map { "ends \($0.prefix(10))" } ?? "never ends"
        let words =
            [row.tokenID, "\(row.tenant)/\(row.connection)", row.state, end] + (tenantURL.map { [$0] } ?? [])
        Output.result(words.joined(separator: "  "))
    }

    /// All about one token, a line for each thing.
    static func show(_ row: AdminMessages.TokenRow) {
        let lines: [(String, String?)] = [
            ("connection", "\(row.tenant)/\(row.connection)"),
            ("name", row.name),
            ("state", row.state),
            ("replaces", row.replaces),
            ("created", row.created),
            ("ends", row.ends ?? "never"),
            ("first used", row.firstUsed ?? "never"),
            ("last used", row.lastUsed.map { "\($0)  (\(Elapsed.text(since: $0)))" } ?? "never"),
            ("allow from", row.allowFrom),
            ("from network", row.lastNetwork),
            ("by client", row.lastClient),
            ("kept in", row.origin == "file" ? "the tenant's file" : "the control database"),
        ]
        Output.table(["token", row.tokenID], lines.compactMap { name, value in value.map { [name, $0] } })
    }

    /// The day of a moment.
    private static func day(_ moment: String?) -> String? { moment.map { String($0.prefix(10)) } }
}
