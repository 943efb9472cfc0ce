package import HTTPTransport
package import NIOCore
package import NIOPosix
import TLSTransport

/// Step 1: what comes in at one listening socket for one listener of the settings, and so for one cloud profile.
///
/// Listeners that share an address share the socket; whom a connection is for is told by the name that the client calls,
/// before TLS begins. Each connection gets TLS, then HTTP/2 or HTTP/1.1 as the handshake agrees, and stays on its loop.
package struct Listener: Sendable {
    /// The listening socket.
    package let channel: any Channel
    /// The connections it has taken, and the requests on them.
    private let connections: OpenConnections

    /// Starts to listen; gives a listener for each entrance at the address.
    ///
    /// - Throws: the system's error when the address cannot be bound.
    package static func bind(
        host: String,
        port: Int,
        entrances: Entrances,
        group: MultiThreadedEventLoopGroup,
        loops: HTTPLoops
    ) async throws -> [Listener] {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: GatewayLimits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try open(channel, entrances, loops) }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        return entrances.all.map { Listener(channel: channel, connections: $0.connections) }
    }

    /// Readies a new connection, on its loop.
    private static func open(_ channel: any Channel, _ entrances: Entrances, _ loops: HTTPLoops) throws {
        let first = entrances.standard
        first.connections.opened(channel)
        let peer = Peer(of: channel)
        let judgement = entrances.proxy?.judgement(of: peer) ?? .direct
        if entrances.reader == nil, judgement == .direct {
            try first.install(on: channel, of: peer, loops: loops, tls: TLSLimits())
            return
        }
        let prelude = PreludeHandler(
            peer: peer,
            judgement: judgement,
            reading: try entrances.reader?.begin(),
            limits: TLSLimits(),
            enter: { told in
                let wanted = entrances.entrance(calling: told.name)
                if wanted.connections !== first.connections {
                    first.connections.left(channel)
                    wanted.connections.opened(channel)
                }
                try wanted.install(on: channel, of: told.peer, loops: loops, tls: told.limits)
            },
            refused: entrances.refused
        )
        try channel.pipeline.syncOperations.addHandler(prelude)
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
