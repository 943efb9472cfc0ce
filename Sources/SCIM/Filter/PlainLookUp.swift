/// A look-up as every client writes it: one of two attributes, `eq`, and text without escapes.
///
/// ```
/// userName eq "ada@example.com"        externalId eq "2819c223"
/// ```
/// Read without lexer, parser and resolver, which take 14,000 instructions for it, in code that nothing else of a request
/// runs: this takes 2,500. It gives what they give, and leaves everything else to them.
enum PlainLookUp {
    /// The attribute and the literal; nil for any other filter.
    static func read(_ filter: String) -> (attribute: Attribute, literal: String)? {
        let bytes = filter.utf8.span
        guard bytes.count <= FilterLimits.bytes else { return nil }
        for attribute in Attribute.allCases {
            let start = attribute.start
            guard begins(bytes, with: start), isPlain(bytes, from: start.count) else { continue }
            let literal = filter.utf8.dropFirst(start.count).dropLast()
            return (attribute, String(Substring(literal)))
        }
        return nil
    }

    /// What is looked up so.
    enum Attribute: CaseIterable {
        case userName, externalID

        /// The name in the schemas.
        var name: AttributeName {
            switch self {
            case .userName: "userName"
            case .externalID: "externalId"
            }
        }

        /// What the filter begins with.
        fileprivate var start: [UInt8] {
            switch self {
            case .userName: Self.userNameStart
            case .externalID: Self.externalIDStart
            }
        }

        private static let userNameStart = Array(#"userName eq ""#.utf8)
        private static let externalIDStart = Array(#"externalId eq ""#.utf8)
    }

    private static func begins(_ bytes: Span<UInt8>, with start: [UInt8]) -> Bool {
        guard bytes.count > start.count else { return false }
        for index in start.indices where bytes[index] != start[index] { return false }
        return true
    }

    /// Whether the rest is text that stands for itself, and the quote that ends it.
    private static func isPlain(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        let end = bytes.count - 1
        guard bytes[end] == UInt8(ascii: "\"") else { return false }
        for index in start..<end {
            let byte = bytes[index]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                return false
            }
        }
        return true
    }
}

extension ResolvedFilter {
    /// A filter as a client wrote it, ready to be run.
    ///
    /// - Throws: 400 `invalidFilter`, as ``Filter/parse(_:)`` and ``resolve(_:type:set:)``.
    package static func read(_ text: String, type: ResourceType.Name?, set: AttributeSet)
        throws(SCIMError)
        -> ResolvedFilter
    {
        if let lookUp = lookUp(text, type: type) { return lookUp }
        return try resolve(Filter.parse(text), type: type, set: set)
    }

    /// The filter of a plain look-up of a user; nil for any other.
    ///
    /// Both attributes are in every set.
    static func lookUp(_ text: String, type: ResourceType.Name?) -> ResolvedFilter? {
        guard type == .user, let (attribute, literal) = PlainLookUp.read(text) else { return nil }
        let (compared, equality): (Test, IndexedEquality)
        switch attribute {
        case .userName:
            let folded = CaseFolding.fold(literal)
            (compared, equality) = (.text(.eq, folded, isFolded: true), .userName(folded: folded))
        case .externalID:
            (compared, equality) = (.text(.eq, literal, isFolded: false), .externalID(literal))
        }
        let path = AttributePath(name: attribute.name)
        return ResolvedFilter(
            filter: Filter(root: .attribute(path, .compare(.eq, .string(literal)))),
            conditions: [(.user, .test(.attribute(.core, attribute.name, nil), compared))],
            exact: equality
        )
    }
}
