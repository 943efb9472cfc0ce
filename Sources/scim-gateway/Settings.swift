import Gateway
import Tenancy

/// The settings file, read for a command.
enum Settings {
    /// Reads and checks it; warnings go to stderr.
    ///
    /// - Throws: ``ConfigurationProblem`` with every finding when it cannot be used.
    static func read(_ options: GlobalOptions) throws -> GatewaySettings {
        let checked = GatewaySettings.read(path: options.config, files: DiskFileReader())
        let lines = FindingReport.arranged(checked.findings).map(\.description)
        guard let settings = checked.value else { throw ConfigurationProblem(lines: lines) }
        for line in lines { Output.note(line) }
        return settings
    }
}
