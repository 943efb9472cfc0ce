import HTTPTransport
import HTTPTypes
import NIOCore
import Synchronization

/// Answers the requests of one connection, and writes down what came.
///
/// The path says how: `/ignore…` is answered without its body being asked for, `/wait…` when ``open()`` is called,
/// `/large…` with a body of ``largeBytes``.
final class RequestRecord: Sendable {
    static let largeBytes = 300

    private let written = Mutex(Written())

    private struct Written {
        var messages: [HTTPMessage] = []
        var refusals = 0
        var inWork = 0
        var mostInWork = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// The messages that became requests, in order.
    var messages: [HTTPMessage] { written.withLock { $0.messages } }
    /// How many times the connection refused what was no request.
    var refusals: Int { written.withLock { $0.refusals } }
    /// Requests that are worked on now.
    var inWork: Int { written.withLock { $0.inWork } }
    /// The most that were worked on at the same time.
    var mostInWork: Int { written.withLock { $0.mostInWork } }

    /// Lets all requests that wait go on.
    func open() {
        let waiting = written.withLock { written in
            defer { written.waiting = [] }
            return written.waiting
        }
        for request in waiting { request.resume() }
    }

    /// What the connection asks for an answer.
    var respond: Respond {
        { request in
            let index = self.begin(HTTPMessage(request))
            defer { self.written.withLock { $0.inWork -= 1 } }
            return await self.answer(request, index)
        }
    }

    /// What the connection asks for the answer to what is no request.
    var refuse: Refuse {
        { refusal in
            self.written.withLock { $0.refusals += 1 }
            return Reply(status: .init(code: refusal.status))
        }
    }

    private func begin(_ message: HTTPMessage) -> Int {
        written.withLock { written in
            written.messages.append(message)
            written.inWork += 1
            written.mostInWork = max(written.mostInWork, written.inWork)
            return written.messages.count - 1
        }
    }

    private func answer(_ request: IncomingRequest, _ index: Int) async -> Reply {
        let path = request.head.path ?? ""
        guard !path.hasPrefix("/ignore") else { return Reply(status: .ok) }
        if path.hasPrefix("/wait") {
            await withCheckedContinuation { waiting in written.withLock { $0.waiting.append(waiting) } }
        }
        do throws(BodyRefusal) {
            let body = try await request.body()
            written.withLock { $0.messages[index].body = Array(body.readableBytesView) }
            let count = path.hasPrefix("/large") ? Self.largeBytes : 0
            return Reply(status: .ok, body: .bytes(ByteBuffer(repeating: UInt8(ascii: "x"), count: count)))
        } catch {
            return Reply(status: .init(code: error.refusal?.status ?? 499))
        }
    }
}
