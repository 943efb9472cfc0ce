import Configuration
import Tenancy

/// What a person probably meant, who wrote a name that does not exist.
enum Meant {
    /// `did you mean 'drivers'?`, or, when nothing is near, the names that there are.
    ///
    /// `having` stands in front of the names: `it has`.
    static func text(_ written: String, among names: [String], having: String) -> String {
        if let near = Suggestion.nearest(to: written, among: names) { return "did you mean '\(near)'?" }
        return "\(having): \(names.isEmpty ? "none" : names.joined(separator: ", "))"
    }
}
