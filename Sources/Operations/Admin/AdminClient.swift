import Foundation
import Linux
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix

/// The command line's end of the admin socket.
package struct AdminClient: Sendable {
    private let path: String

    /// A client of the socket at a path.
    package init(path: String) {
        self.path = path
    }

    /// Nobody listens at the socket.
    package struct NotRunning: Error {}

    /// Sends an order, and reads what it gave.
    ///
    /// - Throws: ``NotRunning``, or ``AdminMessages/Problem`` when the gateway refuses, when this user may not ask, or when
    ///   the gateway is of a version that this program does not understand.
    package func send<Answer: Decodable>(_ method: String, _ target: String, _ order: (some Encodable)?)
        async throws -> Answer
    {
        let body = try order.map { try JSONEncoder().encode($0) } ?? Data()
        return try await exchange(method, target, body: body).message()
    }

    /// Sends an order, and reads the page of a file that it gave.
    ///
    /// - Throws: as ``send(_:_:_:)``.
    package func page<Page: FilePage>(_ target: String, _ order: some Encodable) async throws -> Page {
        try await exchange("POST", target, body: JSONEncoder().encode(order)).page()
    }

    /// Sends an order that gives nothing back.
    ///
    /// - Throws: as ``send(_:_:_:)``.
    package func order(_ method: String, _ target: String) async throws {
        _ = try await exchange(method, target, body: Data())
    }

    /// Asks, and reads the answer.
    ///
    /// - Throws: as ``send(_:_:_:)``.
    package func get<Answer: Decodable>(_ target: String) async throws -> Answer {
        try await exchange("GET", target, body: Data()).message()
    }

    private func exchange(_ method: String, _ target: String, body: Data) async throws -> AdminAnswer {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answered = loop.makePromise(of: AdminAnswer.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AdminAnswerReader(answered))
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
        } catch {
            let reason = reason(for: error)
            answered.fail(reason)
            throw reason
        }
        var head = HTTPRequestHead(version: .http1_1, method: .init(rawValue: method), uri: target)
        head.headers = ["Host": "localhost", "Content-Length": "\(body.count)", "Connection": "close"]
        head.headers.add(name: "User-Agent", value: AdminVersions.product)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(data: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        do {
            return try await answered.futureResult.get()
        } catch is AdminAnswer.Missing {
            throw isForThisUser ? NotRunning() : notAllowed
        }
    }

    /// Why no connection came about.
    private func reason(for error: any Error) -> any Error {
        guard let error = error as? IOError,
            SystemError(call: "connect", object: path, code: error.errnoCode).isAboutRights
        else { return NotRunning() }
        return notAllowed
    }

    /// Whether the socket's owner is asking, or root.
    private var isForThisUser: Bool {
        let user = EffectiveUser.current.id
        // A socket whose owner cannot be told is gone: the gateway has ended.
        let owner = try? FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? NSNumber
        return user == 0 || owner.map { $0.uint32Value == user } ?? true
    }

    private var notAllowed: AdminMessages.Problem {
        .init(
            type: AdminMessages.Problem.notAllowed,
            title: "Not allowed",
            status: 403,
            detail:
                "the admin socket \(path) is not for uid \(EffectiveUser.current.id): run the command as root, or as the "
                + "user that the gateway runs as"
        )
    }
}
