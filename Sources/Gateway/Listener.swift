import HTTPTransport
package import NIOCore
import NIOPosix
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
    static func bind(
        host: String,
        port: Int,
        entrances: Entrances,
        places: ConnectionPlaces,
        group: MultiThreadedEventLoopGroup,
        loops: HTTPLoops
    ) async throws -> [Listener] {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: GatewayLimits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pause = AcceptPause { places.note(.shortage, peer: nil) }
                    try channel.pipeline.syncOperations.addHandler(pause)
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try open(channel, entrances, places, loops) }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        return entrances.all.map { Listener(channel: channel, connections: $0.connections) }
    }

    /// Readies a new connection, on its loop; one that finds no place, or cannot be readied, is closed by whoever called.
    private static func open(
        _ channel: any Channel,
        _ entrances: Entrances,
        _ places: ConnectionPlaces,
        _ loops: HTTPLoops
    ) throws {
        let first = entrances.standard
        let peer = Peer(of: channel)
        let judgement = entrances.proxy?.judgement(of: peer) ?? .direct
        let isToBeTold = if case .read = judgement { true } else { false }
        guard let place = places.take(for: channel, of: isToBeTold ? nil : peer) else { throw NoPlace() }
        try first.connections.open(channel)
        if entrances.reader == nil, judgement == .direct {
            try first.install(on: channel, of: peer, in: place, loops: loops, tls: entrances.limits)
            return
        }
        let prelude = PreludeHandler(
            peer: peer,
            judgement: judgement,
            reading: try entrances.reader?.begin(),
            limits: entrances.limits,
            identified: { place.belongs(to: $0) },
            enter: { told in
                let wanted = entrances.entrance(calling: told.name)
                try first.connections.move(channel, to: wanted.connections)
                try wanted.install(on: channel, of: told.peer, in: place, loops: loops, tls: told.limits)
            },
            refused: { places.note(.prelude($0), peer: $1.text) }
        )
        try channel.pipeline.syncOperations.addHandler(prelude)
    }

    /// A connection came at a limit; it is counted already.
    private struct NoPlace: Error {}

    /// What was bound, `host:port`.
    package var address: String { channel.boundAddress }

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

extension Channel {
    /// What a listening socket was bound to, `host:port`.
    package var boundAddress: String {
        guard let bound = localAddress, let host = bound.ipAddress, let port = bound.port else { return "-" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
