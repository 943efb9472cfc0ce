/// The form in which a command gives its result.
package enum OutputForm: String, CaseIterable, Sendable {
    /// Columns for people.
    case table
    /// As ``table``, with the columns that most people do without.
    case wide
    /// JSON for programs.
    case json
    /// The JSON's values as YAML.
    case yaml
    /// Nothing but names, one on a line, for loops of a shell.
    case name

    /// Whether programs read it: no colour, no rounding, no words.
    package var isForPrograms: Bool { self != .table && self != .wide }
}
