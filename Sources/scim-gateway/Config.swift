import ArgumentParser
import Gateway
import Tenancy

/// `scim-gateway config …`.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work with the settings and tenant files.",
        subcommands: [Check.self]
    )

    /// `config check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check gateway.yaml and every tenant file, and tell all problems at once.",
            discussion: "Exit code 78 when there is an error. Connections made by command are not looked at."
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let report = ConfigurationCheck.run(settingsPath: global.config)
            Output.note(report.text)
            if report.hasErrors { throw ExitCode.configuration }
        }
    }
}
