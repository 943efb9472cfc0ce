import CloudProfiles
import Configuration
package import Store
import Synchronization
package import Tenancy

/// What a reload would bring.
package struct ForeseenReload: Sendable {
    /// What it would change.
    package let plan: ReloadPlan
    /// The generation that serves.
    package let generation: Int
    /// What would be refused, and warnings, as `config check` prints them.
    package let findings: [String]
    /// Whether something would be refused.
    package let refuses: Bool
}

extension GatewayCore {
    /// Foresees what a reload would change, and what it would refuse; nothing is changed.
    package func foresee(allowsRemovals: Bool) async throws(StoreError) -> ForeseenReload {
        let before = state.withLock { $0.reading }
        let (runtimes, making, passes, moment) = (runtimes, making, livePasses, now())
        let contents = try await GatewayOpening.contents(of: runtimes)
        let (onDisk, after) = await Self.onThreads {
            (
                before.settings.readAgain(files: DiskFileReader()).value,
                before.again(contents, passes, making, now: moment, allowsRemovals: allowsRemovals)
            )
        }
        let inForce = before.loaded.directories
        var groupsInUse: [String] = []
        for runtime in runtimes {
            guard let directory = after.loaded.directories[runtime.profile.name] else { continue }
            let consequences = ReloadConsequences(runtime: runtime, before: runtime.directory)
            groupsInUse += await consequences.findings(after: directory)
        }
        return ForeseenReload(
            plan: ReloadPlan.made(
                inForce: inForce,
                loaded: after.loaded,
                settings: before.settings,
                onDisk: onDisk
            ),
            generation: inForce.generation,
            findings: certificateFindings + after.findings.map(\.description) + groupsInUse,
            refuses: after.refuses || groupsInUse.contains(where: FindingLine.isError)
        )
    }
}
