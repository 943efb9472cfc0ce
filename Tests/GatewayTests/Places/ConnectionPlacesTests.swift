import GatewayTesting
import Logging
import NIOCore
import NIOEmbedded
import Sharing
import Synchronization
import TLSTransport
import Testing

@testable import Gateway

@Suite("Places of connections that come and go")
struct ConnectionPlacesTests {
    @Test func `a connection that is closed gives its place back, whatever was told of it`() throws {
        let house = House(.of(connections: 1))
        let first = house.newcomer()
        let place = try #require(house.places.take(for: first, of: .test(1)))
        #expect(house.take(.test(2)) == nil)

        _ = place.completesHandshake()
        _ = try first.finish()

        #expect(house.places.figures.open == 0)
        #expect(house.take(.test(2)) != nil)
    }

    @Test func `the handshake that makes room is closed, and is not counted twice when it leaves`() throws {
        let house = House(.of(connections: 10, handshakesPerAddress: 1))
        let stalled = house.newcomer()
        let lost = try #require(house.places.take(for: stalled, of: .test(1)))
        try stalled.connect(to: .init(ipAddress: "10.0.0.1", port: 1)).wait()

        #expect(house.take(.test(1)) != nil)
        stalled.embeddedEventLoop.run()

        #expect(!stalled.isActive)
        #expect(!lost.completesHandshake())
        #expect(house.places.figures.open == 1)
        #expect(house.places.figures.handshakes == 1)
        #expect(house.places.figures.refused == ["handshakes_per_address": 1])
    }

    @Test func `a load balancer's word decides whose place it is`() throws {
        let house = House(.of(connections: 10, perAddress: 1))
        let places = try (1...2).map { _ in try #require(house.take(nil)) }

        #expect(places[0].belongs(to: .test(1)))
        #expect(!places[1].belongs(to: .test(1)))

        #expect(house.places.figures.refused == ["connections_per_address": 1])
    }

    @Test func `a flood is one line a minute, with the address and the number`() {
        let house = House(.of(connections: 0))

        for client in 1...1_000 { _ = house.take(.test(client)) }
        house.pass(.seconds(59))
        _ = house.take(.test(1_001))
        let first = ["connection.refused", "connections", "1", "10.0.0.1"]
        #expect(house.told == [first])

        house.pass(.seconds(1))
        _ = house.take(.test(1_002))
        #expect(house.told == [first, ["connection.refused", "connections", "1001", "10.0.3.234"]])
        #expect(house.places.figures.refused == ["connections": 1_002])
    }

    @Test func `handshakes that fail are counted by reason, and told by kind`() throws {
        let house = House(.of(connections: 10))
        let place = try #require(house.take(.test(1)))

        place.handshakeFailed(.handshakeTimeout)
        place.handshakeFailed(.handshakeFailed)
        place.handshakeFailed(.handshakeFailed)

        #expect(house.places.figures.failedHandshakes == ["handshakeTimeout": 1, "handshakeFailed": 2])
        #expect(
            house.told == [
                ["tls.failed", "handshakeTimeout", "1", "10.0.0.1"],
                ["tls.failed", "handshakeFailed", "1", "10.0.0.1"],
            ]
        )
    }

    @Test func `fewer places than connections end none, and let none in`() throws {
        let house = House(.of(connections: 2))
        let channels = try (1...2).map { client in
            let channel = house.newcomer()
            _ = try #require(house.places.take(for: channel, of: .test(client)))
            return channel
        }

        house.places.limit(.of(connections: 1))
        #expect(house.places.figures.open == 2)
        _ = try channels[0].finish()
        #expect(house.take(.test(3)) == nil)

        _ = try channels[1].finish()
        #expect(house.take(.test(3)) != nil)
    }
}

/// Places, a clock that stands still, and what was logged.
private final class House {
    let places: ConnectionPlaces
    private let lines = KeptLines()
    private let clock = StandingClock()
    private var channels: [EmbeddedChannel] = []

    init(_ limits: PlaceLimits) {
        places = ConnectionPlaces(limits, logger: lines.logger, now: { [clock] in clock.now })
    }

    deinit {
        // Most are closed already, which is no error here.
        for channel in channels { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    /// A connection, which is closed at the end of the test.
    func newcomer() -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        channels.append(channel)
        return channel
    }

    /// The place of another newcomer.
    func take(_ peer: Peer?) -> ConnectionPlace? { places.take(for: newcomer(), of: peer) }

    func pass(_ amount: TimeAmount) { clock.pass(amount) }

    /// Event, kind, number and address of each line.
    var told: [[String?]] {
        lines.lines.withLock { $0 }.map { line in
            ["event", "error.type", "count", "client.address"].map { line[$0] }
        }
    }
}

/// A clock that a test moves.
private final class StandingClock: Sendable {
    private let time = Mutex(NIODeadline.uptimeNanoseconds(1))

    var now: NIODeadline { time.withLock { $0 } }

    func pass(_ amount: TimeAmount) {
        time.withLock { $0 = $0 + amount }
    }
}

extension PlaceLimits {
    /// Limits of which only the named ones are near.
    fileprivate static func of(
        connections: Int,
        perAddress: Int = 1_000,
        handshakesPerAddress: Int = 1_000
    ) -> PlaceLimits {
        var limits = PlaceLimits(connections: connections, perAddress: perAddress, loops: 1)
        (limits.handshakes, limits.handshakesPerAddress) = (1_000, handshakesPerAddress)
        return limits
    }
}

extension Peer {
    /// One of 65,536 addresses of 10.0.0.0/8.
    static func test(_ number: Int) -> Peer { Peer(address: "10.0.\(number >> 8).\(number & 255)") }
}
