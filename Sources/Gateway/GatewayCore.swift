import CloudProfiles
import Configuration
import Crypto
import Linux
import SCIM
import Sharing
import Store
import Synchronization
import TLSTransport
package import Tenancy

/// The open profiles of a gateway and the tenant files they serve: what the server and the operator's desk share.
///
/// Whoever holds one holds the lock of each profile's folder.
package final class GatewayCore: Sendable {
    /// The profiles that run.
    package let runtimes: [ProfileRuntime]
    /// The listeners to bind, with what they need; those that share an address stand together.
    let servedListeners: [ServedListener]
    /// The keys of the profiles' session tickets, one ring a profile.
    let ticketKeys: [TicketKeys]
    /// Demands of profiles that are loosened or cannot be met, as start and `status` shout them.
    package let notMet: [UnmetDemand]
    /// How the process's descriptors are shared out.
    private let budget: DescriptorBudget
    /// Whose request is worked on next.
    let turns: Turns
    /// What the event loops count for the monitoring.
    let tallies: RequestTallies
    /// The moments that exports are reading.
    let snapshots = SnapshotShelf()
    private let locks: [FileLock]
    private let started: Timestamp
    /// From which line on something is logged.
    let logThreshold: LogThreshold
    /// The reload that somebody asked for and does not wait for.
    let pendingReload = PendingReload()
    /// How stores are opened, found and removed.
    let making: StoreMaking
    let now: @Sendable () -> Timestamp
    let state: Mutex<State>

    /// One listener with the profile and certificate it serves.
    struct ServedListener: Sendable {
        let settings: GatewaySettings.Listener
        let runtime: ProfileRuntime
        let certificate: CertificateInForce

        /// Groups those that share an address, in the order of the settings.
        static func byAddress(_ listeners: [ServedListener]) -> [[ServedListener]] {
            var groups: [[ServedListener]] = []
            for listener in listeners {
                let shared = groups.firstIndex { $0[0].settings.sharesAddress(with: listener.settings) }
                if let shared {
                    groups[shared].append(listener)
                } else {
                    groups.append([listener])
                }
            }
            return groups
        }
    }

    /// The listeners to bind, address by address.
    var addresses: [[ServedListener]] { ServedListener.byAddress(servedListeners) }

    /// What changes while it runs.
    struct State {
        /// What was read of the files, and is in force.
        var reading: FilesReading
        /// What came of the reloads so far.
        var history: ReloadHistory
        var listeners: [Listener] = []
        var places: ConnectionPlaces?
        /// Whether clients may come.
        var isServing = false
        /// Tokens of probes; kept nowhere else.
        var passes: [CloudProfile.Name: [ProbePass]] = [:]
    }

    /// Keeps what an opening made.
    init(_ opening: GatewayOpening, reading: FilesReading, logThreshold: LogThreshold) {
        runtimes = opening.runtimes
        servedListeners = ServedListener.byAddress(opening.servedListeners).flatMap { $0 }
        ticketKeys = Array(opening.ticketKeys.values)
        notMet = opening.notMet
        budget = opening.budget
        turns = opening.turns
        tallies = RequestTallies(loops: opening.budget.loops)
        making = opening.making
        locks = opening.locks
        now = opening.now
        started = opening.now()
        self.logThreshold = logThreshold
        state = Mutex(
            State(reading: reading, history: ReloadHistory(started: opening.now(), refuses: reading.refuses))
        )
    }

    /// The settings in force.
    package var settings: GatewaySettings { state.withLock { $0.reading.settings } }

    /// How often the directories were made anew: 1 after the start.
    package var generation: Int { state.withLock { $0.reading.loaded.directories.generation } }

    /// What is in force of the tenant files.
    var directories: TenantDirectories { state.withLock { $0.reading.loaded.directories } }

    /// Problems of the files at the last reading, as `config check` prints them.
    package var findings: [String] {
        state.withLock { $0.reading.findings.map(\.description) } + descriptorFindings
    }

    /// What the last reading found in the tenants' files.
    var fileFindings: [Finding] { state.withLock { $0.reading.loaded.findings } }

    /// The tenants' files that are not in force as they are on disk.
    var fileStandings: [FileStanding] { state.withLock { $0.reading.loaded.directories.standings } }

    /// The tenants that have a store under a profile that is served; opens none.
    var tenantsWithStores: Set<Tenant.ID> { Set(runtimes.flatMap { making.existing($0.profile.name) }) }

    /// Gives every file back; stores finish what is queued first.
    ///
    /// The locks go with this object.
    package func close() async {
        await snapshots.closeAll()
        for runtime in runtimes {
            await runtime.stores.closeAll()
            await runtime.control.close()
        }
    }

    /// Notes what was bound, and who has a place there.
    func listening(_ listeners: [Listener], _ places: ConnectionPlaces) {
        state.withLock { state in
            state.listeners = listeners
            state.places = places
            state.isServing = true
        }
    }

    /// Notes that a stop has begun.
    func stopping() { state.withLock { $0.isServing = false } }

    /// Whether every listener is there, and no stop has begun.
    var isServing: Bool { state.withLock { $0.isServing } }

    /// How many connections there may be beside the tenants that are served now.
    var placeLimits: PlaceLimits {
        PlaceLimits(
            connections: budget.connections(beside: runtimes.map(\.directory.tenants.count)),
            perAddress: settings.limits.connectionsPerAddress,
            loops: budget.loops
        )
    }

    private var descriptorFindings: [String] {
        budget.warning(beside: runtimes.map(\.directory.tenants.count)).map { [$0] } ?? []
    }
}

