import CloudProfiles
import Configuration
import Store
import Synchronization
import Tenancy

extension GatewayCore {
    /// What a reload would change, and what it would refuse; nothing is changed.
    func plan(allowsRemovals: Bool = false) async throws(AdminMessages.Problem) -> PlanMessage {
        let before = state.withLock { $0.reading }
        let (runtimes, making, passes, moment) = (runtimes, making, livePasses, now())
        let contents = try await OperatorDesk.asking { () async throws(StoreError) in
            try await GatewayOpening.contents(of: runtimes)
        }
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
        return PlanMessage(
            ReloadPlan.made(
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
