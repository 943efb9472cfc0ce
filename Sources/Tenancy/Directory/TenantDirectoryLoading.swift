package import CloudProfiles
package import Configuration
internal import Linux
package import SCIM

/// Makes the directories from the tenant files and the control databases.
///
/// One bad file never stops the others.
///
/// Pure given what the reader gives: the same files, contents and moment make the same directories.
package enum TenantDirectoryLoading {
    /// What a load is made from, besides the files.
    package struct Input: Sendable {
        /// The process's settings: which profiles are served, where the files are, the tenants'
        /// default limits.
        package var settings: GatewaySettings
        /// What each profile's control database holds.
        package var control: [CloudProfile.Name: ControlContents]
        /// What is in force now; ``TenantDirectories/none`` at start.
        package var previous: TenantDirectories
        /// Under which profiles a tenant's store lies already; a tenant that has none is left out.
        package var stores: [Tenant.ID: Set<CloudProfile.Name>]
        /// The tokens of probes.
        package var passes: [CloudProfile.Name: [ProbePass]] = [:]
        /// Decides which tokens are live.
        package var now: Timestamp
        /// Whether ``VanishingGuard`` is off: the operator says that the tenants are meant to go.
        package var allowsRemovals: Bool

        /// An input of these parts.
        package init(
            settings: GatewaySettings,
            control: [CloudProfile.Name: ControlContents] = [:],
            previous: TenantDirectories = .none,
            stores: [Tenant.ID: Set<CloudProfile.Name>] = [:],
            now: Timestamp,
            allowsRemovals: Bool = false
        ) {
            self.settings = settings
            self.control = control
            self.previous = previous
            self.stores = stores
            self.now = now
            self.allowsRemovals = allowsRemovals
        }
    }

    /// What a load gives.
    package struct Loaded: Sendable {
        /// The new directories; whole and usable, whatever was found.
        package let directories: TenantDirectories
        /// What was found, arranged by ``FindingReport``: at most ``ConfigurationLimits/findingsPerFile``
        /// of a file, with a line that counts the others.
        package let findings: [Finding]
        /// How many files were looked at.
        package let fileCount: Int
        /// What is different from before.
        package let change: DirectoryChange
    }

    /// Reads the folder of the tenant files and makes the directories.
    ///
    /// A file that cannot be used keeps its previous good version in force, when there is one.
    /// Files that are as they were go first, changed ones next and new ones last, each in the order
    /// of their names: so a new file that claims another's token is the one that is refused, and at
    /// a first start the later in order is.
    package static func load(_ input: Input, files: some FileReader) -> Loaded {
        let rules = FileLoading.Rules(
            served: input.settings.servedProfiles,
            previous: input.previous,
            stores: input.stores,
            now: input.now,
            withoutNetworks: Set(input.control.filter { $0.value.networks == nil }.keys),
            outside: OutsideValues(environment: input.settings.environment, files: files),
            allowsRemovals: input.allowsRemovals
        )
        let loading = FileLoading.loaded(input.settings.tenants.directory, rules, files)
        let files = FilesTaken(loading.accepted, loading.findings, loading.standings())
        return merged(input, files, loading.fileCount, loading.change())
    }

    /// Checks the tenant files of a folder against one another, when the settings cannot be read:
    /// what the settings decide is left open.
    package static func check(
        folder: String,
        now: Timestamp,
        environment: [String: String],
        files: some FileReader
    ) -> (findings: [Finding], fileCount: Int) {
        let rules = FileLoading.Rules(
            served: nil,
            previous: .none,
            stores: [:],
            now: now,
            withoutNetworks: [],
            outside: OutsideValues(environment: environment, files: files),
            allowsRemovals: false
        )
        let loading = FileLoading.loaded(folder, rules, files)
        return (loading.findings, loading.fileCount)
    }

    /// Makes the directories again from the files as they were last read: for a change of a control
    /// database.
    package static func merge(_ input: Input) -> Loaded {
        let previous = input.previous
        let files = FilesTaken(previous.files, previous.fileFindings, previous.standings)
        let count = previous.files.count
        return merged(input, files, count, DirectoryChange(unchanged: count))
    }

    /// The files as they are taken: those that serve, what was found in them, and those that are not as on disk.
    private struct FilesTaken {
        let accepted: [String: TenantDirectories.KeptFile]
        let findings: [Finding]
        let standings: [FileStanding]

        init(
            _ accepted: [String: TenantDirectories.KeptFile],
            _ findings: [Finding],
            _ standings: [FileStanding]
        ) {
            self.accepted = accepted
            self.findings = findings
            self.standings = standings
        }
    }

    private static func merged(
        _ input: Input,
        _ files: FilesTaken,
        _ fileCount: Int,
        _ change: DirectoryChange
    ) -> Loaded {
        let generation = input.previous.generation + 1
        var byProfile: [CloudProfile.Name: TenantDirectory] = [:]
        var findings = files.findings
        let sorted = files.accepted.sorted { $0.key < $1.key }.map(\.value.file)
        for profile in input.settings.servedProfiles {
            let ordered = sorted.filter { $0.profile.value == profile }
            var merging = ProfileMerging(input: input, profile: profile)
            byProfile[profile] = merging.directory(of: ordered, generation: generation)
            findings += merging.findings
        }
        return Loaded(
            directories: TenantDirectories(
                generation: generation,
                byProfile: byProfile,
                files: files.accepted,
                fileFindings: files.findings,
                standings: files.standings
            ),
            findings: FindingReport.arranged(findings),
            fileCount: fileCount,
            change: change
        )
    }
}
