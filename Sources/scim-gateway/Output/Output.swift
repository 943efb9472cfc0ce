import Foundation
import Terminal

/// Where a command's words go: the result alone on stdout, everything else on stderr.
enum Output {
    /// Writes a line of the result.
    static func result(_ line: String) {
        write(line + "\n", to: .standardOutput)
    }

    /// Writes a result that ends its own lines.
    static func text(_ text: String) {
        write(text, to: .standardOutput)
    }

    /// Writes a line for the person at the terminal that has to be read: a warning, a finding.
    static func note(_ line: String) {
        write(line + "\n", to: .standardError)
    }

    /// Writes why a command failed; it is the last that it writes.
    static func error(_ sentence: String) {
        write(
            Manner.current.colour(on: .standardError).paint("error:", .red) + " \(sentence)\n",
            to: .standardError
        )
    }

    /// Writes what is not as it should be, though the work is done.
    static func warning(_ sentence: String) {
        write(
            Manner.current.colour(on: .standardError).paint("warning:", .yellow) + " \(sentence)\n",
            to: .standardError
        )
    }

    /// Writes what is good to know, unless `--quiet` is given.
    static func remark(_ line: String) {
        if !Manner.current.isQuiet { note(line) }
    }

    /// Writes how the work is done, if `--verbose` is given.
    static func detail(_ line: String) {
        if Manner.current.isVerbose { note(line) }
    }

    /// Writes a piece of a line to the terminal, such as a bar or a question.
    static func progress(_ text: String) {
        write(text, to: .standardError)
    }

    /// Rows of equally many cells as lines, each column as wide as it needs to be.
    static func aligned(_ rows: [[String]]) -> [String] {
        var table = Table((rows.first ?? []).map { _ in "" })
        for row in rows { table.add(row) }
        return table.lines()
    }

    /// A result among many, as JSON on a line of its own.
    static func jsonLine(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private static func write(_ text: String, to file: FileHandle) {
        // A closed pipe (`| head`) is no reason to fail the work that was done.
        try? file.write(contentsOf: Data(text.utf8))
    }
}
