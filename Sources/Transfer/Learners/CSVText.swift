/// Writes fields of a CSV (RFC 4180) that a spreadsheet takes for text, whatever they hold.
///
/// A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, and people's names
/// come from outside. Such a field gets an apostrophe before it, which spreadsheets take as "this is text"
/// (OWASP, CSV Injection, 2024). So does one that has apostrophes before such a character already: thus ``unguarded(_:)``
/// gives every field back as it was.
package enum CSVText {
    /// A line of fields, with its line end.
    package static func line(_ fields: [String]) -> String {
        fields.map { quoted(guarded($0)) }.joined(separator: ",") + "\r\n"
    }

    /// The field, harmless to a spreadsheet.
    package static func guarded(_ field: String) -> String {
        isFormula(field.utf8.drop { $0 == apostrophe }) ? "'" + field : field
    }

    /// The field as it was before ``guarded(_:)``.
    package static func unguarded(_ field: String) -> String {
        guard field.utf8.first == apostrophe, isFormula(field.utf8.drop { $0 == apostrophe }) else {
            return field
        }
        return String(field.unicodeScalars.dropFirst())
    }

    private static func isFormula(_ rest: Substring.UTF8View) -> Bool {
        switch rest.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D: true
            default: false
            }
        }
        guard needsQuotes else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private static let apostrophe = UInt8(ascii: "'")
}
