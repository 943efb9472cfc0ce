/// Whether words are coloured, and how.
///
/// Colour never says anything that the words do not say too.
package struct Colour: Sendable, Equatable {
    /// Whether ``paint(_:_:)`` changes anything.
    package let isOn: Bool

    /// What a word is painted with: an SGR parameter of ECMA-48 §8.3.117.
    package enum Ink: String, Sendable, CaseIterable {
        /// Headings.
        case bold = "1"
        /// What is beside the point.
        case faint = "2"
        /// What failed or was refused.
        case red = "31"
        /// What is well.
        case green = "32"
        /// What wants attention.
        case yellow = "33"
    }

    /// Decides for one stream.
    ///
    /// Off for everything but a terminal, for a terminal that cannot (`TERM=dumb`, or no `TERM`), when `NO_COLOR` is set
    /// and not empty (https://no-color.org), and when the command line says so.
    package init(isTerminal: Bool, environment: [String: String], isSwitchedOff: Bool) {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let kind = environment["TERM"] ?? ""
        isOn = isTerminal && !isSwitchedOff && !isUnwanted && !kind.isEmpty && kind != "dumb"
    }

    /// No colour anywhere.
    package static let off = Colour(isTerminal: false, environment: [:], isSwitchedOff: true)

    /// A text in a colour, or as it is.
    package func paint(_ text: String, _ ink: Ink?) -> String {
        guard isOn, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }
}
