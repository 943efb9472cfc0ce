/// What a shape is called, for `explain` and for messages that may not show a value.
extension SettingShape {
    /// What belongs there: `a number with its unit of time (ms, s, m, h, d), 0s to 30s`.
    package var words: String {
        switch self {
        case .text(let maximumBytes): "text of 1 to \(maximumBytes) bytes, in one line"
        case .choice(let words): "one of: \(words.joined(separator: ", "))"
        case .flag: "true or false"
        case .integer(let range):
            range.count == 1
                ? "\(range.lowerBound)" : "a whole number, \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "a number with its unit of time (ms, s, m, h, d), "
                + "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
        case .size(let range):
            "a number with its unit of size (B, KiB, MiB, GiB), "
                + "\(Quantity.text(bytes: range.lowerBound)) to \(Quantity.text(bytes: range.upperBound))"
        case .moment: "a day (its start, UTC), or RFC 3339 with a zone"
        case .trueOrMoment: "true, a day (its start, UTC), or RFC 3339 with a zone"
        case .path: "a path; a relative one counts from the file's folder"
        case .form(let form): form.words
        case .list(let element, let limit): "a list of at most \(limit): \(element.words)"
        case .mapping: "keys and values"
        case .mappings(let words, _): "keys and values under: \(words.joined(separator: ", "))"
        }
    }

    /// A value as it would be written; nil for keys that hold keys.
    package var example: String? {
        switch self {
        case .text: "Text for people"
        case .choice(let words): words.first.map(Self.quotedWhereYAMLMeansMore)
        case .flag: "true"
        case .integer(let range): "\(range.lowerBound)"
        case .duration(let range): Quantity.text(range.upperBound)
        case .size(let range): Quantity.text(bytes: range.upperBound)
        case .moment, .trueOrMoment: "2027-11-23"
        case .path: "/etc/scim-gateway/file"
        case .form(let form): form.example
        case .list(let element, _): element.example.map { "[\($0)]" }
        case .mapping, .mappings: nil
        }
    }

    /// Whether what is written may not be shown.
    var isSecret: Bool {
        if case .form(let form) = self { form.isSecret } else { false }
    }

    /// The tables of keys below, with the words between: none for a plain value.
    package var tables: [(word: String?, rows: [SettingRow])] {
        switch self {
        case .mapping(let rows): [(nil, rows)]
        case .list(let element, _): element.tables
        case .mappings(let words, let rows): words.map { ($0, rows) }
        default: []
        }
    }

    /// Other readers of YAML take these words for booleans.
    private static func quotedWhereYAMLMeansMore(_ word: String) -> String {
        ["off", "on", "yes", "no"].contains(word) ? "\"\(word)\"" : word
    }
}