// MARK: - Looking up

extension GatewayCore {
    /// The tenant of that name and the profile that serves it.
    func tenant(named name: String) throws(AdminMessages.Problem) -> (ProfileRuntime, Tenant) {
        for runtime in runtimes {
            if let tenant = runtime.directory.tenants[Tenant.ID(name)] { return (runtime, tenant) }
        }
        let names = runtimes.flatMap { $0.directory.tenants.keys.map(\.text) }.sorted()
        throw .notFound(
            "there is no tenant '\(name)'; \(OperatorDesk.meant(name, among: names, having: "there are"))"
        )
    }

    /// The token of that public id and the profile it belongs to.
    func token(named id: String) -> (ProfileRuntime, TokenLife)? {
        for runtime in runtimes {
            if let id = AccessToken.ID(id), let entry = runtime.directory.tokens[id] {
                return (runtime, entry.life)
            }
        }
        return nil
    }

    /// What clients of a profile call, without the base path.
    func publicURL(of profile: CloudProfile.Name) -> String? {
        settings.listeners.first { $0.profile.value == profile }.map { "\($0.publicURL.value)" }
    }
}

// MARK: - Passes of probes

extension GatewayCore {
    /// The passes that have not ended.
    var livePasses: [CloudProfile.Name: [ProbePass]] {
        let now = now()
        return state.withLock { state in
            state.passes = state.passes.mapValues { $0.filter { $0.isLive(at: now) } }
            return state.passes
        }
    }

    /// Takes a pass up, unless the profile has as many as it may have.
    func add(_ pass: ProbePass, of profile: CloudProfile.Name) -> Bool {
        let now = now()
        return state.withLock { state in
            let live = state.passes[profile, default: []].filter { $0.isLive(at: now) }
            guard live.count < ProbePass.mostLive else { return false }
            state.passes[profile] = live + [pass]
            return true
        }
    }

    /// Forgets a pass; false when there is none of that id.
    func removePass(_ id: String) -> Bool {
        state.withLock { state in
            for (profile, passes) in state.passes where passes.contains(where: { $0.record.id.text == id }) {
                state.passes[profile] = passes.filter { $0.record.id.text != id }
                return true
            }
            return false
        }
    }
}

// MARK: - Status

extension GatewayCore {
    /// What `status` shows.
    func status() -> AdminMessages.Status {
        let (reading, listeners, places) = state.withLock { ($0.reading, $0.listeners, $0.places) }
        return AdminMessages.Status(
            version: ProgramVersion.text,
            pid: ProcessIdentity.own,
            uptimeSeconds: Int((now().milliseconds - started.milliseconds) / 1_000),
            generation: reading.loaded.directories.generation,
            files: filesStatus,
            listeners: zip(servedListeners, listeners).map { served, listener in
                AdminMessages.ListenerStatus(
                    profile: served.settings.profile.value.rawValue,
                    address: "\(listener.address)",
                    publicURL: "\(served.settings.publicURL.value)",
                    connections: listener.openConnections,
                    requestsInWork: listener.requestsInWork,
                    certificateEnds: served.certificateEnds.rfc3339
                )
            },
            connections: places?.figures,
            profiles: profileStatuses,
            turns: turns.counts,
            findings: certificateFindings + reading.findings.map(\.description) + descriptorFindings,
            attention: runtimes.flatMap { TokenAttention(directory: $0.directory, now: $0.now()).lines },
            libraries: LinkedLibraries.versions
        )
    }

    /// Those that run, then those that do not for want of something.
    private var profileStatuses: [AdminMessages.ProfileStatus] {
        let running = runtimes.map { runtime in
            AdminMessages.ProfileStatus(
                profile: runtime.profile.name.rawValue,
                isServed: true,
                tenants: runtime.directory.tenants.count,
                fips: runtime.library.fips.map {
                    AdminMessages.FIPSStatus(version: $0.version, selfTests: $0.selfTests.count)
                },
                notMet: notMet.filter { $0.profile == runtime.profile.name }.map(\.description)
            )
        }
        let missing = notMet.filter { !$0.isServed }.map { demand in
            AdminMessages.ProfileStatus(
                profile: demand.profile.rawValue,
                isServed: false,
                tenants: 0,
                fips: nil,
                notMet: [demand.description]
            )
        }
        return running + missing
    }
}
