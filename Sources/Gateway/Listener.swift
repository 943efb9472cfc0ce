package import HTTPTransport
package import NIOCore
package import NIOPosix
package import TLSTransport

/// Step 1: one listening socket of one cloud profile.
///
/// Each connection gets TLS and HTTP/1.1, and stays on its loop.
package struct Listener: Sendable {
    /// The listening socket.
    package let channel: any Channel
    /// The connections it has taken.
    private let connections: OpenConnections

    /// Starts to listen.
    ///
    /// - Throws: the system's error when the address cannot be bound.
    package static func bind(
        host: String,
        port: Int,
        certificate: CertificateInForce,
        group: MultiThreadedEventLoopGroup,
        loops: HTTPLoops,
        limits: HTTPLimits,
        respond: @escaping @Sendable (IncomingRequest, Peer) async -> Reply,
        refuse: @escaping Refuse
    ) async throws -> Listener {
        let connections = OpenConnections()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: GatewayLimits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.opened(channel)
                    try channel.pipeline.syncOperations.addHandler(
                        TLSHandler(context: certificate.context, limits: TLSLimits())
                    )
                    let peer = Peer(of: channel)
                    try HTTP1Handler.install(
                        on: channel,
                        loop: loops[channel.eventLoop],
                        limits: limits,
                        respond: { await respond($0, peer) },
                        refuse: refuse
                    )
                }
            }
        return Listener(
            channel: try await bootstrap.bind(host: host, port: port).get(),
            connections: connections
        )
    }

    /// What was bound, `host:port`.
    package var address: String {
        guard let bound = channel.localAddress, let host = bound.ipAddress, let port = bound.port else {
            return "-"
        }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// How many connections are open.
    package var openConnections: Int { connections.count }

    /// Stops taking connections, lets requests in work finish, and closes what is left at the deadline.
    package func close(within limit: TimeAmount) async {
        // A listening socket that is closed already is what we want.
        try? await channel.close()
        await connections.quiesce(within: limit, on: channel.eventLoop)
    }
}
