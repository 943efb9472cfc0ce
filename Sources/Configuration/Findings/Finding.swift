/// One problem in a file: where, what, and what to do.
///
/// ```
/// tenants/contoso.yaml:3:1: error: unknown key 'displayname'
///   3 | displayname: Contoso Ltd
///     | ^^^^^^^^^^^
///   fix: did you mean 'display_name'?
/// ```
package struct Finding: Sendable, Equatable {
    /// Where the problem is.
    package let place: FilePlace
    /// Whether the file is refused for it.
    package let severity: Severity
    /// What is wrong, in one sentence without a full stop.
    ///
    /// Never holds a secret.
    package let message: String
    /// What to do; nil when the message says it.
    package let fix: String?
    /// The findings of a file that are only counted, when this is the line that counts them.
    let counted: Counted?

    /// Findings that are not told one by one.
    struct Counted: Sendable, Equatable {
        let errors: Int
        let warnings: Int
    }

    /// How bad a finding is.
    package enum Severity: String, Sendable {
        /// The file is refused.
        case error
        /// The file is used.
        case warning
    }

    /// A finding.
    ///
    /// Tokens in its texts are cut to their public id.
    package init(_ severity: Severity, _ message: String, at place: FilePlace, fix: String? = nil) {
        self.place = place
        self.severity = severity
        self.message = SecretText.removed(from: message)
        self.fix = fix.map(SecretText.removed)
        counted = nil
    }

    /// The line that stands for the findings of a file that are only counted.
    init(counting counted: Counted, in file: String) {
        place = FilePlace(file: file)
        severity = counted.errors > 0 ? .error : .warning
        message = "and \(counted.errors + counted.warnings) more"
        fix = nil
        self.counted = counted
    }
}

extension Finding: CustomStringConvertible {
    /// The text for an operator, of one to four lines.
    package var description: String {
        var lines = ["\(place): \(severity.rawValue): \(message)"]
        lines += place.excerpt
        if let fix { lines.append("  fix: \(fix)") }
        return lines.joined(separator: "\n")
    }
}

/// A place in a file, with what stands there.
package struct FilePlace: Sendable, Equatable, CustomStringConvertible {
    /// The file's path as it was opened.
    package let file: String
    /// 1-based; 0 for the file as a whole.
    package let line: Int
    /// 1-based, in Unicode scalars; 0 for the line as a whole.
    package let column: Int
    /// Columns from there that the caret underlines.
    package let length: Int
    /// The line, without secrets and control characters, as far as it is shown; nil when it is not.
    package let sourceLine: String?

    /// The file as a whole.
    package init(file: String) {
        self.init(file: file, line: 0, column: 0, length: 0, sourceLine: nil)
    }

    /// A place in a line.
    package init(file: String, line: Int, column: Int, length: Int, sourceLine: String?) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.sourceLine = sourceLine
    }

    /// `tenants/contoso.yaml:3:1`.
    package var description: String {
        if line == 0 { return file }
        return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
    }

    /// `tenants/contoso.yaml:3`.
    package var fileAndLine: String { line == 0 ? file : "\(file):\(line)" }

    /// The same place, with all that stands in its line from a column on hidden.
    func hiding(from hidden: Int) -> FilePlace {
        let kept = sourceLine.map { String($0.unicodeScalars.prefix(max(0, hidden - 1))) + "…" }
        let length = max(1, min(length, hidden - column))
        return FilePlace(file: file, line: line, column: column, length: length, sourceLine: kept)
    }

    /// The line and the carets below it; empty when the line is not shown.
    fileprivate var excerpt: [String] {
        guard let sourceLine, !sourceLine.isEmpty, line > 0 else { return [] }
        let number = String(line)
        let width = max(3, number.count)
        let gutter = String(repeating: " ", count: width)
        let shown = [gutter.dropLast(number.count) + number + " | " + sourceLine]
        let room = sourceLine.unicodeScalars.count + 1 - column
        guard column > 0, room >= 0 else { return shown }
        let carets = String(repeating: "^", count: max(1, min(length, room)))
        return shown + [gutter + " | " + String(repeating: " ", count: column - 1) + carets]
    }
}

/// Keeps tokens out of what is said about a file: all that is known here about them is what they look like.
enum SecretText {
    private static let prefix = Array("sgw_".unicodeScalars)

    /// The text with the secret part of every token cut: `sgw_k7Qm2x4B_…`.
    static func removed(from text: String) -> String {
        replaced(in: text) { _ in "…" }
    }

    /// The text with the secret part of every token covered, so that all else keeps its column.
    static func covered(in text: String) -> String {
        replaced(in: text) { String(repeating: "*", count: $0) }
    }

    private static func replaced(in text: String, _ cover: (Int) -> String) -> String {
        guard text.holds("sgw_") else { return text }
        var kept = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.first {
            guard rest.starts(with: prefix) else {
                kept.append(scalar)
                rest = rest.dropFirst()
                continue
            }
            let token = rest.prefix { $0 == "_" || $0.isPlainLetterOrDigit }
            // Prefix, id and underscore are public; a text without the second underscore shows
            // nothing but the prefix.
            let hasID = token.count >= 13 && token[token.startIndex + 12] == "_"
            let shown = hasID ? 13 : 4
            kept.append(contentsOf: token.prefix(shown))
            if token.count > shown { kept.append(contentsOf: cover(token.count - shown).unicodeScalars) }
            rest = rest.dropFirst(token.count)
        }
        return String(kept)
    }
}
