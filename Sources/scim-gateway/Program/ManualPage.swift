import Gateway

/// A page of the manual while it is written, in man(7)'s macros.
struct ManualPage {
    private(set) var text: String

    /// A page of that name and section of the manual.
    init(_ name: String, section: Int, title: String) {
        text =
            ".TH \"\(name.uppercased())\" \"\(section)\" \"\" \"scim-gateway \(ProgramVersion.text)\" \"scim-gateway\"\n"
        heading("NAME")
        // The page's index reads this line: name, dash, what it is.
        text += "\(Self.escaped(name)) \\- \(Self.escaped(title))\n"
    }

    /// A heading.
    mutating func heading(_ words: String) {
        text += ".SH \(Self.argument(words))\n"
    }

    /// A heading below a heading.
    mutating func subheading(_ words: String) {
        text += ".SS \(Self.argument(words))\n"
    }

    /// Sentences; an empty line begins a paragraph.
    mutating func paragraph(_ words: String) {
        for (index, part) in words.split(separator: "\n\n").enumerated() {
            // A heading begins a paragraph itself.
            text +=
                (index == 0 ? "" : ".PP\n")
                + part.split(separator: "\n").map(Self.line).joined(separator: "\n") + "\n"
        }
    }

    /// A term and what it is.
    mutating func item(_ term: String, _ words: [String]) {
        text +=
            ".TP\n\\fB\(Self.escaped(term))\\fR\n"
            + words.map { Self.line($0[...]) }.joined(separator: "\n.br\n") + "\n"
    }

    /// A line of text: one that began with a dot or a quote would be taken for a macro.
    private static func line(_ words: Substring) -> String {
        let text = escaped(String(words))
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    /// An argument of a macro.
    private static func argument(_ words: String) -> String {
        "\"" + escaped(words).replacing("\"", with: "\\(dq") + "\""
    }

    /// Text that means what it says in roff: hyphens that can be copied, and nothing but ASCII, whatever the locale.
    ///
    /// A word that is wider than a line, such as a digest, may be broken anywhere.
    private static func escaped(_ words: String) -> String {
        words.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let isLong = word.unicodeScalars.count > longestWord
            return word.unicodeScalars.map { (isLong ? "\\:" : "") + escaped($0) }.joined()
        }.joined(separator: " ")
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": return "\\e"
        case "-": return "\\-"
        case _ where scalar.isASCII: return String(scalar)
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
        }
    }

    /// Characters of a word that fits a narrow page.
    private static let longestWord = 50
}
