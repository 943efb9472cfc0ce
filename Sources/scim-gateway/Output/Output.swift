import ArgumentParser
import Foundation

/// The form of a command's result.
struct OutputForm: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "text or json.")
    var output = Form.text

    /// For people, or for programs.
    enum Form: String, ExpressibleByArgument {
        case text, json
    }
}

/// Where a command's words go: the result alone on stdout, everything else on stderr.
enum Output {
    /// Writes a line of the result.
    static func result(_ line: String) {
        write(line, to: .standardOutput)
    }

    /// Writes a result that ends its own lines.
    static func text(_ text: String) {
        // As in write(_:to:).
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// Writes a line for the person at the terminal.
    static func note(_ line: String) {
        write(line, to: .standardError)
    }

    /// A table with columns as wide as they need to be, without borders: easy to cut and grep.
    static func table(_ header: [String], _ rows: [[String]]) {
        for line in aligned([header] + rows) { result(line) }
    }

    /// Rows of equally many cells as lines, each column as wide as it needs to be.
    static func aligned(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The result as JSON for programs: sorted keys, so that a diff of two is short.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A result among many, as JSON on a line of its own.
    static func jsonLine(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private static func write(_ line: String, to file: FileHandle) {
        // A closed pipe (`| head`) is no reason to fail the work that was done.
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
