import NIOCore
import NIOEmbedded
import TLSTransport
import Testing

@testable import Gateway

@Suite("Before it is known whom a connection is for")
struct PreludeHandlerTests {
    @Test(arguments: [1, 7, 100_000])
    func `the bytes are handed over as they came, once the name is known`(piece: Int) throws {
        let prelude = try Prelude(called: "a.test")

        try prelude.send(prelude.hello, piece: piece)
        try prelude.send([1, 2, 3], piece: 3)

        #expect(prelude.entered == ["a.test"])
        #expect(prelude.behind.bytes == prelude.hello + [1, 2, 3])
        #expect(prelude.channel.isActive)
        #expect(throws: ChannelPipelineError.self) {
            try prelude.channel.pipeline.syncOperations.handler(type: PreludeHandler.self)
        }
    }

    @Test func `the handshake gets what time the hello has left`() throws {
        let prelude = try Prelude(called: "a.test")

        try prelude.send(Array(prelude.hello.dropLast()), piece: 100_000)
        prelude.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        try prelude.send([prelude.hello[prelude.hello.count - 1]], piece: 1)
        prelude.channel.embeddedEventLoop.advanceTime(by: .seconds(2))

        #expect(prelude.left == [.seconds(1)])
        #expect(prelude.channel.isActive)
    }

    @Test func `a hello that is not whole in time is cut, at the limit and not before`() throws {
        let prelude = try Prelude(called: "a.test")
        try prelude.send(Array(prelude.hello.dropLast()), piece: 100_000)

        prelude.channel.embeddedEventLoop.advanceTime(by: .seconds(10) - .nanoseconds(1))
        #expect(prelude.channel.isActive)
        prelude.channel.embeddedEventLoop.advanceTime(by: .nanoseconds(1))

        #expect(!prelude.channel.isActive)
        #expect(prelude.entered.isEmpty)
        #expect(prelude.refused == [.tooLate])
    }

    @Test(arguments: [(PreludeHandler.mostBytes, true), (PreludeHandler.mostBytes + 1, false)])
    func `a hello that never ends is cut at the limit`(count: Int, isOpen: Bool) throws {
        let prelude = try Prelude(called: "a.test")
        // One long message in records of 16,000 bytes: a hello may say that it has 128 KiB.
        let message: [UInt8] = [1, 1, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 100_000)
        let records = stride(from: 0, to: message.count, by: 16_000).flatMap { start in
            let part = message[start..<min(start + 16_000, message.count)]
            return [22, 3, 1, UInt8(part.count >> 8), UInt8(part.count & 255)] + part
        }

        try prelude.send(Array(records[..<count]), piece: 1_000)

        #expect(prelude.channel.isActive == isOpen)
        #expect(prelude.entered.isEmpty)
        #expect(prelude.refused == (isOpen ? [] : [.tooLong]))
    }

    @Test func `a gateway that stops, and a client that ends its side, end it`() throws {
        let stopped = try Prelude(called: "a.test")
        stopped.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!stopped.channel.isActive)

        let cut = try Prelude(called: "a.test")
        try cut.send(Array(cut.hello.dropLast()), piece: 100_000)
        cut.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!cut.channel.isActive)
    }

    @Test(arguments: [1, 7, 100_000], [true, false])
    func `a trusted load balancer tells who the client is`(piece: Int, isShared: Bool) throws {
        let prelude = try Prelude(
            called: "a.test",
            isShared: isShared,
            judgement: .read(isRequired: true)
        )

        try prelude.send(Array("PROXY TCP4 198.51.100.7 203.0.113.4 51234 443\r\n".utf8), piece: piece)
        try prelude.send(prelude.hello, piece: piece)

        #expect(prelude.entered == [isShared ? "a.test" : nil])
        #expect(prelude.peers == ["198.51.100.7"])
        #expect(prelude.behind.bytes == prelude.hello)
    }

    @Test func `header and hello in one piece are told apart`() throws {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: true))

        try prelude.send(Array("PROXY TCP6 2001:db8::7 ::1 1 2\r\n".utf8) + prelude.hello, piece: 100_000)

        #expect(prelude.entered == ["a.test"])
        #expect(prelude.peers == ["2001:db8::7"])
        #expect(prelude.behind.bytes == prelude.hello)
    }

    @Test func `a load balancer that speaks for itself is the peer`() throws {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: true))

        try prelude.send(Array("PROXY UNKNOWN\r\n".utf8) + prelude.hello, piece: 100_000)

        #expect(prelude.peers == ["10.0.0.1"])
    }

    @Test(arguments: [true, false])
    func `a load balancer that says nothing is let in where it may`(isRequired: Bool) throws {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: isRequired))

        try prelude.send(prelude.hello, piece: 100_000)

        #expect(prelude.entered == (isRequired ? [] : ["a.test"]))
        #expect(prelude.refused == (isRequired ? [.proxyHeaderMissing] : []))
        #expect(prelude.peers == ["10.0.0.1"])
        #expect(prelude.channel.isActive == !isRequired)
    }

    @Test(arguments: [true, false])
    func `what begins like a header and is none ends the connection`(isRequired: Bool) throws {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: isRequired))

        try prelude.send(Array("PROXY TCP4 198.51.100.7\r\n".utf8) + prelude.hello, piece: 100_000)

        #expect(prelude.refused == [.proxyHeaderMalformed])
        #expect(!prelude.channel.isActive)
        #expect(prelude.behind.bytes.isEmpty)
    }

    @Test func `a header that does not end is cut with the hello's deadline`() throws {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: true))
        try prelude.send(Array("PROXY TCP4 ".utf8), piece: 1)

        prelude.channel.embeddedEventLoop.advanceTime(by: .seconds(10))

        #expect(prelude.refused == [.tooLate])
        #expect(!prelude.channel.isActive)
    }

    @Test(arguments: [(Prelude.unwelcome, false), ("198.51.100.67", true)])
    func `a client behind a load balancer that has too many connections is closed`(client: String, isIn: Bool)
        throws
    {
        let prelude = try Prelude(called: "a.test", judgement: .read(isRequired: true))

        try prelude.send(Array("PROXY TCP4 \(client) 203.0.113.4 1 2\r\n".utf8), piece: 100_000)
        try prelude.send(prelude.hello, piece: 100_000)

        #expect(prelude.identified == [client])
        #expect(prelude.channel.isActive == isIn)
        #expect(prelude.entered == (isIn ? ["a.test"] : []))
        #expect(prelude.refused == [])
    }

    @Test func `a stranger is closed before a byte is read`() throws {
        let prelude = try Prelude(called: "a.test", judgement: .refused)

        #expect(prelude.refused == [.proxyNotTrusted])
        #expect(!prelude.channel.isActive)
    }

    @Test func `who cannot be let in is closed`() throws {
        let prelude = try Prelude(called: "a.test", isFull: true)

        try prelude.send(prelude.hello, piece: 100_000)

        #expect(!prelude.channel.isActive)
    }
}

