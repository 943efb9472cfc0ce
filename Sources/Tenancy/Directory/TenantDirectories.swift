package import CloudProfiles
internal import Configuration

/// The directories of all served cloud profiles, as one load of the files made them.
package struct TenantDirectories: Sendable {
    /// Counts the loads from 1.
    package let generation: Int
    /// The directory of each served profile.
    package let byProfile: [CloudProfile.Name: TenantDirectory]
    /// The last good version of each file that serves, by its name.
    let files: [String: KeptFile]
    /// What the last load found in the files themselves, or in want of them.
    let fileFindings: [Finding]
    /// The files that are not in force as they are on disk, by name.
    package let standings: [FileStanding]

    /// Directories without a tenant: what holds before the first load.
    package static let none = TenantDirectories(generation: 0, byProfile: [:], files: [:])

    /// The last good version of a file.
    struct KeptFile: Sendable {
        /// What it was read from, to see whether it changed.
        let bytes: [UInt8]
        let file: TenantFile
        /// Warnings that were found in it.
        let findings: [Finding]
        /// The generation that it came with.
        let generation: Int
    }

    init(
        generation: Int,
        byProfile: [CloudProfile.Name: TenantDirectory],
        files: [String: KeptFile],
        fileFindings: [Finding] = [],
        standings: [FileStanding] = []
    ) {
        self.generation = generation
        self.byProfile = byProfile
        self.files = files
        self.fileFindings = fileFindings
        self.standings = standings
    }

    /// The directory of a profile; nil when no listener serves it.
    package subscript(profile: CloudProfile.Name) -> TenantDirectory? { byProfile[profile] }

    /// The tenant of that name, in whichever profile.
    ///
    /// A tenant belongs to one.
    package func tenant(_ id: Tenant.ID) -> Tenant? {
        byProfile.values.lazy.compactMap { $0.tenant(id) }.first
    }

    /// The profile that knows a token: tells the operator that a refused token belongs to another
    /// cloud.
    ///
    /// Never asked before the refusal is written, and never told to the client.
    package func profile(of token: AccessToken.ID) -> CloudProfile.Name? {
        byProfile.first { $0.value.token(token) != nil }?.key
    }

    /// How many tenants there are.
    package var tenantCount: Int { byProfile.values.reduce(0) { $0 + $1.tenants.count } }

    /// All tenants, sorted by name.
    package var tenants: [Tenant] {
        byProfile.values.flatMap(\.tenants.values).sorted { $0.id.text < $1.id.text }
    }
}

/// What a load changed, by names of tenants, sorted.
package struct DirectoryChange: Sendable, Equatable {
    /// No tenant at all.
    package static let nothing = DirectoryChange()

    /// Those that were not there before.
    package var added: [Tenant.ID] = []
    /// Those whose file is another than before.
    package var changed: [Tenant.ID] = []
    /// Those whose file is gone: their tokens get 401 now.
    package var removed: [Tenant.ID] = []
    /// How many are as before.
    package var unchanged = 0
    /// Those whose file is refused, and who go on as it was before.
    package var kept: [Tenant.ID] = []
    /// Names of files that are refused, and of whom no earlier version is known.
    package var refused: [String] = []
    /// Those whose file is gone and who go on all the same, because too many would go at once.
    package var held: [Tenant.ID] = []
}
