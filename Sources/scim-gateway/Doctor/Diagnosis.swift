/// What `doctor` says of one thing.
struct Diagnosis: Codable, Sendable {
    /// What is looked at: `chain`, `disk`.
    var area: String
    /// What was found.
    var what: String
    /// How it is.
    var state: State
    /// What to do about it.
    var fix: String?

    /// How something is.
    enum State: String, Codable, Sendable {
        /// As it should be.
        case good
        /// It works, and may not for long; or it cannot be known.
        case attention
        /// It does not work, or is a danger.
        case bad
    }

    /// As it should be.
    static func good(_ area: String, _ what: String) -> Diagnosis {
        Diagnosis(area: area, what: what, state: .good)
    }

    /// To be looked after.
    static func attention(_ area: String, _ what: String, fix: String) -> Diagnosis {
        Diagnosis(area: area, what: what, state: .attention, fix: fix)
    }

    /// To be mended.
    static func bad(_ area: String, _ what: String, fix: String) -> Diagnosis {
        Diagnosis(area: area, what: what, state: .bad, fix: fix)
    }

    /// The lines of it for people.
    var lines: [String] {
        let mark =
            switch state {
            case .good: "✓"
            case .attention: "!"
            case .bad: "✗"
            }
        let column = area + String(repeating: " ", count: max(0, Self.areaColumns - area.count))
        return [" \(mark) \(column) \(what)"] + (fix.map { ["   fix: \($0)"] } ?? [])
    }

    private static let areaColumns = 11
}
