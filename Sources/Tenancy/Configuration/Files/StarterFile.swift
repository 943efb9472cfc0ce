internal import Configuration

/// A first file with every key of its table: what must be there with a value, the rest with its
/// default behind a `#`.
package struct StarterFile: Sendable {
    private let file: KnownKey.File
    /// Values by the keys' paths, as YAML.
    private let values: [String: String]

    /// A settings file with one listener on every address, for `https://localhost:8443`.
    ///
    /// Files of a certificate are in `tls`, learners in `data`, tenants in `tenants`.
    package static let gateway = StarterFile(
        file: .gateway,
        values: [
            "version": "1", "listeners.profile": "commercial", "listeners.address": "\"[::]:8443\"",
            "listeners.public_url": "https://localhost:8443", "listeners.certificate": "tls/scim.pem",
            "listeners.key": "tls/scim.key", "tenants.directory": "tenants", "storage.directory": "data",
        ]
    )

    /// A tenant file with one group and one connection.
    package static func tenant(_ name: String) -> StarterFile {
        StarterFile(
            file: .tenant,
            values: [
                "version": "1", "tenant": name, "display_name": "Contoso Ltd", "profile": "commercial",
                "status": "active", "groups.id": "all-staff", "groups.display_name": "All staff",
                "connections.id": "head-office", "connections.group": "all-staff",
                "connections.dialect": "entra", "connections.attributes": "learner",
                "connections.allow_from": "[any]",
            ]
        )
    }

    /// The file's text.
    package var text: String {
        let title = [
            "# scim-gateway: \(file.words). What stands behind a # is what holds without it, or an example.",
            "# Check:  scim-gateway config check        Apply:  scim-gateway reload",
            "# A value may be ${env:NAME} or ${file:PATH}: whole, nothing beside it.",
        ]
        return (title + lines(of: file.rows, below: "", indent: "")).joined(separator: "\n") + "\n"
    }

    /// A group whose change needs a restart says so for all its keys.
    private func lines(
        of rows: [SettingRow],
        below path: String,
        indent: String,
        group: SettingRow.Effect = .reload
    ) -> [String] {
        rows.flatMap { row in
            let key = path.isEmpty ? row.name : "\(path).\(row.name)"
            let gap = path.isEmpty ? [""] : []
            let restart = row.effect == .restart && group != .restart ? " [restart]" : ""
            return gap + ["\(indent)# \(row.doc)\(restart)"] + lines(of: row, key, indent: indent)
        }
    }

    private func lines(of row: SettingRow, _ key: String, indent: String) -> [String] {
        guard holdsValues(key) else { return examples(of: row, indent: indent) }
        switch row.shape {
        case .mapping(let rows):
            return ["\(indent)\(row.name):"]
                + lines(of: rows, below: key, indent: indent + "  ", group: row.effect)
        case .list(.mapping(let rows), _):
            return ["\(indent)\(row.name):"]
                + entry(lines(of: rows, below: key, indent: indent + "    ", group: row.effect))
        default:
            return ["\(indent)\(row.name): \(values[key] ?? "")"]
        }
    }

    /// The keys of a list's entry, the first of them behind a dash.
    private func entry(_ lines: [String]) -> [String] {
        var lines = lines
        guard let first = lines.firstIndex(where: { !$0.drop { $0 == " " }.hasPrefix("#") }) else {
            return lines
        }
        for comment in 0..<first { lines[comment].removeFirst(2) }
        let spaces = lines[first].prefix { $0 == " " }.dropLast(2)
        lines[first] = spaces + "- " + lines[first].drop { $0 == " " }
        return lines
    }

    /// The key behind a `#`, with those below it.
    private func examples(of row: SettingRow, indent: String, inside: String = "") -> [String] {
        func line(_ text: String) -> String { "\(indent)# \(inside)\(text)" }
        func below(_ rows: [SettingRow], _ more: String) -> [String] {
            rows.flatMap { examples(of: $0, indent: indent, inside: inside + more) }
        }
        switch row.shape {
        case .mapping(let rows):
            return [line("\(row.name):")] + below(rows, "  ")
        case .mappings(let words, let rows):
            return [line("\(row.name):"), line("  \(words.first ?? ""):")] + below(rows, "    ")
        default:
            return [line("\(row.name): \(row.fallback ?? row.shape.example ?? "[]")")]
        }
    }

    private func holdsValues(_ key: String) -> Bool {
        values.keys.contains { $0 == key || $0.hasPrefix(key + ".") }
    }
}
