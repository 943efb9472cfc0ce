import Operations
import Tenancy
import Terminal

/// How tokens are listed and shown: never a secret, which nobody keeps.
enum TokenTable {
    /// One line a token.
    static func show(_ rows: [AdminMessages.TokenRow], _ form: FormOptions) throws {
        try form.show(
            rows,
            names: \.tokenID,
            columns: [
                "ID", "TENANT", "CONNECTION", "NAME", "CREATED", "ENDS", "LAST USED", "STATE", "FROM",
                .wide("ALLOWED FROM"), .wide("LAST NETWORK"), .wide("LAST CLIENT"),
            ]
        ) { row in
            [
                .init(row.tokenID), .init(row.tenant), .init(row.connection), .init(row.name ?? "-"),
                .init(day(row.created) ?? "-"), .init(day(row.ends) ?? "never"),
                .init(Elapsed.text(since: row.lastUsed)), .init(row.state, ink(row.state)), .init(row.origin),
                .init(row.allowFrom ?? "any"), .init(row.lastNetwork ?? "-"), .init(row.lastClient ?? "-"),
            ]
        }
    }

    /// A token in one line, with its Tenant URL: what `token verify` says of one that it knows.
    static func line(_ row: AdminMessages.TokenRow, _ tenantURL: String?) {
        let end = row.ends.map { "ends \($0.prefix(10))" } ?? "never ends"
        let words =
            [row.tokenID, "\(row.tenant)/\(row.connection)", row.state, end] + (tenantURL.map { [$0] } ?? [])
        Output.result(words.joined(separator: "  "))
    }

    /// All about one token, a line for each thing.
    static func show(_ row: AdminMessages.TokenRow, _ form: FormOptions) throws {
        let properties: [(String, String?)] = [
            ("token", row.tokenID),
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
        try form.show(row, name: row.tokenID, properties: properties)
    }

    private static func ink(_ state: String) -> Colour.Ink? {
        switch state {
        case TokenState.active.rawValue: .green
        case "not in force": .red
        default: nil
        }
    }

    /// The day of a moment.
    private static func day(_ moment: String?) -> String? { moment.map { String($0.prefix(10)) } }
}
