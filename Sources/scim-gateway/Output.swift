import Foundation

/// Where a command's words go: the result alone on stdout, everything else on stderr.
enum Output {
    /// Writes a line of the result.
    static func result(_ line: String) {
        write(line, to: .standardOutput)
    }

    /// Writes a line for the person at the terminal.
    static func note(_ line: String) {
        write(line, to: .standardError)
    }

    /// A table with columns as wide as they need to be, without borders: easy to cut and grep.
    static func table(_ header: [String], _ rows: [[String]]) {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for row in all {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            result(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    private static func write(_ line: String, to file: FileHandle) {
        // A closed pipe (`| head`) is no reason to fail the work that was done.
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
