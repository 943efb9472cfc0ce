import ArgumentParser
import Gateway
import Operations
import Readiness
import Terminal

/// Why a command ends without its result.
///
/// Told after everything else, so that a terminal shows it.
struct Failure: Error {
    /// What to tell; each line stands as it is.
    let lines: [String]
    /// What scripts see.
    let exitCode: ExitCode

    /// A failure in one sentence.
    init(_ sentence: String, _ exitCode: ExitCode) {
        self.init(lines: ["error: \(sentence)"], exitCode)
    }

    /// A failure in lines that say themselves that they are errors.
    init(lines: [String], _ exitCode: ExitCode) {
        self.lines = lines
        self.exitCode = exitCode
    }

    /// What an error that ends a command means; nil for one that is not ours.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let problem as AdminMessages.Problem:
            self.init(problem.detail, problem.isAboutRights ? .notAllowed : .refused)
        case let held as FilesInUse: self.init(held.text, held.isAboutRights ? .notAllowed : .notRunning)
        case let broken as ConfigurationProblem: self.init(lines: broken.lines, .configuration)
        case let refused as Prompt.Refused: self.init(refused.sentence, .failure)
        default: return nil
        }
    }

    /// Tells it.
    func tell() {
        for line in lines {
            if line.hasPrefix(Self.mark) {
                Output.error(String(line.dropFirst(Self.mark.count)))
            } else {
                Output.note(line)
            }
        }
    }

    private static let mark = "error: "
}
