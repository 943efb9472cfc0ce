/// Writes a filter as text that reads back to the same filter.
struct FilterPrinter {
    private(set) var text = ""

    /// Appends an expression.
    ///
    /// Parentheses are set where the tree differs from what precedence would give.
    mutating func print(_ node: Filter.Node) {
        switch node {
        case .and(let operands): join(operands, with: " and ") { $0.isJunction }
        case .or(let operands): join(operands, with: " or ") { $0.isDisjunction }
        case .not(let operand):
            text += "not "
            group(operand)
        case .attribute(let path, let test):
            text += path.description
            print(test)
        case .valuePath(let valuePath):
            print(valuePath)
        case .selection(let valuePath, let subAttribute, let test):
            print(valuePath)
            text += ".\(subAttribute)"
            print(test)
        }
    }

    /// Appends `emails[type eq "work"]`.
    mutating func print(_ valuePath: ValuePath) {
        text += "\(valuePath.attribute)["
        print(valuePath.filter)
        text += "]"
    }

    private mutating func join(
        _ operands: [Filter.Node],
        with word: String,
        grouping needsGroup: (Filter.Node) -> Bool
    ) {
        for (index, operand) in operands.enumerated() {
            if index > 0 { text += word }
            if needsGroup(operand) { group(operand) } else { print(operand) }
        }
    }

    private mutating func group(_ node: Filter.Node) {
        text += "("
        print(node)
        text += ")"
    }

    private mutating func print(_ test: Filter.Test) {
        switch test {
        case .present: text += " pr"
        case .compare(let comparison, let literal):
            text += " \(comparison.rawValue) "
            print(literal)
        }
    }

    private mutating func print(_ literal: Filter.Literal) {
        switch literal {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let number): text += number.text
        case .string(let value): text += quoted(value)
        }
    }

    /// The text in double quotes, with the escapes that JSON demands (RFC 8259 §7).
    private func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Filter.Node {
    /// Whether it would fall apart, or join its neighbours, when written between two `and` without
    /// parentheses.
    fileprivate var isJunction: Bool {
        if case .and = self { return true }
        return isDisjunction
    }

    /// Whether it would join its neighbours when written between two `or` without parentheses.
    fileprivate var isDisjunction: Bool {
        if case .or = self { return true }
        return false
    }
}
