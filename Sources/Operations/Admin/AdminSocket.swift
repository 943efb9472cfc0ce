import Foundation
import Gateway
import HTTPTransport
import HTTPTypes
import Linux
import Logging
import NIOCore
import NIOPosix

/// The local socket through which the command line works with the running gateway: HTTP/1.1, JSON, `/v1/…`.
///
/// Mode 0600, and the peer's uid must be ours or root's: the check is on the socket, not on the file alone.
struct AdminSocket: OperatorSocket {
    /// The listening socket.
    private let channel: any Channel
    private let connections: OpenConnections
    /// Where it lies.
    private let path: String

    /// Starts to listen at a path; what is left there of a process that died is removed.
    ///
    /// - Throws: the system's error when the path cannot be bound.
    static func bind(
        path: String,
        desk: GatewayCore,
        group: MultiThreadedEventLoopGroup,
        loops: HTTPLoops,
        logger: Logger
    ) async throws -> AdminSocket {
        let connections = OpenConnections()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause {})
                }
            }
            .childChannelInitializer { channel in
                AdminSocket.peer(of: channel).flatMapThrowing { peer in
                    guard peer.isRootOr(EffectiveUser.current.id) else { throw NotAllowed() }
                    try connections.open(channel)
                    let routes = AdminRoutes(
                        desk: OperatorDesk(core: desk, actor: "uid:\(peer.user)"),
                        logger: logger
                    )
                    try HTTP1Handler.install(
                        on: channel,
                        loop: loops[channel.eventLoop],
                        limits: .admin,
                        // A page of an export or an import is ten milliseconds of work, and the loops are the clients'.
                        respond: { request in
                            await BackgroundExecutor.shared.perform {
                                await routes.respond(to: request)
                            }
                        },
                        refuse: { AdminRoutes.reply(to: $0) }
                    )
                }
            }
        let channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
            .get()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return AdminSocket(channel: channel, connections: connections, path: path)
    }

    /// Stops listening and removes the socket's file.
    func close(within limit: TimeAmount) async {
        // A listening socket that is closed already is what we want.
        try? await channel.close()
        await connections.quiesce(within: limit, on: channel.eventLoop)
        // The file may be gone already: somebody cleaned up.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Who is at the other end, as the kernel noted it when they connected: unix(7), SO_PEERCRED.
    private static func peer(of channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(NotAllowed())
        }
        return socket.unsafeGetSocketOption(
            level: .socket,
            name: .init(rawValue: PeerCredentials.socketOption)
        )
    }

    /// A peer that may not use the socket.
    private struct NotAllowed: Error {}
}

extension HTTPLimits {
    /// The admin socket takes whole files and large parts of files, and its clients are local.
    static let admin: HTTPLimits = {
        var limits = HTTPLimits()
        limits.bodyBytes = GatewayLimits.importBytes
        return limits
    }()
}
