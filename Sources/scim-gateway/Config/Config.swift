import ArgumentParser
import Configuration
import Foundation
import Gateway
import Readiness
import Tenancy

/// `scim-gateway config …`.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check, show and compare the files, and write first ones.",
        discussion: "Example: scim-gateway config check",
        subcommands: [Check.self, Show.self, Diff.self, Schema.self, Init.self, Migrate.self]
    )

    /// `config check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check gateway.yaml and every tenant file, and tell all problems at once.",
            discussion: """
                Certificates are looked at, too; connections made by command are not. Exit code 78 when there is \
                an error.

                Example: scim-gateway config check -c gateway.yaml -o github
                """
        )

        @OptionGroup var global: GlobalOptions

        @Option(
            name: [.customShort("o"), .long],
            help: "The form of the result; github marks the lines of a pull request."
        )
        var output = Form.text

        @Argument(
            help: "Files or folders to check instead: gateway.yaml is a settings file, any other a tenant's."
        )
        var path: [String] = []

        /// For people, for programs, or for a pull request.
        enum Form: String, ExpressibleByArgument, CaseIterable {
            case text, json, github
        }

        func run() throws {
            let check = ConfigurationCheck(now: SystemClock.now(), environment: Settings.environment)
            let report = path.isEmpty ? check.run(settingsPath: global.config) : check.run(paths: path)
            switch output {
            case .text: Output.text(FindingReport.text(report.findings, fileCount: report.fileCount))
            case .github: Output.text(FindingReport.github(report.findings, fileCount: report.fileCount))
            case .json: try Output.json(FindingMessages.Report(report))
            }
            if report.hasErrors { throw ExitCode.configuration }
        }
    }

    /// `config schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema (draft-07) of a file, for editors and checks elsewhere.",
            discussion: """
                In a file's first line: # yaml-language-server: $schema=tenant.schema.json

                Example: scim-gateway config schema tenant > tenant.schema.json
                """
        )

        @OptionGroup var terminal: TerminalOptions

        @Argument(help: "Whose schema.")
        var file: KnownKey.File

        func run() {
            Output.result(IndentedJSON.text(JSONSchema.schema(of: file)))
        }
    }
}

extension KnownKey.File: ExpressibleByArgument {}
