import CloudProfiles
import Configuration
import Store
import Tenancy

extension GatewayCore {
    /// What a reload would change, and what it would refuse; nothing is changed.
    func plan() async throws(AdminMessages.Problem) -> PlanMessage {
        let inForce = directories
        let runtimes = runtimes
        let contents = try await OperatorDesk.asking { () async throws(StoreError) in
            try await GatewayOpening.contents(of: runtimes)
        }
        let files = DiskFileReader()
        let onDisk = settings.readAgain(files: files)
        let loaded = TenantDirectoryLoading.load(input(contents, previous: inForce), files: files)
        var groupsInUse: [String] = []
        for runtime in runtimes {
            guard let directory = loaded.directories[runtime.profile.name] else { continue }
            let consequences = ReloadConsequences(runtime: runtime, before: runtime.directory)
            groupsInUse += await consequences.findings(after: directory)
        }
        let findings = FindingReport.arranged(onDisk.findings) + loaded.findings
        return PlanMessage(
            ReloadPlan.made(inForce: inForce, loaded: loaded, settings: settings, onDisk: onDisk.value),
            generation: inForce.generation,
            findings: certificateFindings + findings.map(\.description) + groupsInUse,
            refuses: findings.contains { $0.severity == .error }
                || groupsInUse.contains { $0.contains(": error: ") }
        )
    }
}
