import Logging
import SCIM

/// One field of a log line that many requests leave: a name and a text or a number.
///
/// swift-log's metadata is a table of boxed values, which is made, sorted and unboxed for each line: for the line of a
/// request that was 4 % of a GET. A list in the order of the names says the same.
struct LogField: Sendable {
    /// `http.route`.
    let name: JSONName
    /// What it says.
    let value: Value

    /// A text or a number.
    enum Value: Sendable {
        /// A JSON string.
        case text(String)
        /// A JSON number.
        case number(Int)
    }

    /// A field of that name.
    init(_ name: JSONName, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// The same fields for a logger that is not ours.
    static func metadata(_ fields: [LogField]) -> Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        for field in fields {
            switch field.value {
            case .text(let text): metadata[field.name.text] = .string(text)
            case .number(let number): metadata[field.name.text] = .stringConvertible(number)
            }
        }
        return metadata
    }
}

/// Takes the fields of a line, in the order of their names: the line itself, or a list of them.
protocol LogFieldTaking {
    /// Takes a text.
    mutating func take(_ name: JSONName, _ text: String)
    /// Takes a number.
    mutating func take(_ name: JSONName, _ number: Int)
}

extension JSONWriter: LogFieldTaking {
    mutating func take(_ name: JSONName, _ text: String) { member(name, text) }
    mutating func take(_ name: JSONName, _ number: Int) { member(name, number) }
}

extension [LogField]: LogFieldTaking {
    mutating func take(_ name: JSONName, _ text: String) { append(LogField(name, .text(text))) }
    mutating func take(_ name: JSONName, _ number: Int) { append(LogField(name, .number(number))) }
}
