internal import Yams

/// Turns the parser's nodes into ours, and finds what YAML allows and our files do not: anchors,
/// tags, keys that are no text, keys given twice.
struct YAMLConversion {
    private let source: SourceText
    private let keys: DuplicateKeys
    private(set) var findings: [Finding] = []

    init(source: SourceText, keys: DuplicateKeys) {
        self.source = source
        self.keys = keys
    }

    mutating func node(_ node: Node) -> YAMLNode {
        let place = place(of: node)
        // An anchor's use is a copy of its node: to go down there would show the copy at the
        // anchor's place.
        guard node.anchor == nil else {
            findings.append(
                Finding(
                    .error,
                    "anchors and aliases are not understood",
                    at: place,
                    fix: YAMLPrecheck.anchorFix
                )
            )
            return YAMLNode(place: place, content: .refused)
        }
        refuseTag(of: node, place)
        switch node {
        case .scalar(let scalar):
            return YAMLNode(place: place, content: .scalar(scalar.string, isQuoted: Self.isQuoted(scalar)))
        case .sequence(let sequence):
            return YAMLNode(place: place, content: .sequence(sequence.map { self.node($0) }))
        case .mapping(let mapping):
            return YAMLNode(place: place, content: .mapping(entries(of: mapping)))
        case .alias:
            return YAMLNode(place: place, content: .refused)
        }
    }

    private mutating func entries(of mapping: Node.Mapping) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var places: [String: FilePlace] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key, key.anchor == nil, let mark = key.mark else {
                findings.append(Finding(.error, "a key must be plain text", at: place(of: key)))
                continue
            }
            let name = keys.key(line: mark.line, column: mark.column) ?? scalar.string
            let length = source.length(of: name, line: mark.line, column: mark.column)
            let place = source.place(line: mark.line, column: mark.column, length: length)
            if let first = places[name] {
                let message =
                    "key '\(Quoted.text(name))' is given a second time; the first is in line \(first.line)"
                findings.append(Finding(.error, message, at: place, fix: "keep one of them"))
                continue
            }
            places[name] = place
            entries.append(YAMLEntry(key: name, keyPlace: place, value: node(value)))
        }
        return entries
    }

    private func place(of node: Node) -> FilePlace {
        guard let mark = node.mark else { return FilePlace(file: source.path) }
        guard case .scalar(let scalar) = node else {
            return source.place(line: mark.line, column: mark.column)
        }
        let length = source.length(of: scalar.string, line: mark.line, column: mark.column)
        return source.place(line: mark.line, column: mark.column, length: length)
    }

    /// `!!binary x` and the like ask for a typing that does not happen here.
    private mutating func refuseTag(of node: Node, _ place: FilePlace) {
        let (tag, isImplicit): (Tag, Bool)
        switch node {
        case .scalar(let scalar): (tag, isImplicit) = (scalar.tag, Self.isQuoted(scalar))
        case .sequence(let sequence): (tag, isImplicit) = (sequence.tag, false)
        case .mapping(let mapping): (tag, isImplicit) = (mapping.tag, false)
        case .alias: return
        }
        // Quoted text carries the tag of a string though none is written.
        guard !tag.description.isEmpty, !isImplicit else { return }
        findings.append(
            Finding(.error, "tags are not understood", at: place, fix: "leave the word with ! out")
        )
    }

    private static func isQuoted(_ scalar: Node.Scalar) -> Bool {
        scalar.style != .plain && scalar.style != .any
    }
}

/// Says what the parser stumbled over, in words for people who do not know YAML's grammar.
enum YAMLProblem {
    static func finding(for error: any Error, in source: SourceText) -> Finding {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            return finding(problem, line: mark.line, column: mark.column, in: source)
        default:
            return Finding(.error, "the file is not YAML", at: FilePlace(file: source.path))
        }
    }

    private static func finding(_ problem: String, line: Int, column: Int, in source: SourceText) -> Finding {
        // The parser stumbles over an end behind the last line: what is missing is missing in that.
        let last = min(line, source.lines.count)
        let place = source.place(
            line: last,
            column: last == line ? column : (source.lines.last?.count ?? 0) + 1
        )
        if source.scalar(line: line, column: column) == "\t" || problem.contains("tab character") {
            return Finding(
                .error,
                "tabs cannot indent YAML",
                at: place,
                fix: "use spaces (your editor: expand tabs in *.yaml)"
            )
        }
        let (message, fix) = words[problem] ?? ("this is not YAML: \(problem)", nil)
        return Finding(.error, message, at: place, fix: fix)
    }

    private static let words: [String: (String, String?)] = [
        "mapping values are not allowed in this context": (
            "a ':' is not allowed here",
            "check the indentation of this line and the one before; put text that holds ': ' in quotes"
        ),
        "did not find expected key": ("a key was expected here", "check the indentation and the quotes"),
        "could not find expected ':'": (
            "a ':' was expected after the key", "check this line and the one before"
        ),
        "found unexpected end of stream": ("the file ends within quotes or brackets", "close them"),
        "did not find expected '-' indicator": (
            "a '-' was expected here", "check the indentation of the list"
        ),
        "did not find expected node content": (
            "a value was expected here", "write it, or close the bracket"
        ),
        "mapping keys are not allowed in this context": (
            "a '?' is not allowed here", "put text that begins with ? in quotes"
        ),
        "did not find expected <document start>": (
            "this line does not belong to what stands before", "check the indentation and the brackets"
        ),
        "found unexpected document indicator": ("the document ends within quotes", "close them"),
        "found unexpected ':'": ("a ':' is not allowed here", "put text that holds ':' in quotes"),
        "found undefined tag handle": ("tags are not understood", "leave the word with ! out"),
        "did not find expected tag URI": ("tags are not understood", "leave the word with ! out"),
        "did not find expected whitespace or line break": (
            "a space was expected here", "put the value in quotes when it begins with !, & or *"
        ),
        "did not find expected comment or line break": (
            "nothing may stand here but a comment", "begin the text on the next line"
        ),
        "did not find expected alphabetic or numeric character": (
            "anchors and aliases are not understood", YAMLPrecheck.anchorFix
        ),
        "found unknown directive name": (
            "directives are not understood", "leave the line with % out"
        ),
        "did not find expected hexdecimal number": (
            "this is no escape that YAML knows", "write \\\\ for a backslash, or use single quotes"
        ),
        "did not find expected ',' or ']'": ("a ',' or ']' was expected here", nil),
        "did not find expected ',' or '}'": ("a ',' or '}' was expected here", nil),
        "found character that cannot start any token": (
            "a value cannot begin with this character", "put the value in quotes"
        ),
        "found unknown escape character": (
            "this is no escape that YAML knows", "write \\\\ for a backslash, or use single quotes"
        ),
        "found undefined alias": ("anchors and aliases are not understood", YAMLPrecheck.anchorFix),
        "but found another document": (
            "a file holds one document", "split the file at the line of three dashes"
        ),
        "block sequence entries are not allowed in this context": (
            "a list cannot begin here", "begin it on a line of its own"
        ),
    ]
}

/// Values in messages.
package enum Quoted {
    /// The text, cut to ``ConfigurationLimits/quotedCharacters`` and without control characters.
    package static func text(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(ConfigurationLimits.quotedCharacters) {
            kept.append(SourceText.isControl(scalar) ? " " : scalar)
        }
        if text.unicodeScalars.count > ConfigurationLimits.quotedCharacters { kept.append("…") }
        return String(kept)
    }
}
