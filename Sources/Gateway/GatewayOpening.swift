import CloudProfiles
import Configuration
import Crypto
import Foundation
import Linux
import NIOCore
import Readiness
package import SCIM
import Sharing
import Store
import TLSTransport
package import Tenancy

extension GatewayCore {
    /// What the profiles are opened for.
    package enum Purpose: Sendable {
        /// To serve: certificates are read, demands are checked.
        case serving
        /// For one order of an operator, while no gateway runs.
        case offline
    }

    /// Opens every profile that has a listener: lock, control store, certificate, tenants.
    ///
    /// - Throws: ``FilesInUse`` when another process holds a folder, ``ConfigurationProblem`` when a certificate is
    ///   wrong or no profile is left to serve.
    package static func open(
        _ settings: GatewaySettings,
        making: StoreMaking,
        purpose: Purpose,
        now: @escaping @Sendable () -> Timestamp = SystemClock.now,
        logThreshold: LogThreshold = LogThreshold(),
        droppedLogLines: @escaping @Sendable () -> Int = { 0 }
    ) async throws -> GatewayCore {
        let opening = try await GatewayOpening.open(
            settings,
            making: making,
            purpose: purpose,
            now: now
        )
        do throws(StoreError) {
            let contents = try await GatewayOpening.contents(of: opening.runtimes)
            let reading = FilesReading.first(settings, contents, making, now: opening.now())
            for runtime in opening.runtimes {
                if let directory = reading.loaded.directories[runtime.profile.name] {
                    runtime.serve(directory)
                }
            }
            return GatewayCore(
                opening,
                reading: reading,
                logThreshold: logThreshold,
                droppedLogLines: droppedLogLines
            )
        } catch {
            await opening.closeAll()
            throw ConfigurationProblem(lines: [
                "error: the control database cannot be read: \(error.operatorText)"
            ])
        }
    }
}

/// Another process has the files open.
package struct FilesInUse: Error {
    /// Who, and what to do.
    package let text: String
    /// Whether it is no other process, but the user who may not open them.
    package let isAboutRights: Bool

    /// Why the lock of a folder was not got.
    init(_ refusal: FileLock.Refusal, of folder: String) {
        switch refusal {
        case .held(let holder):
            let process = holder.process.map { "process \($0)" } ?? "another process"
            let socket = holder.adminSocket.map { ", whose admin socket is \($0)" } ?? ""
            text = "\(folder) is in use by \(process)\(socket)"
            isAboutRights = false
        case .failed(let error):
            text = "\(folder) cannot be locked: \(error)"
            isAboutRights = error.isAboutRights
        }
    }
}

/// The steps of opening a gateway's profiles.
struct GatewayOpening {
    let settings: GatewaySettings
    let making: StoreMaking
    let now: @Sendable () -> Timestamp
    /// How the process's descriptors are shared out.
    let budget: DescriptorBudget
    /// All profiles share them: a flood in one cloud takes nothing from another.
    let turns = Turns(clock: ContinuousClock())
    private(set) var runtimes: [ProfileRuntime] = []
    private(set) var servedListeners: [GatewayCore.ServedListener] = []
    /// The keys of each served profile's session tickets.
    private(set) var ticketKeys: [CloudProfile.Name: TicketKeys] = [:]
    private(set) var notMet: [UnmetDemand] = []
    /// Each is held as long as somebody has it.
    private(set) var locks: [FileLock] = []

    /// Opens the profiles in the order of their listeners; what was opened is closed again when a step fails.
    static func open(
        _ settings: GatewaySettings,
        making: StoreMaking,
        purpose: GatewayCore.Purpose,
        now: @escaping @Sendable () -> Timestamp
    ) async throws -> GatewayOpening {
        let budget = DescriptorBudget(
            openFiles: try ProcessLimits.current().openFiles,
            loops: NIOSingletons.groupLoopCountSuggestion,
            profiles: settings.servedProfiles.count,
            wantedConnections: settings.limits.connections,
            wantedTenants: settings.storage.openTenants
        )
        var opening = GatewayOpening(settings: settings, making: making, now: now, budget: budget)
        do {
            let names = CloudProfile.Name.allCases.filter(settings.servedProfiles.contains)
            for name in names {
                guard let library = try opening.library(for: name) else { continue }
                try await opening.openProfile(name, in: library)
            }
            guard !opening.runtimes.isEmpty else {
                let unmet = opening.notMet.map { "error: \($0)" }
                throw ConfigurationProblem(lines: unmet + ["error: no profile is left to serve"])
            }
            if purpose == .serving { try opening.readCertificates() }
            return opening
        } catch {
            await opening.closeAll()
            throw error
        }
    }

