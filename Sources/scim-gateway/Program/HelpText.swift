import Foundation

/// Help as a screen shows it.
enum HelpText {
    /// Columns that help is arranged for: as many as the terminal has; nil asks it.
    static var columns: Int? { Manner.isTerminal(.standardOutput) ? nil : mostColumns }

    /// Help whose line of usage is broken like the rest: the parser writes it as one, however long.
    static func arranged(_ help: String) -> String {
        var lines = help.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(usage) ? broken($0) : String($0) }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// Breaks between options, never inside the brackets of one.
    private static func broken(_ line: Substring) -> String {
        var lines: [String] = []
        var current = ""
        for piece in pieces(of: line) {
            if !current.isEmpty, current.count + 1 + piece.count > mostColumns {
                lines.append(current)
                current = String(repeating: " ", count: usage.count) + piece
            } else {
                current += (current.isEmpty ? "" : " ") + piece
            }
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// `[--socket <socket>]` is one piece.
    private static func pieces(of line: Substring) -> [String] {
        var pieces: [String] = []
        for word in line.split(separator: " ") {
            let isOpen = pieces.last.map { $0.count { $0 == "[" } > $0.count { $0 == "]" } } ?? false
            if isOpen { pieces[pieces.count - 1] += " " + word } else { pieces.append(String(word)) }
        }
        return pieces
    }

    private static let usage = "USAGE: "
    /// Where the width of the reader's screen is not known: what fits a page of a terminal today.
    private static let mostColumns = 100
}
