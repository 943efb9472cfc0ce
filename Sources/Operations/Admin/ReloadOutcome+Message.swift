import Configuration
import Gateway
import Tenancy

extension ReloadOutcome {
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

    /// Changed tenants whose keys are told: who changes more reads the plan.
    private static let tenantsWithKeys = 10
}
