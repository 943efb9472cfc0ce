@testable import SCIM

/// Filters: text, tree and text again, then the tree against resources.
///
/// Three ways lead to one answer: the filter itself, its negation, and what an index would find for it.
enum FilterPromises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let filter: Filter
        do throws(SCIMError) {
            filter = try Filter.parse(String(decoding: input, as: UTF8.self))
        } catch {
            try promise("what is no filter is 400 invalidFilter", error == .badRequest(.invalidFilter, ""))
            return
        }
        try checkText(of: filter)
        for set in [AttributeSet.full, .learner] {
            for type in [ResourceType.Name.user, .group, nil] {
                try checkMatches(of: filter, type, set)
                try checkRefusal(of: Filter(root: filter.root.withCanary), type, set)
            }
        }
    }

    private static func checkText(of filter: Filter) throws(BrokenPromise) {
        let text = filter.description
        // `\t` is two bytes and printed as six: what came just within the limit may be printed beyond it.
        guard text.utf8.count <= FilterLimits.bytes else { return }
        let again = try promised("a printed filter is a filter") { try Filter.parse(text) }
        try promise("a printed filter reads back the same", again == filter)
        try promise("printing is stable", TextOrder.isSameBytes(again.description, text))
    }

    private static func checkRefusal(of filter: Filter, _ type: ResourceType.Name?, _ set: AttributeSet)
        throws(BrokenPromise)
    {
        do throws(SCIMError) {
            _ = try ResolvedFilter.resolve(filter, type: type, set: set)
        } catch {
            try Canary.check(error)
        }
    }

    private static func checkMatches(of filter: Filter, _ type: ResourceType.Name?, _ set: AttributeSet)
        throws(BrokenPromise)
    {
        let resolved: ResolvedFilter
        let negated: ResolvedFilter
        do throws(SCIMError) {
            resolved = try ResolvedFilter.resolve(filter, type: type, set: set)
            negated = try ResolvedFilter.resolve(Filter(root: .not(filter.root)), type: type, set: set)
        } catch {
            try promise("what cannot be asked is 400 invalidFilter", error == .badRequest(.invalidFilter, ""))
            return
        }
        for resource in SampleResource.all where type == nil || type == resource.type {
            let view = resource.view(locationPrefix: "https://scim.example/scim/v2")
            let matches = resolved.matches(view)
            try promise("a filter or its negation holds", negated.matches(view) != matches)
            if matches {
                try promise("what is impossible never matches", !resolved.isImpossible)
                try promise("an index finds every match", resolved.equalities.allSatisfy(resource.fulfils))
            }
            if let exact = resolved.isExactly {
                try promise("what an index finds exactly, matches", resource.fulfils(exact) == matches)
            }
        }
    }
}

extension StoredResource {
    /// Whether the look-up column of an index holds that text for this resource.
    fileprivate func fulfils(_ equality: IndexedEquality) -> Bool {
        do {
            let lookups = Lookups(try resource())
            return switch equality {
            case .id(let text): Self.isSame(id.text, text)
            case .userName(let folded): Self.isSame(lookups.userName, folded)
            case .externalID(let text): Self.isSame(externalID, text)
            case .employeeNumber(let folded): Self.isSame(lookups.employeeNumber, folded)
            case .managerValue(let folded): Self.isSame(lookups.managerValue, folded)
            case .displayName(let folded): Self.isSame(lookups.displayName, folded)
            case .memberValue(let text): (members ?? []).contains { Self.isSame($0.id.text, text) }
            case .emailValue(let folded): lookups.emailValues.contains { Self.isSame($0, folded) }
            }
        } catch {
            preconditionFailure("the sample itself cannot be read: \(error)")
        }
    }

    private static func isSame(_ value: String?, _ text: String) -> Bool {
        value.map { TextOrder.isSameBytes($0, text) } ?? false
    }
}
