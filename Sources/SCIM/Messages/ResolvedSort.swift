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
        /// The simple attribute or sub-attribute whose values are compared.
        let ordering: AttributeDefinition
    }

    /// What a resource is sorted by: its value, or that it has none.
    package enum Key: Sendable, Equatable {
        /// No value.
        case missing
        /// `false` before `true`.
        case boolean(Bool)
        /// By size.
        case number(Double)
        /// By time.
        case moment(Timestamp)
        /// By these UTF-8 bytes, folded where `caseExact` is false.
        case text([UInt8])

        /// The key as a cursor can carry it: of a text the beginning.
        ///
        /// In a walk by cursor every page sorts by it, so that the order of one page is that of the next.
        package var shortened: Key {
            guard case .text(let bytes) = self else { return self }
            return .text(Array(bytes.prefix(PageLimits.sortKeyBytes)))
        }
    }

    /// Looks the attribute of `sortBy` up.
    ///
    /// - Throws: 400 `invalidPath` for an attribute that no schema knows, and for a complex one
    ///   without a `value`: the RFC wants a path to one of its parts.
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
                let lookup = SchemaSet.of(type, set).lookup(path)
                guard let found = lookup.found else { continue }
                isKnown = true
                guard let ordering = found.ordering else {
                    throw SCIMError.badRequest(
                        .invalidPath,
                        "sortBy names a complex attribute. Name one of its parts, such as name.familyName."
                    )
                }
                if case .known = lookup { places.append(Place(type: type, found: found, ordering: ordering)) }
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
        case .string(let text): return Self.key(of: text, place.ordering)
        }
    }

    /// Whether the first comes before the second: by their keys, and equal ones by age, the older
    /// first in both directions.
    package func isBefore(_ left: (key: Key, row: Int64), _ right: (key: Key, row: Int64)) -> Bool {
        if isBefore(left.key, right.key) { return true }
        return !isBefore(right.key, left.key) && left.row < right.row
    }

    /// Whether the first key comes before the second.
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
        return .text(Array((definition.isCaseExact ? text : CaseFolding.fold(text)).utf8))
    }

    private static func isLess(_ left: Key, _ right: Key) -> Bool {
        switch (left, right) {
        case (.missing, _): false
        case (_, .missing): true
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.number(let a), .number(let b)): a < b
        case (.moment(let a), .moment(let b)): a < b
        case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
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

extension SchemaSet.Found {
    /// What values of the attribute are sorted by: themselves, or the `value` of complex ones; nil
    /// where there is none.
    fileprivate var ordering: AttributeDefinition? {
        innermost.type == .complex ? innermost.significantSubAttribute : innermost
    }
}
