/// One step of a probe, and what came of it.
package struct ProbeStep: Codable, Sendable, Equatable {
    /// What is tried: `test connection`.
    package var title: String
    /// How: `GET /Users?filter=userName eq "…"`; or what was found.
    package var what: String
    /// What came of it.
    package var outcome: Outcome
    /// The statuses of its answers.
    package var statuses: [Int] = []
    /// Milliseconds of its requests; nil where none was sent.
    package var milliseconds: Int?
    /// What is wrong; nil when it passed.
    package var problem: String?
    /// What to do about it.
    package var fix: String?

    /// What can come of a step.
    package enum Outcome: String, Codable, Sendable {
        /// As it should be.
        case passed
        /// Not so.
        case failed
        /// Not tried, as a step before it failed.
        case skipped
    }

    /// A step that passed, until something speaks against it.
    package init(_ title: String, _ what: String, outcome: Outcome = .passed) {
        self.title = title
        self.what = what
        self.outcome = outcome
    }

    /// The same step, failed for that reason.
    package func failed(_ problem: String, fix: String?) -> ProbeStep {
        var step = self
        step.outcome = .failed
        step.problem = problem
        step.fix = fix
        return step
    }
}
