/// Reads a filter by recursive descent: one function per rule of `filter.abnf`, which stands beside
/// this file.
///
/// Length, depth and number of terms are counted while reading, so that a hostile filter costs no
/// more than a large honest one (``FilterLimits``).
struct FilterParser {
    private var lexer: FilterLexer
    private var depth = 0
    private var terms = 0

    /// Stands at the first token.
    ///
    /// - Throws: `tooLong` past ``FilterLimits/bytes``.
    init(_ text: String) throws(FilterSyntaxError) {
        guard text.utf8.count <= FilterLimits.bytes else {
            throw FilterSyntaxError(position: 1, problem: .tooLong)
        }
        lexer = FilterLexer(text)
        try lexer.advance()
    }

    /// Where an expression stands: brackets allow no value path inside.
    private enum Place {
        case filter, brackets
    }

    /// Rule `filter`: the whole text.
    mutating func filter() throws(FilterSyntaxError) -> Filter.Node {
        let node = try disjunction(in: .filter)
        try expectEnd()
        return node
    }

    /// Rule `path` of PATCH: the whole text.
    mutating func path() throws(FilterSyntaxError) -> PatchPath {
        let attribute = try attrPath()
        guard lexer.token.kind == .openBracket, !lexer.token.followsSpace else {
            try expectEnd()
            return .attribute(attribute)
        }
        let values = try valuePath(of: attribute)
        let subAttribute = try subAttr()
        try expectEnd()
        return .values(values, subAttribute: subAttribute)
    }

