/// A declaration as the rules see it.
struct Declaration {
    /// 0-based index of the line on which it begins.
    let index: Int
    /// The word that makes it one: `func`, `struct`, `case`.
    let keyword: String
    /// What stands before the keyword, attributes left out: `package`, `static`.
    let modifiers: [String]
    /// The name; for `init`, `deinit` and `subscript` the keyword.
    let name: String
    /// What it is declared in; nil at the top of a file.
    let enclosing: Enclosing?
    /// 0-based index of the line that closes its body; nil without a body.
    var end: Int?

    /// A type or extension around a declaration.
    struct Enclosing {
        /// The word that makes it one: `struct`, `extension`.
        let keyword: String
        /// Its modifiers.
        let modifiers: [String]
    }

    /// Whether other targets of the package see it.
    var isPackage: Bool {
        if modifiers.contains("package") { return true }
        guard let enclosing, enclosing.modifiers.contains("package") else { return false }
        let isNarrower = modifiers.contains { ["private", "fileprivate", "internal"].contains($0) }
        switch enclosing.keyword {
        case "protocol", "extension": return !isNarrower
        case "enum": return keyword == "case"
        default: return false
        }
    }
}

extension SwiftText {
    /// The declarations of types and members, and of functions wherever they are.
    var declarations: [Declaration] {
        var reader = DeclarationReader()
        for index in lines.indices { reader.read(lines[index].tokens, at: index) }
        return reader.declarations
    }
}

/// Follows braces and parentheses, line by line.
private struct DeclarationReader {
    private(set) var declarations: [Declaration] = []
    /// The open braces, outermost first: the declaration whose body each is, if any.
    private var open: [Int?] = []
    /// Parentheses and brackets that are open inside the innermost brace, per open brace.
    private var nesting = [0]
    /// The declaration whose body may begin next.
    private var awaited: Int?

    mutating func read(_ tokens: [String], at index: Int) {
        if nesting.last == 0, let declaration = declaration(beginning: tokens, at: index) {
            declarations.append(declaration)
            awaited = declarations.count - 1
        }
        for token in tokens { follow(token, at: index) }
    }

    private mutating func follow(_ token: String, at index: Int) {
        switch token {
        case "(", "[": nesting[nesting.count - 1] += 1
        case ")", "]": nesting[nesting.count - 1] -= 1
        case "{":
            open.append(nesting.last == 0 ? awaited : nil)
            if nesting.last == 0 { awaited = nil }
            nesting.append(0)
        case "}":
            guard let closed = open.popLast() else { return }
            nesting.removeLast()
            // A default argument's `{}` ends nothing: the body that is awaited is still to come.
            if nesting.last == 0 { awaited = nil }
            if let closed, declarations[closed].end == nil { declarations[closed].end = index }
        default: break
        }
    }

    private func declaration(beginning tokens: [String], at index: Int) -> Declaration? {
        var rest = tokens[...]
        var modifiers: [String] = []
        while let token = rest.first {
            if token == "@" {
                rest = Self.withoutArguments(rest.dropFirst(2))
            } else if Self.modifiers.contains(token),
                token != "class" || Self.keywords.contains(rest.dropFirst().first ?? "")
            {
                modifiers.append(token)
                rest = Self.withoutArguments(rest.dropFirst())
            } else {
                break
            }
        }
        guard let keyword = rest.first, Self.keywords.contains(keyword) else { return nil }
        let enclosing = open.last.flatMap { $0 }.map { declarations[$0] }
        if keyword == "case", enclosing?.keyword != "enum" { return nil }
        let isNamed = !["init", "deinit", "subscript"].contains(keyword)
        guard let name = isNamed ? rest.dropFirst().first : keyword else { return nil }
        return Declaration(
            index: index,
            keyword: keyword,
            modifiers: modifiers,
            name: name,
            enclosing: enclosing.map { Declaration.Enclosing(keyword: $0.keyword, modifiers: $0.modifiers) }
        )
    }

    /// Drops `(set)`, `(unsafe)` and the arguments of an attribute.
    private static func withoutArguments(_ tokens: ArraySlice<String>) -> ArraySlice<String> {
        guard tokens.first == "(" else { return tokens }
        var depth = 0
        for (offset, token) in tokens.enumerated() {
            if token == "(" { depth += 1 }
            if token == ")" { depth -= 1 }
            if depth == 0 { return tokens.dropFirst(offset + 1) }
        }
        return []
    }

    private static let modifiers: Set<String> = [
        "package", "internal", "private", "fileprivate", "public", "open", "static", "class", "final",
        "mutating",
        "nonmutating", "consuming", "borrowing", "indirect", "override", "convenience", "required", "lazy",
        "weak",
        "unowned", "nonisolated", "isolated", "prefix", "postfix", "infix", "dynamic", "optional", "unsafe",
        "distributed",
    ]
    private static let keywords: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "typealias", "associatedtype", "struct", "enum",
        "class",
        "actor", "protocol", "extension", "case", "import",
    ]
}
