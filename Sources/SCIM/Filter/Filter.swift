/// A condition on resources as a client wrote it (RFC 7644 §3.4.2.2), its names not yet looked up.
///
/// ```
/// userName eq "ada@example.com" and not (active eq false)
/// emails[type eq "work" and value co "@example.com"]
/// ```
/// Printing a filter and reading it again gives the same filter.
package struct Filter: Sendable, Equatable, CustomStringConvertible {
    /// The outermost expression.
    package let root: Node

    /// An expression.
    package indirect enum Node: Sendable, Equatable {
        /// All of them hold; two or more.
        case and([Node])
        /// One of them holds; two or more.
        case or([Node])
        /// It does not hold.
        case not(Node)
        /// A test of an attribute: `userName eq "x"`, `title pr`.
        case attribute(AttributePath, Test)
        /// A value of the attribute matches what is in brackets: `emails[type eq "work"]`.
        case valuePath(ValuePath)
        /// A test of a sub-attribute of the values that match: `emails[type eq "work"].value eq "x"`.
        case selection(ValuePath, AttributeName, Test)
    }

    /// What is asked of an attribute's value.
    package enum Test: Sendable, Equatable {
        /// `pr`: there is a value.
        case present
        /// The value compares so with the literal.
        case compare(Comparison, Literal)
    }

    /// A comparison operator; written in any case.
    package enum Comparison: String, Sendable, CaseIterable {
        /// Equal.
        case eq
        /// Not equal.
        case ne
        /// Contains.
        case co
        /// Starts with.
        case sw
        /// Ends with.
        case ew
        /// Greater than, or later.
        case gt
        /// Greater than or equal, or not earlier.
        case ge
        /// Less than, or earlier.
        case lt
        /// Less than or equal, or not later.
        case le
    }

    /// The value on the right of a comparison: a JSON value without parts.
    package enum Literal: Sendable {
        /// Text in double quotes, unescaped.
        case string(String)
        /// A number, as written.
        case number(JSONNumber)
        /// `true` or `false`.
        case boolean(Bool)
        /// `null`: no value.
        case null
    }

    /// Reads a filter.
    ///
    /// - Throws: 400 `invalidFilter`, naming the character where it stops making sense, and what to do.
    package static func parse(_ text: String) throws(SCIMError) -> Filter {
        do throws(FilterSyntaxError) {
            var parser = try FilterParser(text)
            return Filter(root: try parser.filter())
        } catch {
            throw .badRequest(.invalidFilter, "The filter " + error.explanation)
        }
    }

    /// The filter as text, without needless parentheses.
    package var description: String {
        var printer = FilterPrinter()
        printer.print(root)
        return printer.text
    }
}

/// Values of a multi-valued attribute, chosen by a filter in brackets (RFC 7644 §3.4.2.2, rule `valuePath`).
package struct ValuePath: Sendable, Equatable {
    /// The attribute before the brackets.
    package let attribute: AttributePath
    /// The condition in the brackets; its names are sub-attributes.
    package let filter: Filter.Node

    /// A choice of values.
    package init(attribute: AttributePath, filter: Filter.Node) {
        self.attribute = attribute
        self.filter = filter
    }
}

extension Filter.Node {
    /// How many comparisons it holds, 1…``FilterLimits/terms``.
    var terms: Int {
        switch self {
        case .and(let nodes), .or(let nodes): nodes.reduce(0) { $0 + $1.terms }
        case .not(let node): node.terms
        case .attribute: 1
        case .valuePath(let values): values.filter.terms
        case .selection(let values, _, _): values.filter.terms + 1
        }
    }
}

extension Filter.Literal: Equatable {
    /// Same kind, same bytes.
    package static func == (left: Filter.Literal, right: Filter.Literal) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): TextOrder.isSameBytes(a, b)
        case (.number(let a), .number(let b)): TextOrder.isSameBytes(a.text, b.text)
        case (.boolean(let a), .boolean(let b)): a == b
        case (.null, .null): true
        default: false
        }
    }
}
