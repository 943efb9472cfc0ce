import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization

@testable import HTTPTransport

/// A connection in memory with the handler on it; time passes only when told to.
struct Wire {
    let channel: EmbeddedChannel
    let tap = Tap()

    init(limits: HTTPLimits = HTTPLimits(), respond: @escaping Respond = Answers.echo) throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(tap)
        let loop = HTTPLoop(channel.eventLoop, clock: { 0 })
        try HTTP1Handler.install(
            on: channel,
            loop: loop,
            limits: limits,
            respond: respond,
            refuse: Answers.refuse
        )
        try channel.connect(to: .init(unixDomainSocketPath: "/wire")).wait()
    }

    /// The client sends bytes; nothing happens when the connection is closed.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        // A closed channel refuses bytes as a closed socket does; what the tests look at is what it answered before.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
    }

    /// All that was sent to the client since the last call.
    func received() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: bytes)
        }
        return text
    }

    /// The statuses of the answers since the last call.
    func statuses() throws -> [Int] {
        try received().statuses
    }

    func pass(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    func run() {
        channel.embeddedEventLoop.run()
    }

    var isClosed: Bool { !channel.isActive }

    /// Stands where the socket is and counts what reaches it.
    final class Tap: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        private(set) var reads = 0
        private(set) var flushes = 0
        private(set) var closesOutput = false

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }

        func flush(context: ChannelHandlerContext) {
            flushes += 1
            context.flush()
        }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if mode == .output {
                // The channel in memory cannot close one side; a socket answers so at once.
                closesOutput = true
                promise?.succeed()
                return
            }
            context.close(mode: mode, promise: promise)
        }
    }
}

extension String {
    /// The status codes of the HTTP/1.1 messages in the text, interim ones too.
    var statuses: [Int] {
        components(of: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    private func components(of separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

/// What the tests' servers answer.
enum Answers {
    /// 200 with what came: method, path, authority, body.
    static let echo: Respond = { request in
        do throws(BodyRefusal) {
            let body = try await request.body()
            let head = request.head
            return text(
                200,
                "\(head.method) \(head.path ?? "-") \(head.authority ?? "-") \(String(buffer: body))"
            )
        } catch {
            return error.refusal.map(refuse) ?? text(499, "")
        }
    }

    /// 200 without asking for the body.
    static let ignore: Respond = { _ in text(200, "ignored") }

    static let refuse: Refuse = { refusal in
        text(refusal.status, refusal.sentence)
    }

    static func text(_ status: Int, _ body: String) -> Reply {
        Reply(status: .init(code: status), body: .bytes(ByteBuffer(string: body)))
    }
}

/// Answers when it is told to.
final class Gate: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    private let seen = Mutex<[String]>([])
    private let cancelled = Mutex(0)

    var respond: Respond {
        { request in
            self.seen.withLock { $0.append(request.head.path ?? "") }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    self.waiting.withLock { $0.append(continuation) }
                }
            } onCancel: {
                self.cancelled.withLock { $0 += 1 }
            }
            return await Answers.echo(request)
        }
    }

    /// Lets the request that waits longest go on.
    func open() {
        waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.resume()
    }

    var paths: [String] { seen.withLock { $0 } }
    var cancellations: Int { cancelled.withLock { $0 } }
}
