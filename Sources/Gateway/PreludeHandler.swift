import NIOCore
import TLSTransport

/// The first handler of a connection that must say whom it wants before anyone answers it.
///
/// It holds the client's first bytes until they tell, lets the right TLS be put behind itself, hands it the bytes as
/// they came, and goes. One deadline runs from the connection's start to the end of the handshake.
final class PreludeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Puts the handlers behind this one that answer a client which calls this name, with the time that is left.
    typealias Enter = (_ name: String?, _ left: TLSLimits) throws -> Void

    private let reading: ServerNameReader.Reading
    private let enter: Enter
    private var limits: TLSLimits
    private var held = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var end = NIODeadline.distantFuture

    /// A prelude of one connection.
    init(reading: ServerNameReader.Reading, limits: TLSLimits, enter: @escaping Enter) {
        self.reading = reading
        self.limits = limits
        self.enter = enter
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let outcome = reading.read(bytes)
        held.writeBuffer(&bytes)
        switch outcome {
        case .complete(let name): hand(over: name, context)
        case .incomplete where held.readableBytes > Self.mostBytes: context.close(promise: nil)
        case .incomplete: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // Nothing was asked yet, and half a ClientHello will never be a whole one.
        case is ChannelShouldQuiesceEvent: context.close(promise: nil)
        case let event as ChannelEvent where event == .inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// A connection that broke is of no interest before anyone has answered it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        end = context.eventLoop.now + limits.handshakeTimeout
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            context.close(promise: nil)
        }
        context.read()
    }

    private func hand(over name: String?, _ context: ChannelHandlerContext) {
        limits.handshakeTimeout = end - context.eventLoop.now
        do {
            try enter(name, limits)
        } catch {
            // No memory for TLS, or the connection is gone: nobody can be told.
            context.close(promise: nil)
            return
        }
        let bytes = held
        held = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// Bytes of a ClientHello, at most: one has 500 to 2,000, a group of a later age some more.
    static let mostBytes = 64 * 1024
}
