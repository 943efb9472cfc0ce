import Foundation

/// Where words go: figures on stdout, how it goes on stderr.
enum Terminal {
    /// Writes a line of the result.
    static func result(_ line: String) {
        write(line, to: .standardOutput)
    }

    /// Writes a line for the person at the terminal.
    static func note(_ line: String) {
        write(line, to: .standardError)
    }

    private static func write(_ line: String, to file: FileHandle) {
        // Whoever closed the pipe does not want to know.
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
