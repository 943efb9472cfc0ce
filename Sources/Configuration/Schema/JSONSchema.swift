package import SCIM

/// The JSON Schema of a file, draft-07, made of its table: for editors and for checks elsewhere.
///
/// Draft-07 because yaml-language-server reads no later one. It takes what the gateway takes, as a
/// reader of YAML 1.2 sees it; bounds of durations and sizes, and what depends on other keys or
/// files, `config check` alone knows.
package enum JSONSchema {
    /// The schema of a kind of file.
    package static func schema(_ rows: [SettingRow], title: String) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("$schema", .string("http://json-schema.org/draft-07/schema#")),
            ("title", .string(title)),
        ]
        members += mapping(rows)
        members.append(("definitions", object([("outside", outside)])))
        return object(members)
    }

    private static let outside = object([
        ("description", .string("A value that is elsewhere: ${env:NAME} or ${file:PATH}, whole.")),
        ("type", .string("string")), ("pattern", .string(#"^\$\{(env:[A-Za-z_][0-9A-Za-z_]*|file:.+)\}$"#)),
    ])

    private static func mapping(_ rows: [SettingRow]) -> [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [
            ("type", .string("object")), ("additionalProperties", .boolean(false)),
        ]
        let required = rows.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        members.append(("properties", object(rows.map { ($0.name, property($0)) })))
        return members
    }

    private static func property(_ row: SettingRow) -> JSONValue {
        let effect =
            switch row.effect {
            case .reload: ""
            case .restart: " A change needs a restart."
            case .notYet: " Nothing acts on it yet."
            }
        var members: [(String, JSONValue)] = [("description", .string(row.doc + effect))]
        if let fallback = row.fallback { members.append(("default", value(fallback, row.shape))) }
        return object(members + self.members(of: row.shape))
    }

    /// What a value must be; a plain one may be elsewhere instead.
    private static func members(of shape: SettingShape) -> [(String, JSONValue)] {
        switch shape {
        case .mapping(let rows): return mapping(rows)
        case .mappings(let words, let rows):
            let one = object(mapping(rows))
            return [
                ("type", .string("object")), ("additionalProperties", .boolean(false)),
                ("properties", object(words.map { ($0, one) })),
            ]
        case .list(let element, let limit):
            return [
                ("type", .string("array")), ("maxItems", number(limit)),
                ("items", object(members(of: element))),
            ]
        default:
            let elsewhere = object([("$ref", .string("#/definitions/outside"))])
            return [("anyOf", .array(plain(shape).map(object) + [elsewhere]))]
        }
    }

    /// The forms of a plain value.
    private static func plain(_ shape: SettingShape) -> [[(String, JSONValue)]] {
        switch shape {
        case .text(let bytes):
            // Bytes bound characters from above; a display name such as 42 or true is text to us.
            return [
                [("type", .string("string")), ("minLength", number(1)), ("maxLength", number(bytes))],
                [("type", .array([.string("number"), .string("boolean")]))],
            ]
        case .choice(let words): return [[("enum", .array(words.map { .string($0) }))]]
        case .flag: return [[("type", .string("boolean"))]]
        case .integer(let range):
            return [
                [
                    ("type", .string("integer")), ("minimum", number(range.lowerBound)),
                    ("maximum", number(range.upperBound)),
                ]
            ]
        case .trueOrMoment: return [[("const", .boolean(true))], text(moment)]
        case .form(let form):
            return [text(form.pattern)] + (form.looksLike.map { [[("type", .string($0.rawValue))]] } ?? [])
        default: return [text(pattern(of: shape))]
        }
    }

    private static func pattern(of shape: SettingShape) -> String {
        switch shape {
        case .duration: "^[0-9]+(ms|s|m|h|d)$"
        case .size: "^[0-9]+(B|KiB|MiB|GiB)$"
        case .moment: moment
        default: "."
        }
    }

    private static let moment =
        #"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"#

    private static func text(_ pattern: String) -> [(String, JSONValue)] {
        [("type", .string("string")), ("pattern", .string(pattern))]
    }

    /// A default as JSON has it; the tables hold it as YAML has.
    private static func value(_ written: String, _ shape: SettingShape) -> JSONValue {
        switch shape {
        case .integer: return .number(JSONNumber(text: written))
        case .flag: return .boolean(written == "true")
        case .list where written == "[]": return .array([])
        default:
            let isQuoted = written.hasPrefix("\"") && written.hasSuffix("\"")
            return .string(isQuoted ? String(written.dropFirst().dropLast()) : written)
        }
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(text: String(value))) }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }
}
