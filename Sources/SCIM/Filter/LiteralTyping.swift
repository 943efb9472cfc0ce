/// Which comparisons an attribute's type allows, and what its literals are (RFC 7644 §3.4.2.2, table 3).
enum LiteralTyping {
    /// The test with its literal in the type of the attribute.
    ///
    /// - Throws: 400 of that kind when the literal has another type, or the operator no meaning for the type:
    ///   booleans and binary values have no order.
    static func typed(
        _ test: Filter.Test,
        as definition: AttributeDefinition,
        kind: SCIMError.Kind = .invalidFilter
    ) throws(SCIMError) -> ResolvedFilter.Test {
        guard case .compare(let comparison, let literal) = test else { return .present }
        switch (literal, comparison) {
        case (.null, .eq): return .absent
        case (.null, .ne): return .present
        case (.null, _): throw refusal("null can be compared by eq and ne only.", definition, kind)
        default: break
        }
        switch definition.type {
        case .boolean: return try boolean(comparison, literal, definition, kind)
        case .integer, .decimal: return try number(comparison, literal, definition, kind)
        case .dateTime: return try moment(comparison, literal, definition, kind)
        case .string, .reference, .binary, .complex: return try text(comparison, literal, definition, kind)
        }
    }

    /// `True` in quotes is a truth value here as in a body: Entra sends both.
    private static func boolean(
        _ comparison: Filter.Comparison,
        _ literal: Filter.Literal,
        _ definition: AttributeDefinition,
        _ kind: SCIMError.Kind
    ) throws(SCIMError) -> ResolvedFilter.Test {
        guard comparison == .eq || comparison == .ne else {
            throw refusal("A truth value can be compared by eq and ne only.", definition, kind)
        }
        switch literal {
        case .boolean(let value): return .boolean(value, isEqual: comparison == .eq)
        case .string(let text) where TextOrder.isSameName(text.utf8, "true".utf8):
            return .boolean(true, isEqual: comparison == .eq)
        case .string(let text) where TextOrder.isSameName(text.utf8, "false".utf8):
            return .boolean(false, isEqual: comparison == .eq)
        default: throw refusal("Compare it with true or false.", definition, kind)
        }
    }

    private static func number(
        _ comparison: Filter.Comparison,
        _ literal: Filter.Literal,
        _ definition: AttributeDefinition,
        _ kind: SCIMError.Kind
    ) throws(SCIMError) -> ResolvedFilter.Test {
        guard comparison.isOrder, case .number(let number) = literal, let value = Double(number.text) else {
            throw refusal("Compare it with a number, by eq, ne, gt, ge, lt or le.", definition, kind)
        }
        return .number(comparison, value)
    }

    /// `sw "2026-11"` compares the text that clients see, which is in UTC; the others compare moments.
    private static func moment(
        _ comparison: Filter.Comparison,
        _ literal: Filter.Literal,
        _ definition: AttributeDefinition,
        _ kind: SCIMError.Kind
    ) throws(SCIMError) -> ResolvedFilter.Test {
        guard case .string(let text) = literal else {
            throw refusal("Put the date in double quotes.", definition, kind)
        }
        guard comparison.isOrder else { return .text(comparison, text, isFolded: false) }
        guard let moment = Timestamp(rfc3339: text) else {
            throw refusal("Compare it with a date such as \"2026-11-24T00:00:00Z\".", definition, kind)
        }
        return .moment(comparison, moment)
    }

    private static func text(
        _ comparison: Filter.Comparison,
        _ literal: Filter.Literal,
        _ definition: AttributeDefinition,
        _ kind: SCIMError.Kind
    ) throws(SCIMError) -> ResolvedFilter.Test {
        guard case .string(let text) = literal else {
            throw refusal("Put the value in double quotes.", definition, kind)
        }
        guard definition.type != .binary || comparison == .eq || comparison == .ne else {
            throw refusal("A binary value can be compared by eq and ne only.", definition, kind)
        }
        let isFolded = !definition.isCaseExact
        return .text(comparison, isFolded ? CaseFolding.fold(text) : text, isFolded: isFolded)
    }

    private static func refusal(
        _ remedy: String,
        _ definition: AttributeDefinition,
        _ kind: SCIMError.Kind
    ) -> SCIMError {
        .badRequest(kind, "The filter compares '\(definition.name)' with what it cannot be. \(remedy)")
    }
}

extension Filter.Comparison {
    /// Whether it compares whole values, not parts of text.
    fileprivate var isOrder: Bool {
        switch self {
        case .eq, .ne, .gt, .ge, .lt, .le: true
        case .co, .sw, .ew: false
        }
    }
}
