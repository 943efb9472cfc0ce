/// Which of many names have series of their own; the rest are folded into one.
///
/// A label that takes as many values as there are customers costs the monitoring, not us.
struct LabelledNames: Sendable {
    /// The label of all that are folded: no tenant has such a name, and no file such a path.
    static let other = "_other"

    /// The names that are folded; none, mostly.
    private let folded: Set<String>

    /// Of these names the first `most` in their order are labels, so that the same ones are at each look.
    init(_ names: some Sequence<String>, most: Int) {
        let names = Set(names)
        folded = names.count > most ? Set(names.sorted().dropFirst(most)) : []
    }

    /// How many are folded.
    var foldedCount: Int { folded.count }

    /// What stands for a name in a label.
    func label(of name: String) -> String { folded.contains(name) ? Self.other : name }
}
