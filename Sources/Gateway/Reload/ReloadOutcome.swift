import Configuration
import Tenancy

/// What came of a reload.
struct ReloadOutcome: Sendable {
    /// What was in force before.
    let before: FilesReading
    /// What is in force now.
    let after: FilesReading
    /// What else must be told: certificates, and groups that go while they hold learners.
    let problems: [String]
    /// How long it took.
    let milliseconds: Int

    /// Changed tenants whose keys are told: who changes more reads the plan.
    private static let tenantsWithKeys = 10

    /// Whether anything of what is on disk was refused.
    var refuses: Bool { after.refuses || problems.contains(where: FindingLine.isError) }

    /// The generation that serves now.
    var generation: Int { after.loaded.directories.generation }

    /// What has changed; nothing when nothing was read.
    var change: DirectoryChange {
        before.loaded.directories.generation == generation ? .nothing : after.loaded.change
    }

    /// Everything that was found, as `config check` prints it.
    var findings: [String] { problems + after.findings.map(\.description) }

    /// The answer to whoever waits for it.
    var message: AdminMessages.Reloaded {
        let change = change
        let changed = change.changed.enumerated().map { index, tenant in
            AdminMessages.ChangedTenant(
                tenant: tenant.text,
                keys: index < Self.tenantsWithKeys ? changedKeys(of: tenant) : []
            )
        }
        return AdminMessages.Reloaded(
            generation: generation,
            tenants: after.loaded.directories.tenantCount,
            milliseconds: milliseconds,
            added: change.added.map(\.text),
            changed: changed,
            removed: change.removed.map(\.text),
            held: change.held.map(\.text),
            unchanged: change.unchanged,
            refusedFiles: after.refusedFiles,
            settings: before.settings.changes(after.settings).map(PlanMessage.Key.init),
            restartNeeded: after.restartNeeded.map(PlanMessage.Key.init),
            refuses: refuses,
            findings: findings
        )
    }

    private func changedKeys(of tenant: Tenant.ID) -> [String] {
        ReloadPlan.changedKeys(of: tenant, inForce: before.loaded.directories, loaded: after.loaded)
            .map(\.key)
    }
}

/// A finding that is text already: `tenants/a.yaml:3:1: error: …`.
enum FindingLine {
    /// Whether it is an error.
    static func isError(_ line: String) -> Bool { line.contains(": error: ") || line.hasPrefix("error: ") }
}
