internal import NIOCore
internal import NIOHTTP1

/// Keeps what NIO's decoder made of the bytes it was given last.
///
/// The end of the pipeline, as the decoder sees it.
final class HTTP1Sink: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private var decoded = Decoded()

    /// What came of one call of the decoder.
    struct Decoded {
        /// A whole head.
        var head: HTTPRequestHead?
        /// Parts of a body, in order.
        var body: [ByteBuffer] = []
        /// Whether the message is complete.
        var isEnded = false
        /// Why the decoder gave up.
        var failure: (any Error)?
    }

    /// Takes out what was decoded since the last time.
    func take() -> Decoded {
        let taken = decoded
        decoded = Decoded()
        return taken
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): decoded.head = head
        case .body(let bytes): decoded.body.append(bytes)
        case .end: decoded.isEnded = true
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        decoded.failure = error
    }
}