    /// Rule `disjunction`.
    private mutating func disjunction(in place: Place) throws(FilterSyntaxError) -> Filter.Node {
        var operands = [try conjunction(in: place)]
        while try takeJunction("or") { operands.append(try conjunction(in: place)) }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    /// Rule `conjunction`.
    private mutating func conjunction(in place: Place) throws(FilterSyntaxError) -> Filter.Node {
        var operands = [try operand(in: place)]
        while try takeJunction("and") { operands.append(try operand(in: place)) }
        return operands.count == 1 ? operands[0] : .and(operands)
    }

    /// Rule `operand`: which of the alternatives it is shows after the attribute's path.
    private mutating func operand(in place: Place) throws(FilterSyntaxError) -> Filter.Node {
        if lexer.token.kind == .open { return try group(in: place) }
        if lexer.isAt(keyword: "not") { return try negation(in: place) }

        let attribute = try attrPath()
        guard lexer.token.kind == .openBracket, !lexer.token.followsSpace else {
            return .attribute(attribute, try attrExp())
        }
        guard place == .filter else { throw lexer.error(.nestedValuePath) }
        let values = try valuePath(of: attribute)
        guard let subAttribute = try subAttr() else { return .valuePath(values) }
        return .selection(values, subAttribute, try attrExp())
    }

    /// Rule `group` that begins with `not`.
    private mutating func negation(in place: Place) throws(FilterSyntaxError) -> Filter.Node {
        try lexer.advance()
        guard lexer.token.kind == .open else { throw lexer.error(.notWithoutParentheses) }
        return .not(try group(in: place))
    }

    /// Rule `group` without `not`.
    private mutating func group(in place: Place) throws(FilterSyntaxError) -> Filter.Node {
        try descend()
        let node = try disjunction(in: place)
        try ascend(over: .close, else: .openParenthesis)
        return node
    }

    /// Rule `valuePath`, from the bracket on.
    private mutating func valuePath(of attribute: AttributePath) throws(FilterSyntaxError) -> ValuePath {
        try descend()
        let filter = try disjunction(in: .brackets)
        try ascend(over: .closeBracket, else: .openBracket)
        return ValuePath(attribute: attribute, filter: filter)
    }

    /// Rule `attrExp`, from the operator on.
    private mutating func attrExp() throws(FilterSyntaxError) -> Filter.Test {
        terms += 1
        guard terms <= FilterLimits.terms else { throw lexer.error(.tooManyTerms) }
        guard lexer.token.kind == .word, lexer.token.followsSpace else {
            throw lexer.error(.expectedOperator)
        }
        if lexer.isAt(keyword: "pr") {
            try lexer.advance()
            return .present
        }
        let comparison = try compareOp()
        return .compare(comparison, try compValue())
    }

    /// Rule `compareOp`.
    private mutating func compareOp() throws(FilterSyntaxError) -> Filter.Comparison {
        let comparison = Filter.Comparison.allCases.first {
            TextOrder.isSameName($0.rawValue.utf8, lexer.word)
        }
        guard let comparison else { throw lexer.error(.expectedOperator) }
        try lexer.advance()
        return comparison
    }

    /// Rule `compValue`.
    private mutating func compValue() throws(FilterSyntaxError) -> Filter.Literal {
        guard lexer.token.kind != .end else { throw lexer.error(.expectedValue) }
        guard lexer.token.followsSpace else { throw lexer.error(.expectedSpace) }
        let literal: Filter.Literal
        switch lexer.token.kind {
        // JSON knows these words in lower case only. Clients send True, and nothing else can be meant by it.
        case .word where lexer.isAt(keyword: "true"): literal = .boolean(true)
        case .word where lexer.isAt(keyword: "false"): literal = .boolean(false)
        case .word where lexer.isAt(keyword: "null"): literal = .null
        case .word, .string: literal = try json()
        default: throw lexer.error(.expectedValue)
        }
        try lexer.advance()
        return literal
    }

    /// The token at hand as a JSON string or number, read as strictly as in a body.
    private func json() throws(FilterSyntaxError) -> Filter.Literal {
        let bytes = Array(lexer.word)
        do throws(JSONError) {
            switch try JSONParser.parse(bytes.span) {
            case .string(let text): return .string(text)
            case .number(let number): return .number(number)
            default: throw JSONError(code: .unexpectedByte, byteOffset: 0)
            }
        } catch {
            guard lexer.token.kind == .string else { throw lexer.error(.expectedValue) }
            let problem: FilterSyntaxError.Problem =
                error.code == .controlCharacter ? .controlCharacter : .badEscape
            throw lexer.error(problem, at: lexer.token.range.lowerBound + error.byteOffset)
        }
    }

    /// Rule `attrPath`.
    private mutating func attrPath() throws(FilterSyntaxError) -> AttributePath {
        guard lexer.token.kind == .word else { throw lexer.error(.expectedExpression) }
        guard let path = AttributePath.parse(lexer.word) else { throw lexer.error(.badPath) }
        try lexer.advance()
        return path
    }

    /// Rule `subAttr`, when a dot follows the bracket at once.
    private mutating func subAttr() throws(FilterSyntaxError) -> AttributeName? {
        guard lexer.token.kind == .word, !lexer.token.followsSpace else { return nil }
        guard lexer.word.first == PathByte.dot, AttributePath.isName(lexer.word.dropFirst()) else {
            throw lexer.error(.badPath)
        }
        let name = AttributeName(String(decoding: lexer.word.dropFirst(), as: UTF8.self))
        try lexer.advance()
        return name
    }

    /// Passes over `and` or `or` between two expressions, when that is what comes, with a space on
    /// both sides.
    private mutating func takeJunction(_ keyword: String) throws(FilterSyntaxError) -> Bool {
        guard lexer.isAt(keyword: keyword) else { return false }
        guard lexer.token.followsSpace else { throw lexer.error(.expectedSpace) }
        try lexer.advance()
        guard lexer.token.followsSpace || lexer.token.kind == .end else { throw lexer.error(.expectedSpace) }
        return true
    }

    /// Passes over an opening parenthesis or bracket.
    private mutating func descend() throws(FilterSyntaxError) {
        depth += 1
        guard depth <= FilterLimits.depth else { throw lexer.error(.tooDeep) }
        try lexer.advance()
    }

    /// Passes over a closing one.
    private mutating func ascend(
        over kind: FilterLexer.Kind,
        else problem: FilterSyntaxError.Problem
    ) throws(FilterSyntaxError) {
        guard lexer.token.kind == kind else { throw lexer.error(problem) }
        depth -= 1
        try lexer.advance()
    }

    private func expectEnd() throws(FilterSyntaxError) {
        guard lexer.token.kind == .end else { throw lexer.error(.unexpectedText) }
    }
}
