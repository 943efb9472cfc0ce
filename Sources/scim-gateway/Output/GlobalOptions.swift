import ArgumentParser
import Foundation
import Terminal

/// What every command takes that works with a gateway's files, or with one that runs.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: "The settings file.",
        completion: .file(extensions: ["yaml", "yml"])
    )
    var config = "gateway.yaml"

    @Option(help: "The admin socket. (default: where the settings say)", completion: .file())
    var socket: String?

    @OptionGroup var terminal: TerminalOptions
}

/// How a command speaks to the person who runs it: what every command takes.
struct TerminalOptions: ParsableArguments {
    @Flag(help: "Write without colours, as NO_COLOR in the environment does. (default: off)")
    var noColor = false

    @Flag(help: "Ask nothing, and open no editor. (default: off)")
    var noInput = false

    @Flag(name: [.short, .long], help: "Write no remarks, only results, warnings and errors. (default: off)")
    var quiet = false

    @Flag(name: [.short, .long], help: "Tell how the work is done, too. (default: off)")
    var verbose = false

    func validate() throws {
        guard !quiet || !verbose else { throw ValidationError("--quiet and --verbose exclude each other") }
        Manner.current = Manner(
            isQuiet: quiet,
            isVerbose: verbose,
            hasNoColour: noColor,
            hasNoInput: noInput
        )
    }
}

/// In which form a command gives its result.
struct FormOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The form of the result.")
    var output = OutputForm.table
}

extension OutputForm: ExpressibleByArgument {}
