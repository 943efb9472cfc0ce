import Foundation
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
    /// - Throws: ``NotRunning``, or ``AdminMessages/Problem`` when the gateway refuses.
    package func send<Answer: Decodable>(_ method: String, _ target: String, _ order: (some Encodable)?)
        async throws -> Answer
    {
        let answer = try await exchange(
            method,
            target,
            body: try order.map { try JSONEncoder().encode($0) } ?? Data()
        )
        return try JSONDecoder().decode(Answer.self, from: answer)
    }

    /// Asks, and reads the answer.
    ///
    /// - Throws: as ``send(_:_:_:)``.
    package func get<Answer: Decodable>(_ target: String) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: await exchange("GET", target, body: Data()))
    }

    private func exchange(_ method: String, _ target: String, body: Data) async throws -> Data {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answered = loop.makePromise(of: Data.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AnswerReader(answered))
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
        } catch {
            answered.fail(NotRunning())
            throw NotRunning()
        }
        var head = HTTPRequestHead(version: .http1_1, method: .init(rawValue: method), uri: target)
        head.headers = ["Host": "localhost", "Content-Length": "\(body.count)", "Connection": "close"]
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(data: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await answered.futureResult.get()
    }
}

/// Collects one answer.
private final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answered: EventLoopPromise<Data>
    private var status = 0
    private var body = Data()

    init(_ answered: EventLoopPromise<Data>) {
        self.answered = answered
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part): body.append(contentsOf: part.readableBytesView)
        case .end: finish()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answered.fail(AdminClient.NotRunning())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answered.fail(error)
        context.close(promise: nil)
    }

    private func finish() {
        guard status >= 400 else { return answered.succeed(body) }
        do {
            answered.fail(try JSONDecoder().decode(AdminMessages.Problem.self, from: body))
        } catch {
            answered.fail(
                AdminMessages.Problem(
                    type: "/help/http",
                    title: "HTTP",
                    status: status,
                    detail: "status \(status)"
                )
            )
        }
    }
}
