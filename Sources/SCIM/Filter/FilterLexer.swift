/// Cuts a filter into tokens: words, quoted text, parentheses and brackets.
///
/// A word is an attribute path, an operator, a keyword or a number: only the parser knows which it
/// must be where.
struct FilterLexer {
    /// The filter in UTF-8.
    let bytes: [UInt8]
    /// The token at hand.
    private(set) var token = Token(kind: .end, range: 0..<0, followsSpace: false)

    /// One piece of a filter.
    struct Token {
        let kind: Kind
        /// Where it stands, as offsets in bytes; quoted text includes its quotes.
        let range: Range<Int>
        /// Whether a space stands before it.
        let followsSpace: Bool
    }

    /// What a piece can be.
    enum Kind {
        case word, string, open, close, openBracket, closeBracket, end
        /// A byte that begins no token.
        case other
    }

    /// Stands before the first token.
    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Goes on to the next token.
    ///
    /// - Throws: `openString` when quoted text does not end.
    mutating func advance() throws(FilterSyntaxError) {
        let end = token.range.upperBound
        let start = bytes[end...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
        let kind = kind(at: start)
        token = Token(
            kind: kind,
            range: start..<(try self.end(of: kind, from: start)),
            followsSpace: start > end
        )
    }

    /// The bytes of the token at hand.
    var word: ArraySlice<UInt8> { bytes[token.range] }

    /// Whether the token at hand is this keyword, in any case.
    func isAt(keyword: String) -> Bool {
        token.kind == .word && TextOrder.isSameName(word, keyword.utf8)
    }

    /// An error at a byte; at the token at hand when none is given.
    func error(_ problem: FilterSyntaxError.Problem, at offset: Int? = nil) -> FilterSyntaxError {
        let before = bytes[..<(offset ?? token.range.lowerBound)]
        let continuationBytes = before.count { $0 & 0b1100_0000 == 0b1000_0000 }
        return FilterSyntaxError(position: before.count - continuationBytes + 1, problem: problem)
    }

    private func kind(at start: Int) -> Kind {
        guard start < bytes.endIndex else { return .end }
        switch bytes[start] {
        case UInt8(ascii: "("): return .open
        case UInt8(ascii: ")"): return .close
        case UInt8(ascii: "["): return .openBracket
        case UInt8(ascii: "]"): return .closeBracket
        case UInt8(ascii: "\""): return .string
        case let byte where PathByte.isOfPath(byte): return .word
        default: return .other
        }
    }

    private func end(of kind: Kind, from start: Int) throws(FilterSyntaxError) -> Int {
        switch kind {
        case .end: return start
        case .word: return bytes[start...].firstIndex { !PathByte.isOfPath($0) } ?? bytes.endIndex
        case .string: return try endOfString(from: start)
        default: return start + 1
        }
    }

    /// Finds the closing quote.
    ///
    /// A backslash guards the byte after it; what it means is read with the literal.
    private func endOfString(from start: Int) throws(FilterSyntaxError) -> Int {
        var index = start + 1
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        throw error(.openString, at: start)
    }
}
