package import Configuration
package import SCIM
import Tenancy

/// `config check`: the settings, their certificates and every tenant file, read as the gateway reads them, with all
/// problems in one report.
package struct ConfigurationCheck: Sendable {
    private let now: Timestamp
    private let environment: [String: String]
    private let files = DiskFileReader()

    /// What a check found.
    package struct Report: Sendable {
        /// Every finding, arranged.
        package let findings: [Finding]
        /// How many files were read.
        package let fileCount: Int

        /// Whether one of them is an error.
        package var hasErrors: Bool { findings.contains { $0.severity == .error } }
    }

    /// A check at a moment, with the variables of an environment.
    package init(now: Timestamp, environment: [String: String]) {
        self.now = now
        self.environment = environment
    }

    /// Checks the files that belong to a settings file.
    ///
    /// Settings that cannot be used do not keep the tenant files from being checked.
    package func run(settingsPath: String) -> Report {
        let checked = GatewaySettings.read(path: settingsPath, files: files, environment: environment)
        guard let settings = checked.value else {
            let tenants = TenantDirectoryLoading.check(
                folder: GatewaySettings.tenantFolder(path: settingsPath, files: files),
                now: now,
                environment: environment,
                files: files
            )
            return report(checked.findings + tenants.findings, fileCount: 1 + tenants.fileCount)
        }
        let loaded = TenantDirectoryLoading.load(
            TenantDirectoryLoading.Input(settings: settings, now: now),
            files: files
        )
        return report(
            checked.findings + ListenerCheck(settings: settings, now: now).findings + loaded.findings,
            fileCount: 1 + loaded.fileCount
        )
    }

    /// Checks these files, each by itself: `gateway.yaml` is a settings file, any other a tenant's.
    ///
    /// A folder stands for the `gateway.yaml` in it with all that belongs to it, else for its tenant files.
    package func run(paths: [String]) -> Report {
        let reports = paths.map { path -> Report in
            guard let names = try? files.names(in: path) else {
                // No folder, then: as a file it tells what is wrong with it.
                return alone(path)
            }
            if names.contains("gateway.yaml") { return run(settingsPath: "\(path)/gateway.yaml") }
            let tenants = TenantDirectoryLoading.check(
                folder: path,
                now: now,
                environment: environment,
                files: files
            )
            return Report(findings: tenants.findings, fileCount: tenants.fileCount)
        }
        return report(reports.flatMap(\.findings), fileCount: reports.reduce(0) { $0 + $1.fileCount })
    }

    private func alone(_ path: String) -> Report {
        guard path.split(separator: "/").last != "gateway.yaml" else {
            let checked = GatewaySettings.read(path: path, files: files, environment: environment)
            let listeners = checked.value.map { ListenerCheck(settings: $0, now: now).findings } ?? []
            return Report(findings: checked.findings + listeners, fileCount: 1)
        }
        return Report(
            findings: TenantFile.read(path: path, files: files, now: now, environment: environment).findings,
            fileCount: 1
        )
    }

    private func report(_ findings: [Finding], fileCount: Int) -> Report {
        Report(findings: FindingReport.arranged(findings), fileCount: fileCount)
    }
}
