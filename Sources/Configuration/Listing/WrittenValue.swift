/// One plain value of a file, with its whole path: what `config show` lists and a plan compares.
///
/// A list of plain values is one value: `[any]`.
package struct WrittenValue: Sendable, Equatable {
    /// `limits.body`, `listeners[0].address`, `connections[head-office].allow_from`.
    package let key: String
    /// Where the value comes from.
    package let origin: Origin
    /// What a change of it takes.
    package let effect: SettingRow.Effect
    /// Whether it may not be shown, such as a token's digest.
    let isSecret: Bool
    /// As it is written, without quotes.
    let text: String

    /// Where a value comes from.
    package enum Origin: Sendable, Equatable, CustomStringConvertible {
        /// A file says so.
        case file(FilePlace)
        /// An environment variable says so, instead of the file.
        case environment(String)
        /// Nobody says anything else.
        case fallback

        /// `gateway.yaml:5`, `SCIMGW_LIMITS__BODY` or `default`.
        package var description: String {
            switch self {
            case .file(let place): place.fileAndLine
            case .environment(let name): name
            case .fallback: "default"
            }
        }
    }

    /// Where the file says so; nil when it does not.
    package var place: FilePlace? {
        if case .file(let place) = origin { return place }
        return nil
    }

    /// Whether the value itself is elsewhere: `${env:NAME}`.
    ///
    /// A file with a reference that is none has been refused.
    package var isReference: Bool { text.hasPrefix("${") }

    /// The value as it is written, without what may be a secret.
    package var shown: String { isSecret && !isReference ? Self.hidden : text }

    /// The value as it is in force, without what may be a secret.
    package var shownInForce: String { isSecret || isReference ? Self.hidden : text }

    /// What stands for a value that is there and not shown.
    private static let hidden = "«set»"
}

extension WrittenValue {
    /// The values of a file that its table has keys for, in the table's order; with what holds for keys that are
    /// left out, or without.
    package static func listed(_ node: YAMLNode, _ rows: [SettingRow], withDefaults: Bool) -> [WrittenValue] {
        var listing = Listing(withDefaults: withDefaults)
        listing.add(node, rows, below: "")
        return listing.values
    }

    /// Goes through a file along its table.
    private struct Listing {
        let withDefaults: Bool
        var values: [WrittenValue] = []

        mutating func add(_ node: YAMLNode?, _ rows: [SettingRow], below path: String) {
            var entries: [YAMLEntry] = []
            if case .mapping(let written) = node?.content { entries = written }
            for row in rows {
                let key = path.isEmpty ? row.name : "\(path).\(row.name)"
                let value = entries.first { $0.key == row.name }?.value
                add(value?.isAbsent == true ? nil : value, row, key)
            }
        }

        private mutating func add(_ node: YAMLNode?, _ row: SettingRow, _ key: String) {
            switch row.shape {
            case .mapping(let rows):
                add(node, rows, below: key)
            case .mappings(_, let rows):
                guard case .mapping(let entries) = node?.content else { return }
                for entry in entries { add(entry.value, rows, below: "\(key).\(entry.key)") }
            case .list(.mapping(let rows), _):
                guard case .sequence(let nodes) = node?.content else { return }
                for (index, node) in nodes.enumerated() {
                    add(node, rows, below: "\(key)[\(Self.name(of: node) ?? "\(index)")]")
                }
            default:
                if let node {
                    append(row, key, Self.text(of: node), Self.origin(of: node))
                } else if withDefaults, let fallback = row.fallback {
                    append(row, key, Self.unquoted(fallback), .fallback)
                }
            }
        }

        private mutating func append(_ row: SettingRow, _ key: String, _ text: String, _ origin: Origin) {
            values.append(
                WrittenValue(
                    key: key,
                    origin: origin,
                    effect: row.effect,
                    isSecret: row.shape.isSecret,
                    text: text
                )
            )
        }

        /// What an entry of a list is called: its id, which stays when others move.
        private static func name(of node: YAMLNode) -> String? {
            guard case .mapping(let entries) = node.content,
                case .scalar(let text, _)? = entries.first(where: { $0.key == "id" })?.value.content
            else { return nil }
            return text
        }

        private static func text(of node: YAMLNode) -> String {
            switch node.content {
            case .scalar(let text, _): text
            case .sequence(let nodes): "[\(nodes.map(Self.text).joined(separator: ", "))]"
            case .mapping, .refused: ""
            }
        }

        private static func origin(of node: YAMLNode) -> Origin {
            let file = node.place.file
            return file.hasPrefix(EnvironmentOverrides.prefix) ? .environment(file) : .file(node.place)
        }

        private static func unquoted(_ text: String) -> String {
            text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
        }
    }
}
