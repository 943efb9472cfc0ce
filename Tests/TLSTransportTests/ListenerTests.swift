import Crypto
import HTTPTransport
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import Sharing
import TLSTransport
import Testing

@testable import Gateway
@testable import Tenancy

@Suite("A listener's places, over sockets", .timeLimit(.minutes(1)))
struct ListenerTests {
    @Test
    func
        `as many connections as there are places stay, the next is closed, and a place that is free is taken`()
        async throws
    {
        try await OpenListener.with(PlaceLimits(connections: 2, perAddress: 3, loops: 1)) { listener in
            let first = try await listener.connect()
            let second = try await listener.connect()
            let third = try await listener.connect()
            try await third.closeFuture.get()
            #expect(listener.places.figures.open == 2)

            try await first.close()
            await listener.holds(1)
            let fourth = try await listener.connect()
            await listener.holds(2)

            #expect(second.isActive)
            #expect(fourth.isActive)
            #expect(listener.places.figures.refused == ["connections": 1])
        }
    }

    @Test func `one more from an address than it may have is closed`() async throws {
        try await OpenListener.with(PlaceLimits(connections: 10, perAddress: 1, loops: 1)) { listener in
            let first = try await listener.connect()
            let second = try await listener.connect()

            try await second.closeFuture.get()

            #expect(first.isActive)
            #expect(listener.places.figures.refused == ["connections_per_address": 1])
        }
    }

    @Test func `a half-open handshake beyond the limit ends the one before it`() async throws {
        var limits = PlaceLimits(connections: 10, perAddress: 10, loops: 1)
        limits.handshakesPerAddress = 2
        try await OpenListener.with(limits) { listener in
            let first = try await listener.connect()
            let second = try await listener.connect()
            let third = try await listener.connect()

            try await first.closeFuture.get()

            #expect(second.isActive)
            #expect(third.isActive)
            #expect(listener.places.figures.handshakes == 2)
        }
    }

    @Test func `what is no handshake is counted, and its place given back`() async throws {
        try await OpenListener.with(PlaceLimits(connections: 10, perAddress: 10, loops: 1)) { listener in
            let client = try await listener.connect()

            try await client.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
            try await client.closeFuture.get()

            #expect(listener.places.figures.failedHandshakes == ["handshakeFailed": 1])
            await listener.holds(0)
        }
    }

    @Test func `who comes while it stops is closed, and has no place`() async throws {
        try await OpenListener.with(PlaceLimits(connections: 10, perAddress: 10, loops: 1)) { listener in
            await listener.connections.quiesce(within: .seconds(10), on: listener.loop)

            let late = try await listener.connect()

            try await late.closeFuture.get()
            await listener.holds(0)
        }
    }
}

/// A listener on a free port of 127.0.0.1, and clients that say nothing by themselves.
private struct OpenListener {
    let places: ConnectionPlaces
    let connections: OpenConnections
    let loop: any EventLoop
    private let address: SocketAddress

    static func with(_ limits: PlaceLimits, _ body: (OpenListener) async throws -> Void) async throws {
        let files = TestFiles.shared
        let now = try files.now
        let entrance = Entrance(
            certificate: try CertificateInForce(
                policy: .commercial,
                files: files.files("p256"),
                library: files.library,
                tickets: nil,
                clock: { now }
            ),
            hosts: [],
            demandsFIPS: false,
            limits: HTTPLimits(),
            respond: { _, _ in Reply(status: .ok) },
            refuse: { _ in Reply(status: .badRequest) },
            faulted: { _, _ in }
        )
        // Silent clients stay for as long as the test asks, however slow the machine.
        var patient = TLSLimits()
        patient.handshakeTimeout = .hours(1)
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let places = ConnectionPlaces(limits, logger: silent, now: { .now() })
        let group = MultiThreadedEventLoopGroup.singleton
        let listeners = try await Listener.bind(
            host: "127.0.0.1",
            port: 0,
            entrances: Entrances([entrance], proxy: nil, library: files.library, limits: patient),
            places: places,
            group: group,
            loops: HTTPLoops(group: group, clock: { 0 })
        )
        let listener = try #require(listeners.first)
        let open = OpenListener(
            places: places,
            connections: entrance.connections,
            loop: listener.channel.eventLoop,
            address: try #require(listener.channel.localAddress)
        )
        do {
            try await body(open)
        } catch {
            await listener.close(within: .zero)
            throw error
        }
        await listener.close(within: .zero)
    }

    /// A client, which has a place for as long as nobody closes it.
    func connect() async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get()
    }

    /// Waits until so many have a place; the suite's time limit ends a wait in vain.
    func holds(_ count: Int) async {
        while places.figures.open != count { await Task.yield() }
    }
}
