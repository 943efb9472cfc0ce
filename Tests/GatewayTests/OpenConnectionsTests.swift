import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Connections and requests in work of a listener")
struct OpenConnectionsTests {
    @Test func `a request counts until its work ends`() {
        let connections = OpenConnections()

        connections.beganRequest()
        connections.beganRequest()
        connections.endedRequest()

        #expect(connections.requestsInWork == 1)
    }

    @Test func `a connection counts until it closes, at the listener that it is for`() throws {
        let (first, wanted) = (OpenConnections(), OpenConnections())
        let channel = EmbeddedChannel()

        try first.open(channel)
        #expect(first.count == 1)
        try first.move(channel, to: wanted)
        #expect((first.count, wanted.count) == (0, 1))
        try wanted.move(channel, to: wanted)
        #expect(wanted.count == 1)

        _ = try channel.finish()
        #expect(wanted.count == 0)
    }

    @Test func `a stop asks every connection to end, and takes none afterwards`() async throws {
        let connections = OpenConnections()
        let (before, after) = (try await Ending.channel(), try await Ending.channel())
        try connections.open(before)

        await connections.quiesce(within: .seconds(60), on: before.eventLoop)

        #expect(!before.isActive)
        #expect(throws: OpenConnections.IsEnding.self) { try connections.open(after) }
        #expect(connections.count == 0)
        try await after.close()
    }

    @Test func `one that changes to a listener that stops stays with the other, whose stop ends it`()
        async throws
    {
        let (first, wanted) = (OpenConnections(), OpenConnections())
        let channel = try await Ending.channel()
        try first.open(channel)
        await wanted.quiesce(within: .seconds(60), on: channel.eventLoop)

        #expect(throws: OpenConnections.IsEnding.self) { try first.move(channel, to: wanted) }

        #expect((first.count, wanted.count) == (1, 0))
        await first.quiesce(within: .seconds(60), on: channel.eventLoop)
        #expect(!channel.isActive)
    }

    /// Ends when it is asked to.
    private final class Ending: ChannelInboundHandler, Sendable {
        typealias InboundIn = Never

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
        }

        static func channel() async throws -> NIOAsyncTestingChannel {
            let channel = await NIOAsyncTestingChannel(handler: Ending())
            try await channel.connect(to: .init(unixDomainSocketPath: "/ending"))
            return channel
        }
    }
}
