import ArgumentParser
import Configuration
import Gateway
import Readiness
import SCIM
import Tenancy

extension Config {
    /// `config migrate`.
    struct Migrate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rewrite files to the newest version of their shape.",
            discussion: """
                There is one version so far, 1, so nothing is ever rewritten: the files are checked, as config check \
                does. Exit code 78 when there is an error.

                Example: scim-gateway config migrate -c gateway.yaml
                """
        )

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let check = ConfigurationCheck(now: SystemClock.now(), environment: Settings.environment)
            let report = check.run(settingsPath: global.config)
            guard !report.hasErrors else {
                Output.note(FindingReport.text(report.findings, fileCount: report.fileCount))
                throw ExitCode.configuration
            }
            let files = CountText.words(report.fileCount, "file")
            Output.result("\(files) of version 1, the newest: there is nothing to rewrite")
        }
    }
}
