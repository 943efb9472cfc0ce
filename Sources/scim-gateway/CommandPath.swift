import ArgumentParser

/// How far the words of a command line lead into the tree of commands.
struct CommandPath {
    /// From the program's own command to the last that was understood.
    private(set) var commands: [any ParsableCommand.Type]
    /// The word after it, where only the name of a command may stand.
    private(set) var stray: String?

    /// Follows the words as far as they name commands.
    init(_ arguments: [String], from root: any ParsableCommand.Type) {
        commands = [root]
        for word in arguments {
            let here = commands[commands.count - 1].configuration.subcommands
            guard !here.isEmpty else { return }
            if let next = here.first(where: { $0.words.contains(word) }) {
                commands.append(next)
            } else if word != "help" || commands.count > 1 {
                stray = word
                return
            }
        }
    }

    /// `scim-gateway token create`.
    var name: String { commands.map { $0._commandName }.joined(separator: " ") }

    /// What is wrong with the word that names no command; nil when all do.
    var complaint: String? {
        guard let stray else { return nil }
        guard !stray.hasPrefix("-") else {
            // What the program's own command takes is no mistake: --help.
            return Self.ownOptions.contains(stray) || stray.hasPrefix("--experimental-")
                || stray.hasPrefix("--generate-") || stray.hasPrefix("---")
                ? nil : "options stand behind the command: \(name) COMMAND \(stray)"
        }
        let names = commands[commands.count - 1].configuration.subcommands
            .filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        return "there is no command '\(wanted(stray))'; "
            + Meant.text(stray, among: names, having: "there are")
    }

    /// The command without the program's name: `token crate`.
    private func wanted(_ word: String) -> String {
        (commands.dropFirst().map { $0._commandName } + [word]).joined(separator: " ")
    }

    private static let ownOptions = ["-h", "--help", "--version"]
}

extension ParsableCommand {
    /// The words by which it is called.
    fileprivate static var words: [String] { [_commandName] + configuration.aliases }
}
