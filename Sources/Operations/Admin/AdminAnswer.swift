import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// What the running gateway answered to a command.
struct AdminAnswer: Sendable {
    /// The body of an answer that is no refusal.
    let body: Data
    /// What the gateway calls itself.
    let server: String?

    /// The connection ended before an answer came.
    struct Missing: Error {}

    /// The body as a message.
    ///
    /// - Throws: ``AdminMessages/Problem`` when it is none: the gateway is of another version.
    func message<Message: Decodable>() throws -> Message {
        try reading { try JSONDecoder().decode(Message.self, from: body) }
    }

    /// The body as a page of a file.
    ///
    /// - Throws: as ``message()``.
    func page<Page: FilePage>() throws -> Page {
        try reading { try Page(readingPage: body) }
    }

    private func reading<Message>(_ read: () throws -> Message) throws -> Message {
        do {
            return try read()
        } catch {
            throw AdminVersions.mismatch("the answer is not what was expected", gateway: server)
        }
    }
}

/// Collects one answer.
final class AdminAnswerReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answered: EventLoopPromise<AdminAnswer>
    private var status = 0
    private var server: String?
    private var body = Data()

    init(_ answered: EventLoopPromise<AdminAnswer>) {
        self.answered = answered
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            server = head.headers.first(name: "Server")
        case .body(let part): body.append(contentsOf: part.readableBytesView)
        case .end: finish()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answered.fail(AdminAnswer.Missing())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A gateway that closes without reading what was asked resets the connection.
        answered.fail(error is IOError ? AdminAnswer.Missing() : error)
        context.close(promise: nil)
    }

    private func finish() {
        guard status >= 400 else { return answered.succeed(AdminAnswer(body: body, server: server)) }
        do {
            answered.fail(try JSONDecoder().decode(AdminMessages.Problem.self, from: body))
        } catch {
            answered.fail(
                AdminVersions.mismatch("the answer was status \(status), without a word why", gateway: server)
            )
        }
    }
}
