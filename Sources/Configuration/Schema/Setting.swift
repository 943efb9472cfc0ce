/// A key of a table, with the Swift type of its value.
package struct Setting<Value: Sendable>: Sendable {
    /// Its line of the table.
    package let row: SettingRow
    /// How its value is read.
    package let type: SettingType<Value>
    /// What holds when it is not there; nil when nothing does.
    package let fallback: Value?

    /// A key that must be there.
    package init(
        required name: String,
        _ type: SettingType<Value>,
        effect: SettingRow.Effect = .reload,
        doc: String
    ) {
        row = SettingRow(
            name: name,
            shape: type.shape,
            isRequired: true,
            fallback: nil,
            effect: effect,
            doc: doc
        )
        self.type = type
        fallback = nil
    }

    /// A key that may be left out.
    ///
    /// The fallback is what holds then, and how it would be written.
    package init(
        _ name: String,
        _ type: SettingType<Value>,
        else fallback: (value: Value, text: String)? = nil,
        effect: SettingRow.Effect = .reload,
        doc: String
    ) {
        row = SettingRow(
            name: name,
            shape: type.shape,
            isRequired: false,
            fallback: fallback?.text,
            effect: effect,
            doc: doc
        )
        self.type = type
        self.fallback = fallback?.value
    }
}

/// How a value is read from a node.
///
/// Nil, with a finding noted, when the node does not hold one.
package struct SettingType<Value: Sendable>: Sendable {
    let shape: SettingShape
    /// Reads a value, and notes what is wrong with it.
    package let read: @Sendable (YAMLNode, inout FileReading) -> Value?
}

/// A value with the place where it is written; the place of the mapping that lacks it, for one that
/// is not.
package struct Placed<Value: Sendable>: Sendable {
    /// The value.
    package let value: Value
    /// Where it is written.
    package let place: FilePlace

    /// A value of a place.
    package init(_ value: Value, at place: FilePlace) {
        self.value = value
        self.place = place
    }
}

/// Reading one file: what is found goes in here.
package struct FileReading {
    private var told: [Finding] = []
    private let outside: OutsideValues
    private let paths: FilePaths
    /// The values that `${…}` stood for, in the order in which they were read: to see whether they
    /// have changed.
    package private(set) var outsideValues: [String] = []
    /// Lines that hold what may be a secret, and the column from which on they are not shown.
    private var hiddenFrom: [Int: Int] = [:]

    /// The file's name, without `.yaml`.
    package let stem: String
    /// Words that stand in a fix for the name of what is being read, each with that name.
    package var named: [String: String] = [:]

    /// Reading the file of that path, with what is outside of it.
    package init(path: String, outside: OutsideValues) {
        self.outside = outside
        paths = FilePaths(of: path)
        let file = path.split(separator: "/").last ?? ""
        stem = String(file.hasSuffix(".yaml") ? file.dropLast(".yaml".count) : file)
    }

    /// How many findings there are yet: tells whether something read in between was sound.
    package var count: Int { told.count }

    /// All findings; none shows the part of a line that may be a secret, whatever it is about.
    package var findings: [Finding] {
        told.map { finding in
            guard let column = hiddenFrom[finding.place.line] else { return finding }
            return Finding(
                finding.severity,
                finding.message,
                at: finding.place.hiding(from: column),
                fix: finding.fix
            )
        }
    }

    /// An error was found: the file is refused.
    package mutating func error(_ message: String, at place: FilePlace, fix: String? = nil) {
        told.append(Finding(.error, message, at: place, fix: fix))
    }

    /// A warning was found: the file is used.
    package mutating func warning(_ message: String, at place: FilePlace, fix: String? = nil) {
        told.append(Finding(.warning, message, at: place, fix: fix))
    }

    /// Takes over what the YAML layer found.
    package mutating func add(_ others: [Finding]) {
        told += others
    }

    /// The variables that references may name.
    package var environment: [String: String] { outside.environment }

    /// The value that a reference stands for.
    mutating func outsideValue(of reference: OutsideReference) throws(SettingDamage) -> String {
        let value = try outside.value(of: reference, paths)
        outsideValues.append(value)
        return value
    }

    /// The fix with the names of what is being read.
    func naming(_ fix: String) -> String {
        named.reduce(fix) { fix, name in fix.replacing(name.key, with: name.value) }
    }

    /// Shows nothing of that line from that place on.
    mutating func hide(from place: FilePlace) {
        hiddenFrom[place.line] = min(place.column, hiddenFrom[place.line] ?? .max)
    }
}

