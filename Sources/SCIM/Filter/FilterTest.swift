extension ResolvedFilter {
    /// What is asked of an operand, the literal typed as the attribute is.
    enum Test: Sendable {
        /// `pr`, and `ne null`.
        case present
        /// `eq null`.
        case absent
        /// `eq` and `ne` with a truth value.
        case boolean(Bool, isEqual: Bool)
        /// A comparison of numbers.
        case number(Filter.Comparison, Double)
        /// A comparison of moments, whatever their offsets.
        case moment(Filter.Comparison, Timestamp)
        /// A comparison of text: as UTF-8 bytes, or as those of the folded text where `caseExact` is false.
        case text(Filter.Comparison, String, isFolded: Bool)
    }
}

extension ResolvedFilter.Test {
    /// Whether the value passes; of several values, whether one does (RFC 7644 §3.4.2.2).
    ///
    /// No value passes `ne`: it is not equal to anything. The RFC is silent; "not equal" that fails
    /// for the unset would make `x ne "a"` differ from `not (x eq "a")` for single values.
    func holds(for value: AttributeValue?) -> Bool {
        guard let value, value.isPresent else {
            switch self {
            case .absent, .boolean(_, isEqual: false), .number(.ne, _), .moment(.ne, _), .text(.ne, _, _):
                return true
            default: return false
            }
        }
        switch self {
        case .present: return true
        case .absent: return false
        default: return value.elements.contains(where: passes)
        }
    }

    /// Whether one simple value passes.
    ///
    /// A value of another type than the schema's equals nothing.
    private func passes(_ value: AttributeValue) -> Bool {
        switch (self, value) {
        case (.boolean(let literal, let isEqual), .simple(.boolean(let value))):
            return (value == literal) == isEqual
        case (.number(let comparison, let literal), .simple(.number(let number))):
            return Double(number.text).map { comparison.holds($0, literal) } ?? (comparison == .ne)
        case (.moment(let comparison, let literal), .simple(.string(let text))):
            return Timestamp(rfc3339: text).map { comparison.holds($0, literal) } ?? (comparison == .ne)
        case (.text(let comparison, let literal, let isFolded), .simple(.string(let text))):
            return comparison.holds((isFolded ? CaseFolding.fold(text) : text).utf8, literal.utf8)
        default:
            return false
        }
    }
}

extension Filter.Comparison {
    /// Compares two values that have an order and no parts; `co`, `sw` and `ew` never hold.
    fileprivate func holds<Value: Comparable>(_ value: Value, _ literal: Value) -> Bool {
        switch self {
        case .eq: value == literal
        case .ne: value != literal
        case .gt: value > literal
        case .ge: value >= literal
        case .lt: value < literal
        case .le: value <= literal
        case .co, .sw, .ew: false
        }
    }

    /// Compares text by its bytes.
    fileprivate func holds(_ value: String.UTF8View, _ literal: String.UTF8View) -> Bool {
        switch self {
        case .eq: value.elementsEqual(literal)
        case .ne: !value.elementsEqual(literal)
        case .co: value.contains(literal)
        case .sw: value.starts(with: literal)
        case .ew: value.reversed().starts(with: literal.reversed())
        case .gt: literal.lexicographicallyPrecedes(value)
        case .ge: !value.lexicographicallyPrecedes(literal)
        case .lt: value.lexicographicallyPrecedes(literal)
        case .le: !literal.lexicographicallyPrecedes(value)
        }
    }
}

extension String.UTF8View {
    /// Whether these bytes hold the others in one piece.
    fileprivate func contains(_ piece: String.UTF8View) -> Bool {
        var rest = self[...]
        while rest.count >= piece.count {
            if rest.starts(with: piece) { return true }
            if rest.isEmpty { return false }
            rest.removeFirst()
        }
        return false
    }
}