/// A connection with a prelude, and the hello of its client.
private final class Prelude {
    let channel = EmbeddedChannel()
    let behind = Behind()
    let hello: [UInt8]
    private(set) var entered: [String?] = []
    private(set) var left: [TimeAmount] = []
    private(set) var peers: [String] = []
    private(set) var refused: [PreludeRefusal] = []
    private(set) var identified: [String] = []

    /// A client that has too many connections.
    static let unwelcome = "198.51.100.66"

    struct NoRoom: Error {}

    init(
        called name: String,
        isFull: Bool = false,
        isShared: Bool = true,
        judgement: ProxyTrust.Judgement = .direct
    ) throws {
        let client = try ClientSession(.init(serverName: name))
        _ = client.shakeHands()
        hello = client.takeCiphertext()
        let handler = PreludeHandler(
            peer: Peer(address: "10.0.0.1"),
            judgement: judgement,
            reading: try isShared ? ServerNameReader(library: TestFiles.shared.library).begin() : nil,
            limits: TLSLimits(),
            identified: { peer in
                self.identified.append(peer.text)
                return peer.text != Self.unwelcome
            },
            enter: { told in
                if isFull { throw NoRoom() }
                self.entered.append(told.name)
                self.peers.append(told.peer.text)
                self.left.append(told.limits.handshakeTimeout)
                try self.channel.pipeline.syncOperations.addHandler(self.behind)
            },
            refused: { reason, peer in
                self.refused.append(reason)
                self.peers.append(peer.text)
            }
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    func send(_ bytes: [UInt8], piece: Int) throws {
        for start in stride(from: 0, to: bytes.count, by: piece) where channel.isActive {
            let part = ByteBuffer(bytes: bytes[start..<min(start + piece, bytes.count)])
            channel.pipeline.fireChannelRead(part)
            channel.pipeline.fireChannelReadComplete()
        }
        channel.embeddedEventLoop.run()
    }

    /// Whoever is put behind it.
    final class Behind: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        var bytes: [UInt8] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
        }
    }
}

@Suite("Listeners that share an address")
struct EntranceChoiceTests {
    private let choice = EntranceChoice([
        (hosts: ["fips.test"], demandsFIPS: true),
        (hosts: ["a.test", "127.0.0.1"], demandsFIPS: false),
        (hosts: ["b.test"], demandsFIPS: false),
    ])

    @Test(arguments: [("fips.test", 0), ("a.test", 1), ("b.test", 2)])
    func `a name leads to the listener that has it`(name: String, index: Int) {
        #expect(choice.index(calling: name) == index)
    }

    @Test(arguments: [nil, "c.test", "127.0.0.1"])
    func `no name, or nobody's, leads to the first that does not demand FIPS`(name: String?) {
        #expect(choice.index(calling: name) == 1)
        #expect(choice.standard == 1)
    }

    @Test func `where all demand FIPS it is the first`() {
        let choice = EntranceChoice([
            (hosts: ["high.test"], demandsFIPS: true), (hosts: ["dod.test"], demandsFIPS: true),
        ])

        #expect(choice.index(calling: nil) == 0)
        #expect(choice.index(calling: "c.test") == 0)
        #expect(choice.index(calling: "dod.test") == 1)
    }
}
