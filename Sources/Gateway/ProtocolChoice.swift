import HTTPTransport
import NIOCore
import TLSTransport

/// Waits on a new connection until the handshake has agreed on a protocol, puts its handler there, and goes.
///
/// ALPN alone decides (RFC 7301): `h2` is HTTP/2, anything else HTTP/1.1, also for a client that does not ask.
final class ProtocolChoice: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let install: (HTTPVersion, TLSHandshakeCompleted) throws -> Void
    private let failed: (TLSFailure.Code) -> Void
    private var hasFailed = false

    /// A choice for one connection.
    ///
    /// `install` puts the handlers of a version at the end of the pipeline; `failed` is told, once, why a handshake came to
    /// nothing.
    init(
        install: @escaping (HTTPVersion, TLSHandshakeCompleted) throws -> Void,
        failed: @escaping (TLSFailure.Code) -> Void
    ) {
        self.install = install
        self.failed = failed
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let handshake as TLSHandshakeCompleted:
            do {
                try install(HTTPVersion(alpn: handshake.alpn), handshake)
                context.pipeline.syncOperations.removeHandler(self, promise: nil)
            } catch {
                // Nobody can be answered on a connection that nobody serves.
                context.close(promise: nil)
            }
        case is ChannelShouldQuiesceEvent:
            // Nothing was asked yet.
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// The handshake failed: whoever is there has been told by TLS.
    ///
    /// An error that is not of TLS is the network's.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !hasFailed { failed((error as? TLSFailure)?.code ?? .truncated) }
        hasFailed = true
        context.close(promise: nil)
    }
}
