import CloudProfiles
import Configuration
import HTTPTransport
import Linux
package import Logging
import NIOCore
import NIOPosix
import SCIM
import ServiceLifecycle
import Sharing
import TLSTransport
import Tenancy
import UnixSignals

/// The running gateway: listeners, sockets for operators, reload of changed files.
///
/// Ends when its service group is asked to.
package struct GatewayServer: Service {
    private let core: GatewayCore
    private let logger: Logger
    private let log: RequestLog
    private let group: MultiThreadedEventLoopGroup
    private let loops: HTTPLoops
    private let places: ConnectionPlaces
    private let sockets: OperatorSockets
    private let ready: @Sendable () -> Void

    /// A server over open profiles.
    ///
    /// `ready` is called once everything listens.
    package init(
        core: GatewayCore,
        logger: Logger,
        sockets: OperatorSockets,
        ready: @escaping @Sendable () -> Void
    ) {
        self.core = core
        self.logger = logger
        self.log = RequestLog(logger: logger)
        self.group = .singleton
        self.loops = HTTPLoops(group: group, clock: { SystemClock.now().milliseconds / 1_000 })
        self.places = ConnectionPlaces(core.placeLimits, logger: logger, now: { .now() })
        self.sockets = sockets
        self.ready = ready
    }

    /// Listens until a graceful shutdown, then lets requests in work finish and closes every store.
    ///
    /// - Throws: when an address cannot be bound; everything that was opened is closed then.
    package func run() async throws {
        var listeners: [Listener] = []
        var figures: (any OperatorSocket)?
        for loop in group.makeIterator() { loop.execute { ThreadPrecedence.answering.take() } }
        do {
            figures = try await sockets.figures(core, group, loops, logger)
            for address in core.addresses {
                listeners += try await bind(address)
            }
            let orders = try await sockets.orders(core, group, loops, logger)
            core.listening(listeners, places)
            logger.notice(
                "serving",
                metadata: ["event": "serving", "config.generation": "\(core.generation)"]
            )
            // Before anybody is told that it is ready: until it is trapped, the signal ends the process.
            let hangups = await UnixSignalsSequence(trapping: .sighup)
            ready()
            await serve(until: listeners, orders, hangups)
            // Last of all: it tells until then that the gateway is stopping.
            await figures?.close(within: .seconds(GatewayLimits.shutdownSeconds))
            await core.close()
        } catch {
            await close(listeners)
            await figures?.close(within: .seconds(GatewayLimits.shutdownSeconds))
            await core.close()
            throw error
        }
    }

    /// Waits for the end.
    ///
    /// Meanwhile files are read again when they change or somebody asks, certificates are watched, and upkeep is done.
    private func serve(
        until listeners: [Listener],
        _ orders: (any OperatorSocket)?,
        _ hangups: UnixSignalsSequence
    ) async {
        let upkeep = TenantUpkeep(core: core, logger: logger, clock: ContinuousClock())
        let watch = CertificateWatch(core: core, logger: logger, clock: ContinuousClock())
        let files = FileWatch(core: core, logger: logger, clock: ContinuousClock())
        let rotation = TicketKeyRotation(keys: core.ticketKeys, clock: ContinuousClock())
        let activity = ActivityStoring(core: core, logger: logger, clock: ContinuousClock())
        let tokens = TokenUpkeep(core: core, logger: logger, clock: ContinuousClock())
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await Reloading(core: core, logger: logger).run(on: hangups) }
                tasks.addTask { await files.run() }
                tasks.addTask { await upkeep.run() }
                tasks.addTask { await watch.run() }
                tasks.addTask { await rotation.run() }
                tasks.addTask { await activity.run() }
                tasks.addTask { await MemoryUpkeep(clock: ContinuousClock()).run() }
                tasks.addTask { await tokens.run() }
                tasks.addTask { await LearnerCounting(core: core, clock: ContinuousClock()).run() }
                tasks.addTask { await SnapshotUpkeep(core: core, clock: ContinuousClock()).run() }
                for keeping in tokenUseKeeping { tasks.addTask { await keeping.run() } }
            }
        }
        core.stopping()
        logger.notice("stopping", metadata: ["event": "stopping"])
        await orders?.close(within: .seconds(GatewayLimits.shutdownSeconds))
        await close(listeners)
        await activity.storeRest()
    }

    private var tokenUseKeeping: [TokenUseKeeping] {
        core.runtimes.map { TokenUseKeeping(runtime: $0, logger: logger, clock: ContinuousClock()) }
    }

    private func close(_ listeners: [Listener]) async {
        await withTaskGroup(of: Void.self) { tasks in
            for listener in listeners {
                tasks.addTask { await listener.close(within: .seconds(GatewayLimits.shutdownSeconds)) }
            }
        }
        // The last requests are through.
        for keeping in tokenUseKeeping { _ = await keeping.keep() }
    }

    /// Listens at one address, for all listeners of the settings that are there.
    private func bind(_ served: [GatewayCore.ServedListener]) async throws -> [Listener] {
        guard let first = served.first else { return [] }
        let listeners = try await Listener.bind(
            host: first.settings.address.value.host,
            port: first.settings.address.value.port,
            entrances: Entrances(
                served.map(entrance),
                proxy: ProxyTrust(first.settings.proxy),
                library: first.runtime.library
            ),
            places: places,
            group: group,
            loops: loops
        )
        for (served, listener) in zip(served, listeners) {
            logger.notice(
                "listening",
                metadata: [
                    "event": "listening", "server.address": "\(listener.address)",
                    "scim.profile": "\(served.settings.profile.value.rawValue)",
                ]
            )
        }
        return listeners
    }

    private func entrance(_ served: GatewayCore.ServedListener) -> Entrance {
        let settings = served.settings
        let exchange = Exchange(
            profile: served.runtime,
            address: PublicAddress(publicURL: "\(settings.publicURL.value)", hosts: settings.hostNames),
            log: log,
            others: core.runtimes.filter { $0 !== served.runtime }
        ).counting(in: core.tallies)
        let requestIDs = served.runtime.requestIDs
        let faults = FaultLog(
            logger: logger,
            address: "\(settings.address.value)",
            profile: served.runtime.profile.name,
            now: SystemClock.now
        )
        var limits = HTTPLimits()
        limits.bodyBytes = core.settings.limits.bodyBytes
        return Entrance(
            certificate: served.certificate,
            hosts: settings.hostNames,
            demandsFIPS: served.runtime.profile.fips == .required,
            limits: limits,
            tallies: core.tallies,
            respond: { await exchange.respond(to: $0, from: $1) },
            refuse: { Refusal.http($0).reply(requestID: requestIDs.next(), mediaType: MediaTypes.scim) },
            faulted: { faults.tell($0, of: $1) }
        )
    }
}
