/// Looks through a file before the parser does, for what the parser takes and should not.
///
/// It knows YAML only roughly: quotes and comments within a line. That is enough to bound the
/// depth, which the parser recurses over, and to refuse anchors that are used, whose expansion
/// grows without bound.
struct YAMLPrecheck {
    private let source: SourceText
    private var depth = 0
    private var anchor: FilePlace?
    private var alias: FilePlace?
    private var finding: Finding?

    /// The first reason not to parse the file; nil when there is none.
    static func finding(in source: SourceText) -> Finding? {
        var check = YAMLPrecheck(source: source)
        for line in source.lines.indices {
            check.checkIndent(line)
            check.checkLine(line)
            if let finding = check.finding { return finding }
        }
        guard check.anchor != nil, let alias = check.alias else { return nil }
        return Finding(.error, "anchors and aliases are not understood", at: alias, fix: anchorFix)
    }

    static let anchorFix = "write the value itself; put the text in quotes when it begins with * or &"

    private init(source: SourceText) {
        self.source = source
    }

    private mutating func checkIndent(_ index: Int) {
        let line = source.lines[index]
        let indent = line.prefix { $0 == " " || $0 == "-" || $0 == "?" || $0 == ":" || $0 == "\t" }.count
        guard indent > ConfigurationLimits.indentColumns, indent < line.count, line[indent] != "#" else {
            return
        }
        let place = source.place(line: index + 1, column: indent + 1)
        finding = Finding(
            .error,
            "more than \(ConfigurationLimits.indentColumns) columns of indentation",
            at: place
        )
    }

    private mutating func checkLine(_ index: Int) {
        var quote: Unicode.Scalar?
        var previous: Unicode.Scalar = " "
        let line = source.lines[index]
        for (column, scalar) in line.enumerated() {
            let here = (line: index + 1, column: column + 1)
            if !Self.isPrintable(scalar) { refuse("a control character is not allowed in YAML", here) }
            if let open = quote {
                let isEscaped = open == "\"" && previous == "\\"
                if scalar == open, !isEscaped { quote = nil }
                previous = isEscaped ? " " : scalar
                continue
            }
            let startsToken = " \t[{,:-".unicodeScalars.contains(previous)
            let next = column + 1 < line.count ? line[column + 1] : " "
            switch scalar {
            case "#" where previous == " " || previous == "\t": return
            case "\"" where startsToken, "'" where startsToken: quote = scalar
            case "&" where startsToken && next != " ": anchor = anchor ?? place(here)
            case "*" where startsToken && next != " ": alias = alias ?? place(here)
            case "[", "{": enter(here)
            case "]", "}": depth = max(0, depth - 1)
            default: break
            }
            previous = scalar
        }
    }

    private mutating func enter(_ here: (line: Int, column: Int)) {
        depth += 1
        guard depth > ConfigurationLimits.bracketDepth else { return }
        refuse("more than \(ConfigurationLimits.bracketDepth) brackets in one another", here)
    }

    private mutating func refuse(_ message: String, _ here: (line: Int, column: Int)) {
        finding = finding ?? Finding(.error, message, at: place(here))
    }

    private func place(_ here: (line: Int, column: Int)) -> FilePlace {
        source.place(line: here.line, column: here.column)
    }

    /// YAML 1.1 §4.1.1, less what ends lines.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
