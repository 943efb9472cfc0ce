import NIOCore
import TLSTransport
import Tenancy

/// The first handler of a connection that must say who it is, or whom it wants, before anyone answers it.
///
///     load balancer's header ──► name in the ClientHello ──► TLS of the listener that is wanted
///     (PROXY protocol)           (shared address)
///
/// It holds the first bytes until they tell, lets the right TLS be put behind itself, hands it the client's bytes as they
/// came, and goes. One deadline runs from the connection's start to the end of the handshake.
final class PreludeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the connection has told, and the time that is left to it.
    struct Told {
        /// Who the client is.
        let peer: Peer
        /// The name that it calls; nil when it calls none, or was not asked.
        let name: String?
        /// With what is left of the handshake's time.
        let limits: TLSLimits
    }

    private let identified: (Peer) -> Bool
    private let enter: (Told) throws -> Void
    private let refused: (PreludeRefusal, Peer) -> Void
    private var judgement: ProxyTrust.Judgement
    /// Nil when there is one listener, and nothing to be told apart.
    private let reading: ServerNameReader.Reading?
    private var peer: Peer
    private var limits: TLSLimits
    /// What came and was not handed over.
    private var held = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var end = NIODeadline.distantFuture

    /// A prelude of one connection.
    ///
    /// `identified` is told who a load balancer says the client is, and whether that client may have a connection;
    /// `enter` puts the handlers behind this one; `refused` is told why a connection is closed.
    init(
        peer: Peer,
        judgement: ProxyTrust.Judgement,
        reading: ServerNameReader.Reading?,
        limits: TLSLimits,
        identified: @escaping (Peer) -> Bool,
        enter: @escaping (Told) throws -> Void,
        refused: @escaping (PreludeRefusal, Peer) -> Void
    ) {
        self.peer = peer
        self.judgement = judgement
        self.reading = reading
        self.limits = limits
        self.identified = identified
        self.enter = enter
        self.refused = refused
    }

    // MARK: The connection's life

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
        // Closed already: what is still on its way is of no interest.
        guard context.channel.isActive else { return }
        let bytes = unwrapInboundIn(data)
        held.writeImmutableBuffer(bytes)
        switch judgement {
        case .read(let isRequired): readHeader(isRequired: isRequired, context)
        case .direct: readName(bytes, context)
        case .refused: break
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

    // MARK: Steps

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        guard judgement != .refused else {
            refuse(.proxyNotTrusted, context)
            return
        }
        end = context.eventLoop.now + limits.handshakeTimeout
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
            self.refuse(.tooLate, context)
        }
        context.read()
    }

    private func readHeader(isRequired: Bool, _ context: ChannelHandlerContext) {
        switch ProxyHeader.reading(held) {
        case .incomplete:
            return
        case .malformed:
            refuse(.proxyHeaderMalformed, context)
            return
        case .none where isRequired:
            refuse(.proxyHeaderMissing, context)
            return
        case .none:
            break
        case .complete(let header):
            held.moveReaderIndex(forwardBy: header.length)
            if let source = header.source { peer = Peer(address: source.description) }
        }
        judgement = .direct
        guard identified(peer) else {
            context.close(promise: nil)
            return
        }
        readName(held, context)
    }

    /// `new` is what of the held bytes has not been looked at.
    private func readName(_ new: ByteBuffer, _ context: ChannelHandlerContext) {
        guard let reading else {
            hand(over: nil, context)
            return
        }
        switch reading.read(new) {
        case .complete(let name): hand(over: name, context)
        case .incomplete where held.readableBytes > Self.mostBytes: refuse(.tooLong, context)
        case .incomplete: break
        }
    }

    private func hand(over name: String?, _ context: ChannelHandlerContext) {
        limits.handshakeTimeout = end - context.eventLoop.now
        do {
            try enter(Told(peer: peer, name: name, limits: limits))
        } catch {
            // No memory for TLS, or the connection is gone: nobody can be told.
            context.close(promise: nil)
            return
        }
        let bytes = held
        held = ByteBuffer()
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(_ reason: PreludeRefusal, _ context: ChannelHandlerContext) {
        refused(reason, peer)
        context.close(promise: nil)
    }

    /// Bytes of a ClientHello, at most: one has 500 to 2,000, with the groups of a later age some thousand more.
    static let mostBytes = 64 * 1024
}
