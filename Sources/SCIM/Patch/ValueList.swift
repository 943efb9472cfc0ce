/// The values of a multi-valued attribute under edit: none twice, one primary at most (RFC 7643 §2.4).
struct ValueList {
    /// The values, in order.
    private(set) var values: [AttributeValue]
    /// Where each value stands, by what makes it the same as another; made when the first value is added.
    ///
    /// So is adding constant work, also to a long list.
    private var positions: [ValueIdentity: Int]?
    /// Which value is marked as primary.
    private var primary: Int?
    private let definition: AttributeDefinition

    /// Takes the values that are there.
    init(_ values: [AttributeValue], of definition: AttributeDefinition) {
        self.values = values
        self.definition = definition
        primary = values.firstIndex(where: \.isPrimary)
    }

    /// Those with anything in them.
    var nonEmptyValues: [AttributeValue] { values.filter(\.isPresent) }

    /// Appends a value, unless it is there already (RFC 7644 §3.5.2.1).
    ///
    /// Then it only becomes the primary one, when the new one says so.
    mutating func add(_ value: AttributeValue) {
        let identity = ValueIdentity(of: value, definition)
        var positions = takePositions()
        if let index = positions[identity] {
            if value.isPrimary { values[index].isPrimary = true }
            markPrimary(index)
        } else {
            positions[identity] = values.count
            values.append(value)
            markPrimary(values.count - 1)
        }
        self.positions = positions
    }

    /// Puts a value in the place of another.
    mutating func replace(at index: Int, with value: AttributeValue) {
        positions = nil
        values[index] = value
        markPrimary(index)
    }

    /// Takes the mark from the old primary value when a new one has it (RFC 7644 §3.5.2).
    ///
    /// Clients know the value that they send, not those that are there.
    private mutating func markPrimary(_ index: Int) {
        guard values[index].isPrimary else { return }
        if let primary, primary != index { values[primary].isPrimary = false }
        primary = index
    }

    /// Hands out the positions, and keeps no second reference that would make a change copy them all.
    private mutating func takePositions() -> [ValueIdentity: Int] {
        guard let positions else {
            let pairs = values.enumerated().map { (ValueIdentity(of: $1, definition), $0) }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
        self.positions = nil
        return positions
    }
}

/// What makes two values of a list the same: all parts but `primary` and what is only shown.
///
/// Of a member it is `value` alone.
struct ValueIdentity: Hashable {
    private let parts: [Part]

    /// A part's name in lower case, and its value, in UTF-8: `String` would compare canonical
    /// equivalents as equal.
    private struct Part: Hashable {
        let name: [UInt8]
        let value: [UInt8]
    }

    /// The identity of a value.
    init(of value: AttributeValue, _ definition: AttributeDefinition) {
        guard case .complex(let complex) = value else {
            parts = [Part(name: [], value: Self.bytes(value))]
            return
        }
        let isNamedByValue = definition.significantSubAttribute?.mutability == .immutable
        parts = complex.entries
            .filter { isNamedByValue ? $0.name == "value" : !Self.isShownOnly($0.name) }
            .map { Part(name: $0.name.text.utf8.map(TextOrder.asciiLowercased), value: Self.bytes($0.value)) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func isShownOnly(_ name: AttributeName) -> Bool {
        name == "primary" || name == "display" || name == "$ref"
    }

    /// A value without parts as bytes, its kind before it.
    private static func bytes(_ value: AttributeValue) -> [UInt8] {
        switch value {
        case .simple(.string(let text)): [UInt8(ascii: "s")] + Array(text.utf8)
        case .simple(.number(let number)): [UInt8(ascii: "n")] + Array(number.text.utf8)
        case .simple(.boolean(let value)): [value ? UInt8(ascii: "t") : UInt8(ascii: "f")]
        case .complex, .multiValued: []  // parts of parts do not exist (RFC 7643 §2.3.8)
        }
    }
}

/// Values that a `remove` names: each removes those that it describes.
struct ValuePatterns {
    /// By the bytes of `value`, folded where its case does not matter: one look for each value of a
    /// long list.
    private var byValue: Set<[UInt8]> = []
    /// Those without a `value`: every part that they have must be the same.
    private var byParts: [AttributeValue] = []
    private let definition: AttributeDefinition

    /// Takes what the client listed.
    ///
    /// One without a part, such as `{}`, describes nothing.
    init(_ patterns: [AttributeValue], of definition: AttributeDefinition) {
        self.definition = definition
        for pattern in patterns {
            if let key = key(of: pattern) { byValue.insert(key) } else { byParts.append(pattern) }
        }
    }

    /// Whether a value is one of those described.
    ///
    /// `{"$ref": …, "value": "26118915"}` describes what has that `value`: what else Entra sends
    /// beside it may be out of date.
    func match(_ value: AttributeValue) -> Bool {
        if let key = key(of: value), byValue.contains(key) { return true }
        return byParts.contains { describes($0, value) }
    }

    private func describes(_ pattern: AttributeValue, _ value: AttributeValue) -> Bool {
        guard case .complex(let parts) = pattern else { return pattern == value }
        return !parts.isEmpty && parts.entries.allSatisfy { value.part($0.name) == $0.value }
    }

    private func key(of value: AttributeValue) -> [UInt8]? {
        guard let significant = definition.significantSubAttribute,
            case .simple(.string(let text)) = value.part(significant.name)
        else { return nil }
        return Array((significant.isCaseExact ? text : CaseFolding.fold(text)).utf8)
    }
}

extension AttributeValue {
    /// Whether the value is marked as the preferred one.
    fileprivate var isPrimary: Bool {
        get { part("primary") == .simple(.boolean(true)) }
        set {
            guard case .complex(var complex) = self else { return }
            complex["primary"] = .simple(.boolean(newValue))
            self = .complex(complex)
        }
    }
}
