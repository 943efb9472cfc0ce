import ArgumentParser
import CloudProfiles
import Configuration
import Gateway
import Operations
import Outbound
import Readiness
import SCIM
import Tenancy
import Terminal

/// `scim-gateway doctor`: looks at all that a gateway hangs on, and says what to mend.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check names, certificates, TLS, clock, disk, rights, stores, networks and limits.",
        discussion: """
            Nothing is changed. The gateway may run or not; where no client can come, certificate, key and profile are \
            tried against one another by handshakes in memory. Exit code 3: something is bad.

            Example: scim-gateway doctor --tenant contoso
            """
    )

    @OptionGroup var global: GlobalOptions

    @OptionGroup var form: FormOptions

    @Option(help: "Only this tenant's store, and the listeners of its cloud. (default: all)")
    var tenant: String?

    @OptionGroup var routing: RouteOptions

    func run() async throws {
        let settings = try Settings.read(global)
        var found: [Diagnosis] = []
        func tell(_ diagnoses: [Diagnosis]) {
            found += diagnoses
            guard !form.output.isForPrograms else { return }
            for diagnosis in diagnoses { for line in diagnosis.lines { Output.result(line) } }
        }
        // Asked first, and told last: only whoever holds the stores knows a tenant's cloud.
        let (stores, profiles) = try await askStores(settings)
        let route = Route(authorities: routing.ca, addresses: routing.resolve)
        let seat = try HTTPSSeat(route)
        let now = SystemClock.now().milliseconds / 1_000
        for (number, listener) in settings.listeners.enumerated()
        where profiles.contains(listener.profile.value.rawValue) {
            let diagnosis = ListenerDiagnosis(
                listener: listener,
                trial: { ListenerTrial.make(settings, listener: number, now: SystemClock.now()) },
                route: route,
                seat: seat,
                now: now
            )
            tell(await diagnosis.all())
        }
        tell(MachineDiagnosis(settings: settings, process: await process(settings)).all())
        tell(stores)
        try form.show(found) { [summary(of: found)] }
        if found.contains(where: { $0.state == .bad }) { throw ExitCode.problems }
    }

    private func summary(of found: [Diagnosis]) -> String {
        let (bad, attention) = (found.count { $0.state == .bad }, found.count { $0.state == .attention })
        return "\(found.count) looked at: \(bad) bad, \(attention) to be looked after"
    }

    /// What is said of the stores, and the profiles whose listeners matter.
    private func askStores(_ settings: GatewaySettings) async throws -> ([Diagnosis], Set<String>) {
        let all = Set(settings.servedProfiles.map(\.rawValue))
        do {
            return try await Desk.work(global) { desk in
                var profiles = all
                if let tenant {
                    let urls = Set(try await desk.connections(of: tenant).compactMap(\.tenantURL))
                    let own = settings.listeners.filter { urls.contains("\($0.publicURL.value)/scim/v2") }
                    // A tenant without a connection may be of any.
                    if !own.isEmpty { profiles = Set(own.map(\.profile.value.rawValue)) }
                }
                return (
                    try await StoreDiagnosis(desk: desk, tenant: tenant, profiles: profiles).all(), profiles
                )
            }
        } catch let held as FilesInUse {
            let fix = "end that process, or start the gateway there"
            return ([.bad("store", "the stores cannot be opened: \(held.text)", fix: fix)], all)
        } catch let broken as ConfigurationProblem {
            let fix = "mend it; see: scim-gateway config check"
            return ([.bad("store", broken.lines.joined(separator: "; "), fix: fix)], all)
        }
    }

    /// The running gateway's process; nil when none runs.
    private func process(_ settings: GatewaySettings) async -> Int32? {
        let client = AdminClient(path: RunningSocket.path(global, settings))
        // That none runs is no fault here.
        let status: AdminMessages.Status? = try? await client.get("/v1/status")
        return status?.pid
    }
}
