/// Swift source as the rules read it: line by line, code apart from comments and from what strings hold.
///
/// ```
/// let a = "x // y"  // why
/// tokens:  let a = " "
/// comment: // why
/// ```
///
/// Not a parser: it knows comments, strings (raw, multi-line, interpolated) and names in backticks, no more.
struct SwiftText: Sendable {
    /// The lines, first line first.
    let lines: [Line]
    /// String literals.
    let literals: [Literal]

    /// One line.
    struct Line: Sendable {
        /// The code; what strings, comments and backticked names hold is blanks or `_`.
        let code: String
        /// The code in pieces, each a name, a number or one other character: `a . b ( )`.
        let tokens: [String]
        /// The comments, with their marks.
        let comment: String

        /// Nothing but a comment.
        var isComment: Bool { tokens.isEmpty && !comment.isEmpty }
        /// A documentation comment.
        var isDocumentation: Bool { tokens.isEmpty && comment.hasPrefix("///") }
    }

    /// A string literal.
    struct Literal: Sendable {
        /// 1-based line on which it begins.
        let line: Int
        /// What stands in it, interpolations left out.
        var text = ""
        /// Whether it has an interpolation.
        var isInterpolated = false
    }

    /// Reads source text.
    init(_ source: String) {
        var scanner = SwiftScanner(source)
        scanner.scanCode(untilParenthesis: false)
        (lines, literals) = (scanner.finished, scanner.literals)
    }

    /// The plain comments beside a line and directly above it; attributes in between are passed over.
    func remarks(at index: Int) -> [String] {
        var found: [String] = []
        if !lines[index].comment.isEmpty { found.append(lines[index].comment) }
        var above = index - 1
        while above >= 0, lines[above].isComment || lines[above].tokens.first == "@" {
            if lines[above].isComment, !lines[above].isDocumentation { found.append(lines[above].comment) }
            above -= 1
        }
        return found
    }

    /// Whether a remark at the line says more than which lint rule is off.
    func isExplained(at index: Int) -> Bool {
        remarks(at: index).contains { !$0.contains("swift-format-ignore") }
    }

    /// The lines whose code holds this piece of code, as whole tokens.
    ///
    /// `Task.sleep` is not in `MyTask.sleep`, and `try!` is not in `try !a`.
    func indices(of piece: String) -> [Int] {
        let wanted = Self.tokens(of: piece)
        return lines.indices.filter {
            lines[$0].code.contains(piece) && !Self.positions(of: wanted, in: lines[$0].tokens).isEmpty
        }
    }

    /// Where some tokens begin among others.
    static func positions(of wanted: [String], in tokens: [String]) -> [Int] {
        guard tokens.count >= wanted.count else { return [] }
        return (0...(tokens.count - wanted.count)).filter {
            tokens[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    /// Code in pieces: names and numbers, and single other characters.
    static func tokens(of code: String) -> [String] {
        var tokens: [String] = []
        var name = ""
        for scalar in code.unicodeScalars {
            if scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                name.unicodeScalars.append(scalar)
                continue
            }
            if !name.isEmpty { tokens.append(name) }
            name = ""
            if scalar != " " { tokens.append(String(scalar)) }
        }
        return name.isEmpty ? tokens : tokens + [name]
    }
}
