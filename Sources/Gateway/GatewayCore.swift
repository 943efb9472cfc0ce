package import CloudProfiles
package import Configuration
import Crypto
import Linux
package import Readiness
package import SCIM
package import Sharing
import Store
import Synchronization
package import TLSTransport
package import Tenancy

/// The open profiles of a gateway and the tenant files they serve: what the server and the operator's desk share.
///
/// Whoever holds one holds the lock of each profile's folder.
package final class GatewayCore: Sendable {
    /// The profiles that run.
    package let runtimes: [ProfileRuntime]
    /// The listeners to bind, with what they need; those that share an address stand together.
    package let servedListeners: [ServedListener]
    /// The keys of the profiles' session tickets, one ring a profile.
    let ticketKeys: [TicketKeys]
    /// Demands of profiles that are loosened or cannot be met, as start and `status` shout them.
    package let notMet: [UnmetDemand]
    /// How the process's descriptors are shared out.
    private let budget: DescriptorBudget
    /// Whose request is worked on next.
    package let turns: Turns
    /// What the event loops count for the monitoring.
    package let tallies: RequestTallies
    /// The moments that exports are reading.
    package let snapshots = SnapshotShelf()
    private let locks: [FileLock]
    /// When it was opened.
    package let started: Timestamp
    /// From which line on something is logged.
    let logThreshold: LogThreshold
    /// How many lines the log has lost.
    package let droppedLogLines: @Sendable () -> Int
    /// The reload that somebody asked for and does not wait for.
    package let pendingReload = PendingReload()
    /// How stores are opened, found and removed.
    package let making: StoreMaking
    /// Wall clock.
    package let now: @Sendable () -> Timestamp
    let state: Mutex<State>

    /// One listener with the profile and certificate it serves.
    package struct ServedListener: Sendable {
        /// What the settings say of it.
        package let settings: GatewaySettings.Listener
        /// The profile that it serves.
        package let runtime: ProfileRuntime
        /// What TLS shows there.
        package let certificate: CertificateInForce

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
    package struct State: Sendable {
        /// What was read of the files, and is in force.
        package internal(set) var reading: FilesReading
        /// What came of the reloads so far.
        package internal(set) var history: ReloadHistory
        /// What listens, in the order of ``GatewayCore/servedListeners``; nothing yet before a server does.
        package internal(set) var listeners: [Listener] = []
        /// The places for their connections.
        package internal(set) var places: ConnectionPlaces?
        /// Whether clients may come.
        var isServing = false
        /// Tokens of probes; kept nowhere else.
        var passes: [CloudProfile.Name: [ProbePass]] = [:]
    }

    /// Keeps what an opening made.
    init(
        _ opening: GatewayOpening,
        reading: FilesReading,
        logThreshold: LogThreshold,
        droppedLogLines: @escaping @Sendable () -> Int
    ) {
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
        self.droppedLogLines = droppedLogLines
        state = Mutex(
            State(reading: reading, history: ReloadHistory(started: opening.now(), refuses: reading.refuses))
        )
    }

    /// The settings in force.
    package var settings: GatewaySettings { state.withLock { $0.reading.settings } }

    /// How often the directories were made anew: 1 after the start.
    package var generation: Int { state.withLock { $0.reading.loaded.directories.generation } }

    /// What holds at this moment of all that changes.
    package var present: State { state.withLock { $0 } }

    /// What is in force of the tenant files.
    var directories: TenantDirectories { state.withLock { $0.reading.loaded.directories } }

    /// Problems of the files at the last reading, as `config check` prints them.
    package var findings: [String] {
        state.withLock { $0.reading.findings.map(\.description) } + descriptorFindings
    }

    /// What the last reading found in the tenants' files.
    package var fileFindings: [Finding] { state.withLock { $0.reading.loaded.findings } }

    /// The tenants' files that are not in force as they are on disk.
    package var fileStandings: [FileStanding] { state.withLock { $0.reading.loaded.directories.standings } }

    /// The tenants that have a store under a profile that is served; opens none.
    package var tenantsWithStores: Set<Tenant.ID> {
        Set(runtimes.flatMap { making.existing($0.profile.name) })
    }

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
    package var isServing: Bool { state.withLock { $0.isServing } }

    /// How many connections there may be beside the tenants that are served now.
    var placeLimits: PlaceLimits {
        PlaceLimits(
            connections: budget.connections(beside: runtimes.map(\.directory.tenants.count)),
            perAddress: settings.limits.connectionsPerAddress,
            loops: budget.loops
        )
    }

    /// That connections were cut down for want of descriptors, if they were.
    package var descriptorFindings: [String] {
        budget.warning(beside: runtimes.map(\.directory.tenants.count)).map { [$0] } ?? []
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
    package func add(_ pass: ProbePass, of profile: CloudProfile.Name) -> Bool {
        let now = now()
        return state.withLock { state in
            let live = state.passes[profile, default: []].filter { $0.isLive(at: now) }
            guard live.count < ProbePass.mostLive else { return false }
            state.passes[profile] = live + [pass]
            return true
        }
    }

    /// Forgets a pass; false when there is none of that id.
    package func removePass(_ id: String) -> Bool {
        state.withLock { state in
            for (profile, passes) in state.passes where passes.contains(where: { $0.record.id.text == id }) {
                state.passes[profile] = passes.filter { $0.record.id.text != id }
                return true
            }
            return false
        }
    }
}
