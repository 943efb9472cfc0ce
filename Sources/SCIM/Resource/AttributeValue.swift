/// The value of an attribute: simple, complex or multi-valued (RFC 7643 §2.2–2.4).
package enum AttributeValue: Sendable, Equatable {
    /// One simple value.
    case simple(SimpleValue)
    /// Sub-attributes under one attribute.
    case complex(ComplexValue)
    /// Values in the order they were written, each simple or complex.
    case multiValued([AttributeValue])
}

/// A value without parts.
///
/// Strings, dates, references and binary are all text on the wire.
package enum SimpleValue: Sendable {
    /// `true` or `false`.
    case boolean(Bool)
    /// An integer or decimal, as the text that was sent.
    case number(JSONNumber)
    /// A string, dateTime, reference or binary.
    case string(String)
}

extension SimpleValue: Equatable {
    /// Same kind and same bytes.
    package static func == (left: SimpleValue, right: SimpleValue) -> Bool {
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): a == b
        case (.number(let a), .number(let b)): TextOrder.isSameBytes(a.text, b.text)
        case (.string(let a), .string(let b)): TextOrder.isSameBytes(a, b)
        default: false
        }
    }
}

/// Attributes by name, in the order they were first set.
///
/// A name is there once, whatever its case.
package struct ComplexValue: Sendable {
    /// The attributes in order.
    package private(set) var entries: [Entry] = []

    /// One attribute with its value.
    package struct Entry: Sendable, Equatable {
        /// The name in the schema's spelling.
        package let name: AttributeName
        /// Its value.
        package var value: AttributeValue
    }

    /// Nothing yet.
    package init() {}

    /// These attributes, none of which is there twice.
    init(distinct entries: [Entry]) {
        self.entries = entries
    }

    /// Makes room for as many attributes as are about to be set, or for as many as a learner has at most: one by one, the
    /// twelve of a learner would be moved five times.
    mutating func reserve(_ count: Int) {
        entries.reserveCapacity(min(count, Self.usualEntries))
    }

    private static let usualEntries = 16

    /// Whether no attribute has a value.
    package var isEmpty: Bool { entries.isEmpty }

    /// The value of an attribute; setting `nil` removes it, setting a value keeps its place.
    package subscript(name: AttributeName) -> AttributeValue? {
        get { entries.first { $0.name == name }?.value }
        set {
            guard let index = entries.firstIndex(where: { $0.name == name }) else {
                if let newValue { entries.append(Entry(name: name, value: newValue)) }
                return
            }
            if let newValue { entries[index].value = newValue } else { entries.remove(at: index) }
        }
    }

    /// The place of an attribute that most often is where it is looked for first, or at the next place.
    ///
    /// So it is where a resource is held against what it was before: to look for each attribute from the first one on,
    /// and to take its value out, took a fortieth of a PATCH.
    func place(of name: AttributeName, around place: Int) -> Int? {
        if place < entries.count, entries[place].name == name { return place }
        if place + 1 < entries.count, entries[place + 1].name == name { return place + 1 }
        return entries.firstIndex { $0.name == name }
    }

    /// Whether the attribute at that place has the same value in another.
    func isSame(at place: Int, in other: ComplexValue) -> Bool {
        guard let there = other.place(of: entries[place].name, around: place) else { return false }
        return entries[place].value == other.entries[there].value
    }

    /// The text of a simple string attribute.
    package func string(_ name: AttributeName) -> String? {
        guard case .simple(.string(let text)) = self[name] else { return nil }
        return text
    }

    /// The sub-attributes of a complex attribute.
    package func complex(_ name: AttributeName) -> ComplexValue? {
        guard case .complex(let value) = self[name] else { return nil }
        return value
    }
}

extension ComplexValue: Equatable {
    /// The same attributes with the same values, in any order.
    package static func == (left: ComplexValue, right: ComplexValue) -> Bool {
        left.entries.count == right.entries.count
            && left.entries.indices.allSatisfy { left.isSame(at: $0, in: right) }
    }
}
