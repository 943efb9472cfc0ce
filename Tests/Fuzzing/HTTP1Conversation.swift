import HTTPTransport
import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization

/// What came of the bytes that one client sent, on a connection in memory on which no time passes.
struct HTTP1Conversation {
    /// The messages that became requests, in order.
    let messages: [Message]
    /// How many times the connection refused what was no request.
    let refusals: Int
    /// Final answers that the client was sent.
    let answers: Int

    /// One request as whoever answers it sees it.
    struct Message: Equatable, Sendable {
        let method: String
        let path: String
        let authority: String?
        let version: String
        /// `name: value`, in order, without `Content-Length`.
        let fields: [String]
        /// Nil when it was not asked for, or did not come.
        var body: [UInt8]?

        /// The message as the RFC would have it written: nothing in it can be read in two ways.
        var written: [UInt8] {
            var lines = ["\(method) \(path) HTTP/\(version)"]
            if let authority { lines.append("Host: \(authority)") }
            lines += fields
            if let body, !body.isEmpty { lines.append("Content-Length: \(body.count)") }
            return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
        }
    }

    /// Sends pieces, one read each, then closes.
    init(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits) {
        let record = Record()
        let wire = WireEnd()
        let channel = EmbeddedChannel()
        do {
            try channel.pipeline.syncOperations.addHandler(wire)
            try HTTP1Handler.install(
                on: channel,
                loop: HTTPLoop(channel.eventLoop, clock: { 0 }),
                limits: limits,
                respond: { await record.answer($0) },
                refuse: { record.refuse($0) }
            )
            try channel.connect(to: .init(unixDomainSocketPath: "/wire")).wait()
        } catch {
            preconditionFailure("no connection in memory: \(error)")
        }
        for piece in pieces {
            // A closed channel refuses bytes as a closed socket does.
            _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
            channel.embeddedEventLoop.run()
        }
        // It may have been closed by the other end, and then says so.
        _ = try? channel.finish(acceptAlreadyClosed: true)
        messages = record.messages
        refusals = record.refusals
        answers = wire.answers
    }
}

/// Answers requests, and writes down what came.
private final class Record: Sendable {
    private let written = Mutex<(messages: [HTTP1Conversation.Message], refusals: Int)>(([], 0))

    var messages: [HTTP1Conversation.Message] { written.withLock { $0.messages } }
    var refusals: Int { written.withLock { $0.refusals } }

    func answer(_ request: IncomingRequest) async -> Reply {
        let head = request.head
        let message = HTTP1Conversation.Message(
            method: head.method.rawValue,
            path: head.path ?? "",
            authority: head.authority,
            version: request.version,
            fields: head.headerFields.filter { $0.name != .contentLength }.map { "\($0.name): \($0.value)" },
            body: nil
        )
        let index = written.withLock { written in
            written.messages.append(message)
            return written.messages.count - 1
        }
        guard !message.path.hasPrefix("/ignore") else { return Reply(status: .ok) }
        do throws(BodyRefusal) {
            let body = try await request.body()
            written.withLock { $0.messages[index].body = Array(body.readableBytesView) }
            return Reply(status: .ok)
        } catch {
            return Reply(status: .init(code: error.refusal?.status ?? 499))
        }
    }

    func refuse(_ refusal: HTTPRefusal) -> Reply {
        written.withLock { $0.refusals += 1 }
        return Reply(status: .init(code: refusal.status))
    }
}

/// Stands where the socket is, and counts the answers that reach it.
private final class WireEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    /// Answers but for `100 Continue`.
    private(set) var answers = 0

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The bodies are empty: a status line cannot be in one.
        let text = String(buffer: unwrapOutboundIn(data))
        answers += text.ranges(of: "HTTP/1.1 ").count - text.ranges(of: "HTTP/1.1 100 ").count
        promise?.succeed()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        // The channel in memory cannot close one side; a socket answers so at once.
        promise?.succeed()
    }
}
