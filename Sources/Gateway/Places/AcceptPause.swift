import Linux
package import NIOCore

/// Lets a listening socket rest when there is no descriptor or memory for another connection: those who come wait in the
/// kernel meanwhile, and none of our loops asks in vain.
///
/// NIO's own `AcceptBackoffHandler` delays reads that are asked for. Here none is: accept(2) has failed, so the channel still
/// waits for the read that it was asked for, and the kernel wakes it at once, again and again: it spins (swift-nio
/// 2.101.2, measured). Only taking the socket out of epoll ends that, as a channel does that no longer reads by itself.
package final class AcceptPause: ChannelInboundHandler {
    /// Nothing is read here.
    package typealias InboundIn = Never

    private let paused: () -> Void
    private var resumption: Scheduled<Void>?

    /// A pause for one listening socket; `paused` is told each time.
    package init(paused: @escaping () -> Void) {
        self.paused = paused
    }

    /// Rests when the error is a shortage; any other goes on.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, ResourceShortage.isMeant(by: error.errnoCode) else {
            context.fireErrorCaught(error)
            return
        }
        guard resumption == nil else { return }
        paused()
        setReading(false, context)
        resumption = context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) {
            self.resumption = nil
            self.setReading(true, context)
        }
    }

    /// The socket is closed: nothing is to be resumed.
    package func channelInactive(context: ChannelHandlerContext) {
        resumption?.cancel()
        context.fireChannelInactive()
    }

    /// As when the socket is closed.
    package func handlerRemoved(context: ChannelHandlerContext) {
        resumption?.cancel()
    }

    private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
        // A socket that is closed meanwhile reads no more either way.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    /// How long: two attempts a second cost nothing, and a client waits no longer for its turn than for a lost packet.
    static let length = TimeAmount.milliseconds(500)
}