/// The entries of a mapping under a table: unknown keys and missing ones are told, the others wait
/// to be read.
package struct Fields {
    /// Where the mapping begins.
    package let place: FilePlace
    private let entries: [String: YAMLEntry]

    /// Those of a mapping, held against its table.
    package init(_ node: YAMLNode, _ rows: [SettingRow], _ reading: inout FileReading) {
        place = node.place
        guard case .mapping(let written) = node.content else {
            entries = [:]
            if case .refused = node.content { return }
            reading.error(
                "keys and values belong here",
                at: node.place,
                fix: "write one of: \(Self.names(rows))"
            )
            return
        }
        var known: [String: YAMLEntry] = [:]
        for entry in written {
            guard let row = rows.first(where: { $0.name == entry.key }) else {
                Self.tellUnknown(entry, rows, &reading)
                continue
            }
            if row.effect == .notYet {
                reading.warning("'\(row.name)' is read, but nothing acts on it yet", at: entry.keyPlace)
            }
            known[row.name] = entry
        }
        for row in rows where row.isRequired && known[row.name] == nil {
            reading.error("'\(row.name)' is missing", at: node.place, fix: "add it. \(row.doc)")
        }
        entries = known
    }

    /// The value of a key: as written, else what holds without it.
    ///
    /// A written value that cannot be read is told, and counts as not written; the file is refused
    /// anyway.
    package func value<Value>(_ setting: Setting<Value>, _ reading: inout FileReading) -> Value? {
        guard let entry = entries[setting.row.name] else { return setting.fallback }
        if case .refused = entry.value.content { return setting.fallback }
        guard !entry.value.isAbsent else {
            reading.error(
                "'\(setting.row.name)' has no value",
                at: entry.keyPlace,
                fix: "write one, or leave the key out"
            )
            return setting.fallback
        }
        return setting.type.read(entry.value, &reading) ?? setting.fallback
    }

    /// Where the value of a key is written; where the mapping begins, when it is not.
    package func place<Value>(of setting: Setting<Value>) -> FilePlace {
        entries[setting.row.name]?.value.place ?? place
    }

    /// Whether the key is written.
    package func has<Value>(_ setting: Setting<Value>) -> Bool {
        entries[setting.row.name] != nil
    }

    private static func tellUnknown(_ entry: YAMLEntry, _ rows: [SettingRow], _ reading: inout FileReading) {
        let near = Suggestion.nearest(to: entry.key, among: rows.map(\.name))
        let fix = near.map { "did you mean '\($0)'?" } ?? "leave it out, or write one of: \(names(rows))"
        // The value of a key that we do not know may be a secret that somebody thought belongs
        // here.
        if mayNameSecret(entry.key) { reading.hide(from: entry.value.place) }
        reading.error("unknown key '\(Quoted.text(entry.key))'", at: entry.keyPlace, fix: fix)
    }

    private static func mayNameSecret(_ key: String) -> Bool {
        ["secret", "token", "password", "passwd", "key", "sha", "digest", "bearer", "auth"].contains {
            key.lowercased().contains($0)
        }
    }

    private static func names(_ rows: [SettingRow]) -> String {
        rows.map(\.name).joined(separator: ", ")
    }
}
