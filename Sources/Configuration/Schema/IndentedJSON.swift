package import SCIM

/// JSON for people: a member a line, two spaces a level.
package enum IndentedJSON {
    /// The text of a value, without a line end at its end.
    package static func text(_ value: JSONValue) -> String {
        text(value, indent: "")
    }

    private static func text(_ value: JSONValue, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map {
                "\(inner)\(plain(.string($0.name))): \(text($0.value, indent: inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where elements.contains(where: isNested):
            let lines = elements.map { inner + text($0, indent: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .array(let elements):
            return "[\(elements.map(plain).joined(separator: ", "))]"
        default:
            return plain(value)
        }
    }

    private static func isNested(_ value: JSONValue) -> Bool {
        switch value {
        case .object, .array: true
        default: false
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
