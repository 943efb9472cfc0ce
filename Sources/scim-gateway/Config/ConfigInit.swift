import ArgumentParser
import Foundation
import Gateway
import Readiness

extension Config {
    /// `config init`.
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write starter files: gateway.yaml, a tenant, and a certificate to try them with.",
            discussion: """
                Every key is there with its meaning. No file that is there is changed. The certificate is signed by itself \
                and ends after 30 days: put your own in its place before anybody is to trust it.

                Example: scim-gateway config init gateway
                """
        )

        @OptionGroup var terminal: TerminalOptions

        @Argument(help: "The folder; it is made when it is not there.")
        var folder = "."

        @OptionGroup var rehearsal: DryRunOption

        func run() throws {
            let files = try StarterFiles.made(now: SystemClock.now())
            let there = files.map { path(of: $0) }.filter(FileManager.default.fileExists)
            guard there.isEmpty else {
                Output.error("\(there.joined(separator: ", ")) is there already; nothing is written")
                throw ExitCode.failure
            }
            if !rehearsal.dryRun {
                for file in files { try write(file) }
            }
            for file in files { Output.result(path(of: file)) }
            guard !rehearsal.dryRun else { return Output.remark("Nothing is written.") }
            let settings = folder == "." ? "gateway.yaml" : "\(folder)/gateway.yaml"
            Output.remark("Next  scim-gateway config check -c \(settings)")
            Output.remark("      scim-gateway serve -c \(settings)")
        }

        private func path(of file: StarterFiles.File) -> String {
            folder == "." ? file.path : "\(folder)/\(file.path)"
        }

        private func write(_ file: StarterFiles.File) throws {
            let path = path(of: file)
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true
            )
            let mode = file.isSecret ? 0o600 : 0o644
            guard
                FileManager.default.createFile(
                    atPath: path,
                    contents: Data(file.bytes),
                    attributes: [.posixPermissions: mode]
                )
            else {
                Output.error("\(path) cannot be written")
                throw ExitCode.failure
            }
        }
    }
}
