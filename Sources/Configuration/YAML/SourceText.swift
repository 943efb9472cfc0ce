/// A file's text by lines, as the YAML parser counts them.
struct SourceText: Sendable {
    /// The file's path, as messages show it.
    let path: String
    /// The whole text.
    let text: String
    /// The lines without their ends.
    let lines: [[Unicode.Scalar]]
    /// Whether every line but the last ends with LF.
    let hasPlainLineEnds: Bool
    /// The lines as findings show them.
    private let shownLines: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        (lines, hasPlainLineEnds) = Self.lines(of: text)
        shownLines = lines.map(Self.shown)
    }

    /// A place in the text; line and column from 1, in Unicode scalars.
    func place(line: Int, column: Int, length: Int = 1) -> FilePlace {
        guard line >= 1, line <= lines.count else { return FilePlace(file: path) }
        return FilePlace(
            file: path,
            line: line,
            column: column,
            length: length,
            sourceLine: shownLines[line - 1]
        )
    }

    /// The scalar at a place; nil past the end of the line.
    func scalar(line: Int, column: Int) -> Unicode.Scalar? {
        guard line >= 1, line <= lines.count, column >= 1, column <= lines[line - 1].count else { return nil }
        return lines[line - 1][column - 1]
    }

    /// How many columns the scalar value that begins there takes, as far as it can be told from one
    /// line.
    func length(of value: String, line: Int, column: Int) -> Int {
        guard line >= 1, line <= lines.count, let first = scalar(line: line, column: column) else { return 1 }
        let rest = lines[line - 1][(column - 1)...]
        if first == "\"" || first == "'" {
            let end = rest.dropFirst().firstIndex(of: first) ?? rest.startIndex
            return end - rest.startIndex + 1
        }
        return rest.starts(with: value.unicodeScalars) ? max(1, value.unicodeScalars.count) : 1
    }

    private static func shown(_ line: [Unicode.Scalar]) -> String {
        if line.count <= ConfigurationLimits.shownColumns, line.allSatisfy(isPlain) {
            return SecretText.covered(in: String(decoding: line.map { UInt8($0.value) }, as: UTF8.self))
        }
        var kept = String.UnicodeScalarView()
        for scalar in line.prefix(ConfigurationLimits.shownColumns) {
            kept.append(isControl(scalar) ? " " : scalar)
        }
        if line.count > ConfigurationLimits.shownColumns { kept.append("…") }
        return SecretText.covered(in: String(kept))
    }

    /// What nearly all text is made of, and is shown as it is.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool { (0x20...0x7E).contains(scalar.value) }

    /// Control and format characters, which could write over a terminal or turn its direction.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// YAML 1.1 §4.2: LF, CR, CR LF, NEL, LS and PS end a line.
    private static func lines(of text: String) -> (lines: [[Unicode.Scalar]], endPlainly: Bool) {
        var lines: [[Unicode.Scalar]] = []
        var line: [Unicode.Scalar] = []
        var previous: Unicode.Scalar = " "
        var endPlainly = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r":
                break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                endPlainly = endPlainly && scalar == "\n"
                lines.append(line)
                line = []
            default:
                line.append(scalar)
            }
            previous = scalar
        }
        lines.append(line)
        return (lines, endPlainly)
    }
}

extension Unicode.Scalar {
    /// Whether it is one of `0`…`9`, `A`…`Z`, `a`…`z`.
    var isPlainLetterOrDigit: Bool {
        switch self {
        case "0"..."9", "A"..."Z", "a"..."z": true
        default: false
        }
    }
}
