import Configuration
package import Tenancy

/// What came of a reload.
package struct ReloadOutcome: Sendable {
    /// What was in force before.
    package let before: FilesReading
    /// What is in force now.
    package let after: FilesReading
    /// What else must be told: certificates, and groups that go while they hold learners.
    package let problems: [String]
    /// How long it took.
    package let milliseconds: Int

    /// Whether anything of what is on disk was refused.
    package var refuses: Bool { after.refuses || problems.contains(where: FindingLine.isError) }

    /// The generation that serves now.
    package var generation: Int { after.loaded.directories.generation }

    /// What has changed; nothing when nothing was read.
    package var change: DirectoryChange {
        before.loaded.directories.generation == generation ? .nothing : after.loaded.change
    }

    /// Everything that was found, as `config check` prints it.
    package var findings: [String] { problems + after.findings.map(\.description) }
}

/// A finding that is text already: `tenants/a.yaml:3:1: error: …`.
enum FindingLine {
    /// Whether it is an error.
    static func isError(_ line: String) -> Bool { line.contains(": error: ") || line.hasPrefix("error: ") }
}
