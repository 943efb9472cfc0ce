import Gateway
import HTTPTransport
import NIOCore
import NIOPosix
import Tenancy

/// The socket of figures and health: HTTP/1.1 without TLS and without a token, for whoever reaches its address.
struct MetricsListener: OperatorSocket {
    private let channel: any Channel
    private let connections: OpenConnections

    /// Starts to listen.
    ///
    /// - Throws: the system's error when the address cannot be bound.
    static func bind(
        _ address: ListenAddress,
        core: GatewayCore,
        group: MultiThreadedEventLoopGroup,
        loops: HTTPLoops
    ) async throws -> MetricsListener {
        let (routes, connections) = (MetricsRoutes(core: core), OpenConnections())
        // All on one loop, so that the count of them is right when the next one comes.
        let bootstrap = ServerBootstrap(group: group.next())
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause {})
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.count < GatewayLimits.metricsConnections else { throw TooMany() }
                    try connections.open(channel)
                    try HTTP1Handler.install(
                        on: channel,
                        loop: loops[channel.eventLoop],
                        limits: .ofFigures,
                        respond: { await routes.respond(to: $0) },
                        refuse: { MetricsRoutes.reply(to: $0) }
                    )
                }
            }
        let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
        return MetricsListener(channel: channel, connections: connections)
    }

    /// What was bound, `host:port`.
    var address: String { channel.boundAddress }

    /// Stops listening.
    func close(within limit: TimeAmount) async {
        // A listening socket that is closed already is what we want.
        try? await channel.close()
        await connections.quiesce(within: limit, on: channel.eventLoop)
    }

    /// A connection came at the limit; it is closed.
    private struct TooMany: Error {}
}

extension HTTPLimits {
    /// What a reader of the figures may make us wait for.
    static var ofFigures: HTTPLimits {
        var limits = HTTPLimits()
        let time = TimeAmount.seconds(GatewayLimits.metricsIdleSeconds)
        (limits.idleTimeout, limits.headerTimeout, limits.bodyTimeout) = (time, time, time)
        (limits.replyStallTimeout, limits.lingerTimeout) = (time, time)
        return limits
    }
}
