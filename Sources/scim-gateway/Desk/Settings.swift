import ArgumentParser
import Configuration
import Foundation
import Readiness
import Tenancy

/// The settings file, read for a command.
enum Settings {
    /// The variables that may go before a key of the file, or hold a value of it.
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Reads and checks it; warnings go to stderr.
    ///
    /// - Throws: ``ConfigurationProblem`` with every finding when it cannot be used.
    static func read(_ options: GlobalOptions) throws -> GatewaySettings {
        let checked = GatewaySettings.read(
            path: options.config,
            files: DiskFileReader(),
            environment: environment
        )
        let lines = FindingReport.arranged(checked.findings).map(\.description)
        guard let settings = checked.value else { throw ConfigurationProblem(lines: lines) }
        for line in lines { Output.note(line) }
        return settings
    }

    /// As ``read(_:)``; nil, with a word about it, when there is no such file.
    static func readIfThere(_ options: GlobalOptions) throws -> GatewaySettings? {
        guard FileManager.default.fileExists(atPath: options.config) else {
            Output.remark("note: there is no \(options.config); this is what is built in")
            return nil
        }
        return try read(options)
    }
}
