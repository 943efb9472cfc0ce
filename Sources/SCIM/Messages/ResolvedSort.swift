/// The order that a search asks for, its attribute looked up in the schemas (RFC 7644 §3.4.2.3).
package struct ResolvedSort: Sendable {
    /// Where the attribute is; several for a search over all types.
    ///
    /// Empty where the set does not hold it.
    private let places: [Place]
    private let isDescending: Bool

    private struct Place: Sendable {
        let type: ResourceType.Name
        let found: SchemaSet.Found
    }

    /// What a resource is sorted by: its value, or that it has none.
    package enum Key: Sendable {
        /// No value.
        case missing
        /// `false` before `true`.
        case boolean(Bool)
        /// By size.
        case number(Double)
        /// By time.
        case moment(Timestamp)
        /// By UTF-8 bytes, folded where `caseExact` is false.
        case text(String)
    }

    /// Looks the attribute of `sortBy` up.
    ///
    /// - Throws: 400 `invalidPath` for an attribute that no schema knows.
    package static func resolve(
        _ sortBy: String,
        _ order: SearchRequest.SortOrder,
        type: ResourceType.Name?,
        set: AttributeSet
    ) throws(SCIMError) -> ResolvedSort {
        let types = type.map { [$0] } ?? ResourceType.Name.allCases
        var places: [Place] = []
        var isKnown = false
        if let path = AttributePath.parse(sortBy) {
            for type in types {
                switch SchemaSet.of(type, set).lookup(path) {
                case .known(let found):
                    places.append(Place(type: type, found: found))
                    isKnown = true
                case .outsideSet: isKnown = true
                case .unknown: break
                }
            }
        }
        guard isKnown else {
            throw SCIMError.badRequest(.invalidPath, "sortBy names an attribute that no schema knows.")
        }
        return ResolvedSort(places: places, isDescending: order == .descending)
    }

    /// Which of a group's members ``key(of:)`` must be shown.
    package var memberDemand: MemberDemand {
        places.contains { $0.found.isOfMembers } ? .all : .none
    }

    /// What the resource is sorted by.
    package func key(of view: ResourceView) -> Key {
        guard let place = places.first(where: { $0.type == view.type }) else { return .missing }
        guard let value = view[place.found.part, place.found.definition.name],
            let chosen = Self.chosen(value, place.found)
        else { return .missing }
        switch chosen {
        case .boolean(let value): return .boolean(value)
        case .number(let number): return Double(number.text).map(Key.number) ?? .missing
        case .string(let text): return Self.key(of: text, place.found.innermost)
        }
    }

    /// Whether the first comes before the second.
    ///
    /// Equal keys are told apart by who calls: older resources first.
    ///
    /// A resource without a value comes last, and first in descending order, as the RFC has it.
    package func isBefore(_ left: Key, _ right: Key) -> Bool {
        isDescending ? Self.isLess(right, left) : Self.isLess(left, right)
    }

    /// Of several values the primary one, else the first; of a complex one its `value`.
    private static func chosen(_ value: AttributeValue, _ found: SchemaSet.Found) -> SimpleValue? {
        let elements = value.elements
        let primary = elements.first { $0.part("primary") == .simple(.boolean(true)) } ?? elements.first
        let part = found.subDefinition.map { primary?.part($0.name) } ?? primary
        switch part {
        case .simple(let simple): return simple
        case .complex(let complex):
            guard case .simple(let simple)? = complex["value"] else { return nil }
            return simple
        default: return nil
        }
    }

    private static func key(of text: String, _ definition: AttributeDefinition) -> Key {
        if definition.type == .dateTime { return Timestamp(rfc3339: text).map(Key.moment) ?? .missing }
        return .text(definition.isCaseExact ? text : CaseFolding.fold(text))
    }

    private static func isLess(_ left: Key, _ right: Key) -> Bool {
        switch (left, right) {
        case (.missing, _): false
        case (_, .missing): true
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.number(let a), .number(let b)): a < b
        case (.moment(let a), .moment(let b)): a < b
        case (.text(let a), .text(let b)): TextOrder.isBefore(a, b)
        default: rank(left) < rank(right)
        }
    }

    /// An order between kinds, so that a search over all types has one.
    private static func rank(_ key: Key) -> Int {
        switch key {
        case .boolean: 0
        case .number: 1
        case .moment: 2
        case .text: 3
        case .missing: 4
        }
    }
}
