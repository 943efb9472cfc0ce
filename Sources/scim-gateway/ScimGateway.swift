import ArgumentParser
import Gateway

/// The command line.
@main
struct ScimGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scim-gateway",
        abstract:
            "A SCIM 2.0 gateway through which many customers' identity providers provision their people.",
        discussion: """
            Exit codes: 0 done, 1 failed, 2 refused by the gateway, 3 found problems, 64 usage, 69 not running or the files \
            are in use, 77 not allowed, 78 configuration.
            """,
        version: ProgramVersion.text,
        subcommands: [
            Serve.self, StatusCommand.self, Reload.self, Config.self, Explain.self, Connect.self,
            ConnectionCommand.self, Token.self, User.self, ActivityCommand.self, Networks.self,
            Profiles.self, FIPSCheckCommand.self, ProbeCommand.self, Version.self,
        ]
    )
}

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The settings file.")
    var config = "gateway.yaml"

    @Option(help: "The admin socket, when it is not where the settings say.")
    var socket: String?
}
