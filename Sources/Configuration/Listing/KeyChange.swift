/// What a file would change of one key's value.
package struct KeyChange: Sendable, Equatable {
    /// The key's whole path, as ``WrittenValue/key``.
    package let key: String
    /// What holds now, as far as it may be shown; nil when nothing does.
    package let before: String?
    /// What would hold; nil when nothing would.
    package let after: String?
    /// What it takes to be in force.
    package let effect: SettingRow.Effect

    /// What is different between two listings, in the order of the later one; what is gone comes last.
    ///
    /// Values that are elsewhere count as changed when it is said that some of them are.
    package static func between(
        _ before: [WrittenValue],
        _ after: [WrittenValue],
        outsideChanged: Bool
    ) -> [KeyChange] {
        let old = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
        let new = Set(after.map(\.key))
        let present = after.compactMap { value -> KeyChange? in
            let previous = old[value.key]
            let isSame = previous?.text.utf8.elementsEqual(value.text.utf8) == true
            guard !isSame || (value.isReference && outsideChanged) else { return nil }
            return KeyChange(
                key: value.key,
                before: previous?.shown,
                after: value.shown,
                effect: value.effect
            )
        }
        let gone = before.filter { !new.contains($0.key) }.map {
            KeyChange(key: $0.key, before: $0.shown, after: nil, effect: $0.effect)
        }
        return present + gone
    }
}
