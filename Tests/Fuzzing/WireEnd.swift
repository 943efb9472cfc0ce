import NIOCore
import NIOEmbedded

/// Stands where the socket is, and keeps what reaches it.
final class WireEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    /// All that was sent to the client.
    private(set) var sent: [UInt8] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        sent += unwrapOutboundIn(data).readableBytesView
        promise?.succeed()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        // The channel in memory cannot close one side; a socket answers so at once.
        promise?.succeed()
    }
}

extension EmbeddedChannel {
    /// A connection that is open, with the client's end and whatever is installed behind it.
    static func connected(to end: WireEnd, _ install: (EmbeddedChannel) throws -> Void) -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        do {
            try channel.pipeline.syncOperations.addHandler(end)
            try channel.connect(to: .init(unixDomainSocketPath: "/wire")).wait()
            try install(channel)
            return channel
        } catch {
            preconditionFailure("no connection in memory: \(error)")
        }
    }

    /// The client sends bytes: one read.
    func receive(_ bytes: some Sequence<UInt8>) {
        // A closed channel refuses bytes as a closed socket does.
        _ = try? writeInbound(ByteBuffer(bytes: bytes))
        embeddedEventLoop.run()
    }

    /// The client goes.
    func leave() {
        // The connection may have been closed by the other end, and then says so.
        _ = try? finish(acceptAlreadyClosed: true)
        embeddedEventLoop.run()
    }
}
