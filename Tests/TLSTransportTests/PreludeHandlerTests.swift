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

    struct NoRoom: Error {}

    init(called name: String, isFull: Bool = false) throws {
        let client = try ClientSession(.init(serverName: name))
        _ = client.shakeHands()
        hello = client.takeCiphertext()
        let reading = try #require(ServerNameReader(library: TestFiles.shared.library).begin())
        let handler = PreludeHandler(reading: reading, limits: TLSLimits()) { name, limits in
            if isFull { throw NoRoom() }
            self.entered.append(name)
            self.left.append(limits.handshakeTimeout)
            try self.channel.pipeline.syncOperations.addHandler(self.behind)
        }
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
