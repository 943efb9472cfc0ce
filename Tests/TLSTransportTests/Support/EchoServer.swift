import NIOCore
import NIOPosix
import TLSTransport

/// A server on a free port of 127.0.0.1 that sends back what it gets, over TLS, and tells what it
/// saw.
struct EchoServer {
    enum Event: Sendable, Equatable {
        case completed(TLSHandshakeCompleted)
        case failed(TLSFailure)
        case otherError
        case closed
    }

    let port: Int
    /// What happened on all connections, in order.
    let events: AsyncStream<Event>

    /// Runs `body` with a server and ends it afterwards.
    static func with<Result>(
        _ context: TLSServerContext,
        limits: TLSLimits = TLSLimits(),
        halfClosure: Bool = false,
        putsOffFirstRead: Bool = false,
        _ body: (EchoServer) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: halfClosure)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context: context, limits: limits),
                        EchoHandler(continuation, putsOffFirstRead: putsOffFirstRead),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let outcome: Swift.Result<Result, any Error>
        do {
            let server = EchoServer(port: channel.localAddress?.port ?? 0, events: events)
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        try await channel.close()
        try await group.shutdownGracefully()
        continuation.finish()
        return try outcome.get()
    }

    /// Everything up to the end of the next connection.
    func eventsOfOneConnection() async -> [Event] {
        var seen: [Event] = []
        for await event in events {
            seen.append(event)
            if event == .closed { break }
        }
        return seen
    }
}

/// Sends back what it gets, takes no more than it can get rid of, and closes when it reads `bye`.
private final class EchoHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let events: AsyncStream<EchoServer.Event>.Continuation
    private var isReadPutOff = false

    /// Whether the first read is put off until what came with the handshake's end has come.
    private var putsOffRead: Bool

    init(_ events: AsyncStream<EchoServer.Event>.Continuation, putsOffFirstRead: Bool) {
        self.events = events
        self.putsOffRead = putsOffFirstRead
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        context.write(wrapOutboundOut(bytes), promise: nil)
        guard bytes.readableBytesView.elementsEqual("bye".utf8) else { return }
        context.flush()
        context.close(promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable, !putsOffRead {
            context.read()
        } else {
            isReadPutOff = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, isReadPutOff else { return }
        isReadPutOff = false
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSHandshakeCompleted else { return }
        events.yield(.completed(event))
        guard putsOffRead else { return }
        putsOffRead = false
        context.eventLoop.assumeIsolated().execute { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSFailure {
            events.yield(.failed(error))
        } else {
            events.yield(.otherError)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.yield(.closed)
    }
}
