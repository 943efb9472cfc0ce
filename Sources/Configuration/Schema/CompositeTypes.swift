extension SettingType {
    /// A list of at most so many values.
    ///
    /// Elements that cannot be read are told and left out.
    package static func list<Element: Sendable>(
        of element: SettingType<Element>,
        atMost limit: Int
    ) -> SettingType where Value == [Element] {
        SettingType(shape: .list(element.shape, atMost: limit)) { node, reading in
            guard case .sequence(let nodes) = node.content else {
                reading.error(
                    "a list belongs here",
                    at: node.place,
                    fix: "write [one, two], or a line with - for each"
                )
                return nil
            }
            guard nodes.count <= limit else {
                reading.error("\(nodes.count) entries are too many; \(limit) are allowed", at: node.place)
                return nil
            }
            return nodes.compactMap { node in
                if case .refused = node.content { return nil }
                guard !node.isAbsent else {
                    reading.error("this entry is empty", at: node.place)
                    return nil
                }
                return element.read(node, &reading)
            }
        }
    }

    /// A mapping with the keys of a table.
    package static func mapping(
        _ rows: [SettingRow],
        _ build: @escaping @Sendable (Fields, inout FileReading) -> Value?
    ) -> SettingType {
        SettingType(shape: .mapping(rows)) { node, reading in
            let fields = Fields(node, rows, &reading)
            return build(fields, &reading)
        }
    }

    /// A mapping from words to mappings with the keys of a table.
    package static func mappings<Word, Element: Sendable>(
        _ rows: [SettingRow],
        _ build: @escaping @Sendable (Word, Fields, inout FileReading) -> Element?
    ) -> SettingType
    where Value == [Word: Element], Word: RawRepresentable<String> & CaseIterable & Hashable & Sendable {
        let words = Word.allCases.map(\.rawValue)
        return SettingType(shape: .mappings(words, rows)) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.error(
                    "keys and values belong here",
                    at: node.place,
                    fix: "write one of: \(list(words))"
                )
                return nil
            }
            var found: [Word: Element] = [:]
            for entry in entries {
                guard let word = Word(rawValue: entry.key) else {
                    let near = Suggestion.nearest(to: entry.key, among: words)
                    reading.error(
                        "'\(Quoted.text(entry.key))' does not exist",
                        at: entry.keyPlace,
                        fix: near.map { "did you mean '\($0)'?" } ?? "use one of: \(list(words))"
                    )
                    continue
                }
                found[word] = build(word, Fields(entry.value, rows, &reading), &reading)
            }
            return found
        }
    }

    /// The value together with its place.
    package static func placed<Inner>(_ inner: SettingType<Inner>) -> SettingType
    where Value == Placed<Inner> {
        SettingType(shape: inner.shape) { node, reading in
            inner.read(node, &reading).map { Placed($0, at: node.place) }
        }
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
