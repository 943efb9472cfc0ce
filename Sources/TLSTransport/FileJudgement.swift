/// What is thought of files that others may replace at any time: who writes two, or one slowly, is
/// given time until the next look.
struct FileJudgement {
    /// Why the files are not in force; nil when they are.
    private(set) var problem: TLSConfigurationError?
    /// The files that were last judged; nil before the first judgement.
    private var judged: [FileMark?]?
    /// Files that were wrong when they were first seen.
    private var suspected: [FileMark?]?

    /// Whether files must be read: others than those that were judged, or wrong ones.
    ///
    /// Wrong ones are tried each time: a right of a folder or the day may have changed.
    func mustRead(_ marks: [FileMark?]) -> Bool { marks != judged || problem != nil }

    /// They are right; tells whether something was wrong before.
    mutating func accept(_ marks: [FileMark?]) -> Bool {
        defer {
            judged = marks
            suspected = nil
            problem = nil
        }
        return problem != nil
    }

    /// They are wrong; tells whether that is news: another problem, seen twice or asked for.
    mutating func refuse(_ marks: [FileMark?], _ error: TLSConfigurationError, isAsked: Bool) -> Bool {
        guard isAsked || marks == judged || marks == suspected else {
            suspected = marks
            return false
        }
        defer {
            judged = marks
            suspected = nil
            problem = error
        }
        return problem?.description != error.description
    }
}
