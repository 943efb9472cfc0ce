import ArgumentParser

/// `scim-gateway completion SHELL`.
struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what makes a shell complete commands and names.",
        discussion: """
            Names of tenants and connections come from the gateway that runs.

            Example: source <(scim-gateway completion bash)
            """
    )

    @Argument(help: "Whose script.")
    var shell: Shell

    /// The shells there are scripts for.
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        /// The same, as the parser calls it.
        var completed: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    func run() {
        Output.result(ScimGateway.completionScript(for: shell.completed))
    }
}
