package import Configuration
package import SCIM

/// One key of one of the files, with its way from the top: what `explain` tells.
package struct KnownKey: Sendable, Equatable {
    /// In which file it stands.
    package let file: File
    /// The keys from the top to this one; under a list, the entries' keys follow its own.
    package let path: [String]
    /// The line of the table.
    let row: SettingRow

    /// The kinds of files.
    package enum File: String, Sendable, CaseIterable {
        /// `gateway.yaml`.
        case gateway
        /// A tenant file.
        case tenant

        /// The table of its keys.
        package var rows: [SettingRow] { self == .gateway ? GatewayKeys.rows : TenantKeys.rows }

        /// How people call it.
        package var words: String { self == .gateway ? "gateway.yaml" : "tenants/*.yaml" }
    }

    /// `limits.body`.
    package var name: String { path.joined(separator: ".") }

    /// One sentence on what it is for.
    package var doc: String { row.doc }

    /// Every key of both files, in the files' order.
    package static let all: [KnownKey] = File.allCases.flatMap { keys(of: $0.rows, in: $0, below: []) }

    private static func keys(of rows: [SettingRow], in file: File, below path: [String]) -> [KnownKey] {
        rows.flatMap { row in
            let key = KnownKey(file: file, path: path + [row.name], row: row)
            let below = row.shape.tables.flatMap { table in
                keys(of: table.rows, in: file, below: key.path + (table.word.map { [$0] } ?? []))
            }
            return [key] + below
        }
    }

    /// The keys that a person means: by whole path, else by the path's end.
    ///
    /// `listeners[0].address`, as `config show` writes it, is `listeners.address`.
    package static func meant(by text: String) -> [KnownKey] {
        let wanted = path(of: text)
        guard !wanted.isEmpty else { return [] }
        let exact = all.filter { $0.path == wanted }
        return exact.isEmpty ? all.filter { $0.path.suffix(wanted.count) == wanted[...] } : exact
    }

    /// The name that is nearest to what a person wrote; nil when none is near.
    package static func nearest(to text: String) -> String? {
        let wanted = path(of: text).joined(separator: ".")
        return Suggestion.nearest(to: wanted, among: all.map(\.name))
            ?? Suggestion.nearest(to: wanted, among: all.compactMap(\.path.last))
    }

    private static func path(of text: String) -> [String] {
        text.split(separator: ".").map { part in String(part.prefix { $0 != "[" }) }.filter { !$0.isEmpty }
    }
}

extension KnownKey {
    /// What `explain` prints.
    ///
    /// ```
    /// limits.body                                gateway.yaml
    ///   Bytes of one request's body.
    ///   type      a number with its unit of size (B, KiB, MiB, GiB), 64KiB to 1MiB
    ///   default   1MiB
    ///   example   body: 1MiB
    ///   change    needs a restart
    ///   override  SCIMGW_LIMITS__BODY
    /// ```
    package var explanation: [String] {
        var lines = ["\(name)  (\(file.words))", "  \(doc)"]
        func add(_ title: String, _ text: String) {
            lines.append("  \(title)\(String(repeating: " ", count: 10 - title.count))\(text)")
        }
        add("type", row.shape.words)
        add("default", row.fallback ?? (row.isRequired ? "none: it must be there" : "none"))
        if let example = row.fallback.flatMap({ $0 == "[]" ? nil : $0 }) ?? row.shape.example {
            add("example", "\(row.name): \(example)")
        }
        switch row.effect {
        case .reload: add("change", "applies on reload")
        case .restart: add("change", "needs a restart")
        case .notYet: add("change", "nothing acts on it yet")
        }
        if file == .gateway, row.shape.tables.isEmpty { add("override", override) }
        let tables = row.shape.tables
        if let first = tables.first {
            let between = first.word == nil ? "" : ".\(tables.compactMap(\.word).joined(separator: "|"))"
            for row in first.rows { add("key", "\(name)\(between).\(row.name)") }
        }
        return lines
    }

    /// The environment variable that goes before the file; `N` stands for the number of a list's
    /// entry.
    private var override: String {
        var parts: [String] = []
        var tables: [(word: String?, rows: [SettingRow])] = [(nil, file.rows)]
        for part in path {
            parts.append(part)
            guard let row = tables.first?.rows.first(where: { $0.name == part }) else { continue }
            if case .list = row.shape, !row.shape.tables.isEmpty { parts.append("N") }
            tables = row.shape.tables
        }
        return EnvironmentOverrides.name(of: parts)
    }
}

extension JSONSchema {
    /// The schema of a kind of file.
    package static func schema(of file: KnownKey.File) -> JSONValue {
        schema(file.rows, title: "scim-gateway: \(file.words)")
    }
}
