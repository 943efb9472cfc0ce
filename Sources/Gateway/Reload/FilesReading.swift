import CloudProfiles
package import Configuration
import SCIM
package import Tenancy

/// What one reading of the settings file and the tenant files gave: settings, directories, problems, and a record of
/// what was read.
///
/// Its making blocks: not for an event loop.
package struct FilesReading: Sendable {
    /// What holds of the settings file.
    package let settings: GatewaySettings
    /// What was found in the settings file since the start.
    package let settingsFindings: [Finding]
    /// Keys of the settings file that have another value on disk, and get it at a restart.
    package let restartNeeded: [KeyChange]
    /// What came of the tenant files.
    package let loaded: TenantDirectoryLoading.Loaded
    /// What was read.
    let record: ReadingRecord

    /// What was found in all files.
    package var findings: [Finding] { settingsFindings + loaded.findings }

    /// Whether anything of what is on disk was refused.
    package var refuses: Bool { findings.contains { $0.severity == .error } }

    /// How many files were refused, that of the settings included.
    package var refusedFiles: Int {
        let tenants = loaded.directories.standings.count { $0.state == .refused }
        return tenants + (refusesSettings ? 1 : 0)
    }

    /// Whether the settings file was refused.
    package var refusesSettings: Bool { settingsFindings.contains { $0.severity == .error } }

    /// The reading at the start.
    ///
    /// The settings were read just before, and what is wrong with them was told: they are read again to be in the
    /// record.
    static func first(
        _ settings: GatewaySettings,
        _ contents: [CloudProfile.Name: ControlContents],
        _ making: StoreMaking,
        now: Timestamp
    ) -> FilesReading {
        made(settings, contents, [:], .none, making, now: now, tellsSettings: false)
    }

    /// Reads everything again.
    func again(
        _ contents: [CloudProfile.Name: ControlContents],
        _ passes: [CloudProfile.Name: [ProbePass]],
        _ making: StoreMaking,
        now: Timestamp,
        allowsRemovals: Bool
    ) -> FilesReading {
        Self.made(
            settings,
            contents,
            passes,
            loaded.directories,
            making,
            now: now,
            allowsRemovals: allowsRemovals,
            stillNeeded: restartNeeded
        )
    }

    /// Reads the files.
    ///
    /// A settings file that cannot be used leaves the settings as they are.
    private static func made(
        _ settings: GatewaySettings,
        _ contents: [CloudProfile.Name: ControlContents],
        _ passes: [CloudProfile.Name: [ProbePass]],
        _ previous: TenantDirectories,
        _ making: StoreMaking,
        now: Timestamp,
        allowsRemovals: Bool = false,
        stillNeeded: [KeyChange] = [],
        tellsSettings: Bool = true
    ) -> FilesReading {
        let files = RecordingReader(DiskFileReader())
        let onDisk = settings.readAgain(files: files)
        let taken = onDisk.value.map(settings.reloaded) ?? settings
        var input = input(taken, contents, passes, previous, making, now: now)
        input.allowsRemovals = allowsRemovals
        let loaded = TenantDirectoryLoading.load(input, files: files)
        let isTold = tellsSettings || onDisk.value == nil
        return FilesReading(
            settings: taken,
            settingsFindings: isTold ? FindingReport.arranged(onDisk.findings) : [],
            restartNeeded: onDisk.value.map(taken.changes)?.filter { $0.effect == .restart } ?? stillNeeded,
            loaded: loaded,
            record: files.record
        )
    }

    /// The same files with what the control databases hold now.
    func merged(
        _ contents: [CloudProfile.Name: ControlContents],
        _ passes: [CloudProfile.Name: [ProbePass]],
        _ making: StoreMaking,
        now: Timestamp
    ) -> FilesReading {
        let input = Self.input(settings, contents, passes, loaded.directories, making, now: now)
        return FilesReading(
            settings: settings,
            settingsFindings: settingsFindings,
            restartNeeded: restartNeeded,
            loaded: TenantDirectoryLoading.merge(input),
            record: record
        )
    }

    private static func input(
        _ settings: GatewaySettings,
        _ contents: [CloudProfile.Name: ControlContents],
        _ passes: [CloudProfile.Name: [ProbePass]],
        _ previous: TenantDirectories,
        _ making: StoreMaking,
        now: Timestamp
    ) -> TenantDirectoryLoading.Input {
        var stores: [Tenant.ID: Set<CloudProfile.Name>] = [:]
        for name in CloudProfile.Name.allCases {
            for tenant in making.existing(name) { stores[tenant, default: []].insert(name) }
        }
        var input = TenantDirectoryLoading.Input(
            settings: settings,
            control: contents,
            previous: previous,
            stores: stores,
            now: now
        )
        input.passes = passes
        return input
    }
}
