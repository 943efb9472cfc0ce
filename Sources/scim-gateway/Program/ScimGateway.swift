import ArgumentParser
import Gateway

/// The command line.
@main
struct ScimGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scim-gateway",
        abstract:
            "A SCIM 2.0 gateway: many customers' identity providers provision their people here.",
        discussion: """
            Exit codes: 0 done, 1 failed, 2 refused by the gateway, 3 found problems, 64 usage, 69 not running \
            or the files are in use, 77 not allowed, 78 configuration. Only results go to stdout.

            Example: scim-gateway status -c /etc/scim-gateway/gateway.yaml
            """,
        version: ProgramVersion.text,
        subcommands: [
            Serve.self, StatusCommand.self, Health.self, Reload.self, Config.self, Explain.self,
            TenantCommand.self, Connect.self, ConnectionCommand.self, Token.self, User.self,
            StoreCommand.self,
            ActivityCommand.self, Networks.self, ProbeCommand.self, DoctorCommand.self, Simulate.self,
            Profiles.self, FIPSCheckCommand.self, Completion.self, Man.self, Version.self,
        ]
    )

    /// Reads the command line, does what it says, and ends with the code that stands for what came of it.
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
        } catch {
            end(error, arguments)
        }
    }

    /// Ends the process: help and versions are results, all else is told on stderr.
    private static func end(_ error: any Error, _ arguments: [String]) -> Never {
        if let failure = Failure(error) {
            failure.tell()
            exit(withError: failure.exitCode)
        }
        guard exitCode(for: error) == .validationFailure else {
            if error is ExitCode { exit(withError: error) }
            if exitCode(for: error) == .success {
                Output.result(HelpText.arranged(fullMessage(for: error, columns: HelpText.columns)))
                exit(withError: ExitCode.success)
            }
            Output.error("\(error)")
            exit(withError: ExitCode.failure)
        }
        let path = CommandPath(arguments, from: self)
        Output.error(path.complaint ?? message(for: error))
        Output.note("  help: \(path.name) --help")
        exit(withError: ExitCode.validationFailure)
    }
}
