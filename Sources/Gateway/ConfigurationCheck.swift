import SCIM
import Tenancy

/// `config check`: the settings and every tenant file, read as the gateway reads them, with all problems in one report.
package enum ConfigurationCheck {
    /// What a check found.
    package struct Report: Sendable {
        /// Every finding, and how many there are.
        package let text: String
        /// Whether one of them is an error.
        package let hasErrors: Bool
    }

    /// Checks the files that belong to a settings file.
    package static func run(settingsPath: String) -> Report {
        let checked = GatewaySettings.read(path: settingsPath, files: DiskFileReader())
        guard let settings = checked.value else { return report(checked.findings, fileCount: 1) }
        let loaded = TenantDirectoryLoading.load(
            TenantDirectoryLoading.Input(settings: settings, now: SystemClock.now()),
            files: DiskFileReader()
        )
        return report(checked.findings + loaded.findings, fileCount: 1 + loaded.fileCount)
    }

    private static func report(_ findings: [Finding], fileCount: Int) -> Report {
        Report(
            text: FindingReport.text(findings, fileCount: fileCount),
            hasErrors: findings.contains { $0.severity == .error }
        )
    }
}