    /// What the control stores hold.
    ///
    /// All or nothing: contents that miss a store would make its connections vanish, and their learners unmanaged.
    static func contents(of runtimes: [ProfileRuntime]) async throws(StoreError) -> [CloudProfile.Name:
        ControlContents]
    {
        var contents: [CloudProfile.Name: ControlContents] = [:]
        for runtime in runtimes { contents[runtime.profile.name] = try await runtime.control.contents() }
        return contents
    }

    /// Where a profile's files are.
    private static func folder(of name: CloudProfile.Name, _ settings: GatewaySettings) -> String {
        "\(settings.storage.directory)/\(name.rawValue)"
    }

    /// The profile's own library context, in the FIPS module where that is demanded; nil when the demand is not met, and
    /// the profile is not served.
    private mutating func library(for name: CloudProfile.Name) throws -> LibraryContext? {
        switch ProfileLibrary.made(for: name, settings.fips(of: name)) {
        case .made(let library, let attention):
            if let attention { notMet.append(UnmetDemand(profile: name, isServed: true, reason: attention)) }
            return library
        case .notMet(let reason):
            notMet.append(UnmetDemand(profile: name, isServed: false, reason: reason))
            return nil
        case .failed(let error):
            throw error
        }
    }

    private mutating func openProfile(_ name: CloudProfile.Name, in library: LibraryContext) async throws {
        let folder = Self.folder(of: name, settings)
        try FileManager.default.createDirectory(
            atPath: folder + "/tenants",
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        locks.append(try Self.lock(folder, settings))
        let control = try await making.control(name)
        let cell = DirectoryCell(.empty(name))
        let making = making
        let keeping = ActivityKeeping(.named(name), in: library, now: now)
        let stores = TenantStores(
            capacity: budget.openTenants,
            makingIDs: { _ in ResourceID(library.randomUUID()) },
            now: now
        ) { tenant, profile throws(StoreError) in
            let store = try await making.tenant(tenant, profile, keeping)
            // Connections may have been removed while the store was closed.
            if let served = cell.directory.tenant(tenant) {
                try await store.release(learnersNotOf: served.connections.map(\.id))
            }
            return store
        }
        runtimes.append(
            ProfileRuntime(
                profile: .named(name),
                library: library,
                stores: stores,
                control: control,
                directory: cell,
                turns: turns,
                now: now
            )
        )
    }

    private static func lock(_ folder: String, _ settings: GatewaySettings) throws -> FileLock {
        do throws(FileLock.Refusal) {
            return try FileLock(
                path: folder + "/LOCK",
                adminSocket: settings.adminSocket,
                settings: settings.path
            )
        } catch {
            throw FilesInUse(error, of: folder)
        }
    }

    /// Reads what each listener shows and whom it asks; all that are wrong are told at once.
    private mutating func readCertificates() throws {
        var problems: [String] = []
        for (number, listener) in settings.listeners.enumerated() {
            guard let runtime = runtimes.first(where: { $0.profile.name == listener.profile.value }) else {
                continue
            }
            do throws(TLSConfigurationError) {
                let certificate = try CertificateInForce(
                    policy: TLSPolicy(runtime.profile, of: listener, number: number),
                    files: TLSFiles(listener),
                    library: runtime.library,
                    tickets: tickets(of: runtime),
                    clock: { [now] in now().milliseconds / 1_000 }
                )
                servedListeners.append(
                    .init(settings: listener, runtime: runtime, certificate: certificate)
                )
            } catch {
                problems.append("\(listener.place(of: error).fileAndLine): error: \(error)")
            }
        }
        guard problems.isEmpty else { throw ConfigurationProblem(lines: problems) }
    }

    /// One ring a profile: its listeners share it, and no other profile has it.
    private mutating func tickets(of runtime: ProfileRuntime) throws(TLSConfigurationError) -> TicketKeys {
        if let ring = ticketKeys[runtime.profile.name] { return ring }
        let ring = try TicketKeys(library: runtime.library)
        ticketKeys[runtime.profile.name] = ring
        return ring
    }

    fileprivate func closeAll() async {
        for runtime in runtimes {
            await runtime.stores.closeAll()
            await runtime.control.close()
        }
    }
}
