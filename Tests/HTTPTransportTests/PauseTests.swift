import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("A pause after a reply")
struct PauseTests {
    /// Refuses the first request with a pause of a second, and answers the others.
    private static let respond: Respond = { request in
        guard request.head.path == "/first" else { return Reply(status: .ok) }
        return Reply(status: .tooManyRequests, pause: .seconds(1))
    }

    @Test func `HTTP 1 answers, and takes nothing more until the pause is over`() throws {
        let wire = try Wire(respond: Self.respond)
        let get = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

        wire.send(get("/first") + get("/second"))

        #expect(try wire.statuses() == [429])
        wire.channel.read()
        let reads = wire.tap.reads
        wire.pass(.seconds(1) - .nanoseconds(1))
        #expect(try wire.statuses().isEmpty)
        #expect(wire.tap.reads == reads)
        wire.pass(.nanoseconds(1))
        #expect(try wire.statuses() == [200])
        #expect(wire.tap.reads == reads + 1)
    }

    @Test func `HTTP 2 answers what it has read, and reads nothing more until the pause is over`() throws {
        let wire = try HTTP2Wire(respond: Self.respond)

        wire.send(HTTP2Wire.get(1, "/first"), HTTP2Wire.get(3, "/second"))

        #expect(try wire.answers().statuses == [1: ["429"], 3: ["200"]])
        wire.channel.read()
        let reads = wire.tap.reads
        wire.pass(.seconds(1) - .nanoseconds(1))
        #expect(wire.tap.reads == reads)
        wire.pass(.nanoseconds(1))
        #expect(wire.tap.reads == reads + 1)
    }

    @Test func `what TLS holds already is answered when the pause is over`() throws {
        let wire = try HTTP2Wire(respond: Self.respond)
        let below = Holding()
        try wire.channel.pipeline.syncOperations.addHandler(below, position: .after(wire.tap))
        wire.send(HTTP2Wire.get(1, "/first"))
        #expect(try wire.answers().statuses == [1: ["429"]])

        below.held = ByteBuffer(bytes: HTTP2Wire.get(3, "/second").bytes)
        wire.channel.read()
        wire.pass(.seconds(1))

        #expect(try wire.answers().statuses == [3: ["200"]])
    }

    /// Hands up what it holds as soon as it is asked.
    private final class Holding: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var held: ByteBuffer?

        func read(context: ChannelHandlerContext) {
            guard let bytes = held else { return context.read() }
            held = nil
            context.fireChannelRead(NIOAny(bytes))
            context.fireChannelReadComplete()
        }
    }

    @Test func `connections of a loop that pause together are read again one after the other`() throws {
        let loop = HTTPLoop(EmbeddedEventLoop(), clock: { 0 })
        let now = loop.eventLoop.now

        let ends = [100, 1, 50].map { loop.endOfPause(.seconds(1), bringing: $0) - now }

        #expect(ends == [.seconds(1), .microseconds(1_000_400), .microseconds(1_020_400)])
    }

    @Test func `a reply without a pause lets the connection go on at once`() throws {
        let wire = try Wire { _ in Reply(status: .tooManyRequests) }

        wire.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")

        let reads = wire.tap.reads
        wire.channel.read()
        #expect(wire.tap.reads == reads + 1)
    }
}
