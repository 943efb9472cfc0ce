/// Where and why a filter or a PATCH path breaks the grammar.
///
/// Never holds what the client wrote.
struct FilterSyntaxError: Error, Equatable {
    /// The character at which reading stopped, 1-based, counted in Unicode scalars.
    let position: Int
    /// What is wrong there.
    let problem: Problem

    /// What can be wrong.
    enum Problem: Equatable {
        case tooLong, tooDeep, tooManyTerms
        case openString, badEscape, controlCharacter
        case expectedExpression, expectedOperator, expectedValue, expectedSpace
        case badPath, notWithoutParentheses, nestedValuePath
        case openParenthesis, openBracket, unexpectedText
    }

    /// The end of a sentence that begins with "The filter" or "The path": what, where, and what to do.
    var explanation: String {
        switch problem {
        case .tooLong: "is longer than \(FilterLimits.bytes) bytes. \(problem.remedy)"
        default: "is not understood at character \(position). \(problem.remedy)"
        }
    }
}

extension FilterSyntaxError.Problem {
    /// Tells the admin what the grammar wants in that place.
    fileprivate var remedy: String {
        switch self {
        case .tooLong: "Ask for less at a time."
        case .tooDeep: "No more than \(FilterLimits.depth) parentheses or brackets may be open at once."
        case .tooManyTerms: "No more than \(FilterLimits.terms) comparisons may stand in one filter."
        case .openString: "A double quote opens here and is never closed."
        case .badEscape:
            #"After a backslash comes one of " \ / b f n r t, or u and the four hexadecimal digits of a character."#
        case .controlCharacter: #"Control characters in text are written as \u and four hexadecimal digits."#
        case .expectedExpression: #"An attribute was expected, as in: userName eq "…"."#
        case .expectedOperator:
            "One of eq, ne, co, sw, ew, gt, ge, lt, le or pr was expected after the attribute."
        case .expectedValue: "A value was expected: text in double quotes, a number, true, false or null."
        case .expectedSpace: "A space was expected."
        case .badPath:
            "This is not the name of an attribute. Names look like userName, name.givenName or urn:…:User:title."
        case .notWithoutParentheses: "After not comes an expression in parentheses."
        case .nestedValuePath: "Brackets cannot stand within brackets."
        case .openParenthesis: "A closing parenthesis was expected."
        case .openBracket: "A closing bracket was expected."
        case .unexpectedText: "The expression is complete here. Join expressions by and, or."
        }
    }
}
