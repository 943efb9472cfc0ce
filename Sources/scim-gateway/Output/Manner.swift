import Foundation
import Synchronization
import Terminal

/// How the process speaks, as its command line wants it: said once, before the command runs.
struct Manner: Sendable {
    /// Whether remarks are left out.
    var isQuiet = false
    /// Whether the way of the work is told, too.
    var isVerbose = false
    /// Whether the command line wants no colours.
    var hasNoColour = false
    /// Whether the command line wants no questions.
    var hasNoInput = false

    /// The process's manner.
    static var current: Manner {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }

    private static let kept = Mutex(Manner())

    /// Whether a standard stream is a terminal.
    static func isTerminal(_ stream: FileHandle) -> Bool { isatty(stream.fileDescriptor) == 1 }

    /// The colours of a standard stream.
    func colour(on stream: FileHandle) -> Colour {
        Colour(
            isTerminal: Self.isTerminal(stream),
            environment: Settings.environment,
            isSwitchedOff: hasNoColour
        )
    }
}

extension Prompt {
    /// Questions on stderr, which stays with the person when stdout goes elsewhere, and answers from stdin.
    static var atTerminal: Prompt {
        Prompt(
            isTerminal: Manner.isTerminal(.standardInput) && Manner.isTerminal(.standardError),
            isSwitchedOff: Manner.current.hasNoInput,
            write: { Output.progress($0) },
            read: { readLine() }
        )
    }
}
