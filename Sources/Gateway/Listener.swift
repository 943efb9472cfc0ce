package import HTTPTransport
package import NIOCore
package import NIOPosix
package import TLSTransport

/// Step 1: one listening socket of one cloud profile.
///
/// Each connection gets TLS, then HTTP/2 or HTTP/1.1 as the handshake agrees, and stays on its loop.
package struct Listener: Sendable {
    /// The listening socket.
    package let channel: any Channel
    /// The connections it has taken, and the requests on them.
    private let connections: OpenConnections

    /// Starts to listen.
    ///
    /// - Throws: the system's error when the address cannot be bound.
    package static func bind(
        host: String,
        port: Int,
        tls: TLSServerContext,
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
                    let peer = Peer(of: channel)
                    let loop = loops[channel.eventLoop]
                    let counted: Respond = { request in
                        connections.beganRequest()
                        defer { connections.endedRequest() }
                        return await respond(request, peer)
                    }
                    let choice = ProtocolChoice { version in
                        switch version {
                        case .one:
                            try HTTP1Handler.install(
                                on: channel,
                                loop: loop,
                                limits: limits,
                                respond: counted,
                                refuse: refuse
                            )
                        case .two:
                            try HTTP2Handler.install(
                                on: channel,
                                loop: loop,
                                limits: limits,
                                respond: counted,
                                refuse: refuse
                            )
                        }
                    }
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context: tls, limits: TLSLimits()), choice,
                    ])
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

    /// How many requests are being worked on, those whose client is gone included.
    package var requestsInWork: Int { connections.requestsInWork }

    /// Stops taking connections, lets requests in work finish, and closes what is left at the deadline.
    package func close(within limit: TimeAmount) async {
        // A listening socket that is closed already is what we want.
        try? await channel.close()
        await connections.quiesce(within: limit, on: channel.eventLoop)
    }
}
