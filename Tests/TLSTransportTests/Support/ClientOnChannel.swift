import NIOCore
import NIOEmbedded
import TLSTransport

/// An OpenSSL client that talks to a `TLSHandler` in an embedded channel, with what the handler
/// told above it.
final class ClientOnChannel {
    let client: ClientSession
    let channel = EmbeddedChannel()
    let above = Above()
    let below = Below()

    init(
        _ policy: TLSPolicy = .commercial,
        limits: TLSLimits = TLSLimits(),
        client options: ClientSession.Options = .init(),
        context: TLSServerContext? = nil,
        putOff: TLSHandler.PutOff? = nil
    ) throws {
        client = try ClientSession(options)
        let context = try context ?? TestFiles.shared.context(policy)
        try channel.pipeline.syncOperations.addHandlers([
            below, TLSHandler(context: context, limits: limits, putOff: putOff), above,
        ])
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        channel.read()
    }

    deinit {
        // Every connection ends within its deadlines; an embedded channel that is left open would
        // stay for ever.
        channel.close(promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    }

    /// Gives the client's bytes to the server, in pieces, and the server's to the client.
    func exchange(piece: Int = .max) throws {
        let bytes = client.takeCiphertext()
        for start in stride(from: 0, to: bytes.count, by: min(piece, max(1, bytes.count))) {
            let end = piece == .max ? bytes.count : min(start + piece, bytes.count)
            channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes[start..<end]))
            channel.pipeline.fireChannelReadComplete()
        }
        for buffer in try sent() { client.receive(Array(buffer.readableBytesView)) }
    }

    /// What the handler has written, one buffer a write.
    func sent() throws -> [ByteBuffer] {
        var all: [ByteBuffer] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            if buffer.readableBytes > 0 { all.append(buffer) }
        }
        return all
    }

    /// The whole handshake; true when the client has it.
    func shakeHands(piece: Int = .max) throws -> Bool {
        var isDone = false
        for _ in 0..<4 {
            isDone = client.shakeHands()
            try exchange(piece: piece)
        }
        return isDone
    }

    /// The handler below TLS: counts how often the socket would be read.
    final class Below: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }
    }

    /// The handler above TLS: notes what comes, answers if told to.
    final class Above: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        enum Event: Equatable {
            case agreement, plaintext, readComplete, inactive
            case failure(TLSFailure)
        }

        var events: [Event] = []
        /// What the handshake agreed on; nil before its end.
        var agreement: TLSHandshakeCompleted?
        var plaintext: [UInt8] = []
        var reads = 0
        /// Runs for each piece of plaintext.
        var answer: ((ChannelHandlerContext) -> Void)?
        /// Whether it asks for more by itself, as a channel that reads automatically does.
        var asksForMore = true

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            events.append(.plaintext)
            reads += 1
            plaintext += unwrapInboundIn(data).readableBytesView
            answer?(context)
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            events.append(.readComplete)
            if asksForMore { context.read() }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let event = event as? TLSHandshakeCompleted else { return }
            agreement = event
            events.append(.agreement)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let failure = error as? TLSFailure { events.append(.failure(failure)) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            events.append(.inactive)
        }
    }
}
