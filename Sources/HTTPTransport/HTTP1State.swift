/// What one HTTP/1 connection is doing, as a pure machine: each method is an event and returns what to do.
///
///     idle ─ bytes ─▶ head ─ whole head ─▶ exchange ─ reply ─▶ idle
///                      │                      │  └─ reply, body unread ─▶ discarding ─ body's end ─▶ idle
///                      └─ refusal ─▶ lingering ◀─ last reply ─┘
///
/// One request is in work at a time. Nothing of its body is taken before it is pulled. Every connection that ends
/// with an answer ends by lingering: output closed, input read and dropped within bounds, so that the client reads
/// the answer and not a reset (RFC 9112 §9.6). The machine knows no clock: `wait` names the time limit that runs.
struct HTTP1State: ~Copyable {
    private var phase = Phase.idle
    private var exchanges: UInt64 = 0
    private var isEnding = false
    private let bodyLimit: Int
    private let lingerLimit: Int

    private enum Phase: Equatable {
        case idle
        case head
        case exchange(Exchange)
        case discarding(taken: Int)
        case lingering(Lingering)
        case closed
    }

    private struct Exchange: Equatable {
        let keepsAlive: Bool
        var body: Body
    }

    private struct Lingering: Equatable {
        /// False when the client has nothing more to say or was not told to stop: close with the output.
        let readsOn: Bool
        var taken = 0
        var isOutputClosed = false
    }

    private enum Body: Equatable {
        case unread(BodyFraming, expectsContinue: Bool)
        case reading(taken: Int)
        case complete
        case refused
    }

    /// The machine of a new connection.
    init(limits: HTTPLimits) {
        bodyLimit = limits.bodyBytes
        lingerLimit = limits.lingerBytes
    }
}

// MARK: - What holds between events

extension HTTP1State {
    /// A time limit that runs, and since which step.
    ///
    /// A new value starts it anew.
    struct Wait: Equatable {
        let limit: Limit
        let since: UInt64

        /// What the client must do in time.
        enum Limit: Equatable {
            case nextRequest
            case head
            case body
            case reply
            case linger
        }
    }

    /// The time limit that runs now; nil while the answer is being worked out, which has its own deadline.
    var wait: Wait? {
        let limit: Wait.Limit
        switch phase {
        case .idle: limit = .nextRequest
        case .head: limit = .head
        case .exchange(let exchange):
            guard case .reading = exchange.body else {
                return nil
            }
            limit = .body
        case .discarding: limit = .body
        case .lingering(let lingering): limit = lingering.isOutputClosed ? .linger : .reply
        case .closed: return nil
        }
        return Wait(limit: limit, since: exchanges)
    }

    /// Whether the bytes of a request, head or body, may be taken from the input now.
    var takesInput: Bool {
        switch phase {
        case .idle, .head, .discarding: true
        case .exchange: isReadingBody
        case .lingering, .closed: false
        }
    }

    /// Whether the body of the request in work is being taken.
    var isReadingBody: Bool {
        guard case .exchange(let exchange) = phase, case .reading = exchange.body else {
            return false
        }
        return true
    }

    /// Whether the last answer is on its way and the rest of the input is dropped.
    var isLingering: Bool {
        guard case .lingering = phase else {
            return false
        }
        return true
    }

    /// Whether more bytes should be read from the socket.
    var wantsRead: Bool { takesInput || isLingering }

    /// Whether a part of a head is at hand.
    var isInHead: Bool { phase == .head }

    /// Whether request `number` is still to be answered.
    func isInExchange(_ number: UInt64) -> Bool {
        guard case .exchange = phase else {
            return false
        }
        return number == exchanges
    }
}

// MARK: - Requests

extension HTTP1State {
    /// The first bytes of a request came.
    mutating func receivedBytes() {
        if phase == .idle {
            phase = .head
        }
    }

    /// A head was read and is sound.
    /// - Returns: The number of the exchange that begins.
    mutating func receivedHead(_ framing: BodyFraming, expectsContinue: Bool, keepsAlive: Bool) -> UInt64 {
        guard phase == .head else {
            preconditionFailure("a head came while \(phase)")
        }
        exchanges += 1
        let body = framing == .none ? Body.complete : .unread(framing, expectsContinue: expectsContinue)
        phase = .exchange(Exchange(keepsAlive: keepsAlive, body: body))
        return exchanges
    }

    /// The bytes at hand are no sound head, or the head came too late.
    ///
    /// Answer, then linger.
    mutating func refusedHead() {
        guard phase == .head else {
            preconditionFailure("a head was refused while \(phase)")
        }
        linger()
    }

    /// What to do when the body is asked for.
    enum PullAction: Equatable {
        /// Take it from the input; tell the client first to go on, if it waits for that.
        case read(sendsContinue: Bool)
        /// It will not come.
        case refuse(BodyRefusal)
    }

    /// Whoever answers exchange `number` asks for its body.
    ///
    /// `hasInput`: bytes behind the head are here already, so the client did not wait for `100
    /// Continue` (RFC 9110 §10.1.1).
    mutating func pulledBody(_ number: UInt64, hasInput: Bool) -> PullAction {
        guard number == exchanges, case .exchange(var exchange) = phase,
            case .unread(let framing, let expectsContinue) = exchange.body
        else {
            return .refuse(.disconnected)
        }
        if case .length(let count) = framing, count > bodyLimit {
            exchange.body = .refused
            phase = .exchange(exchange)
            return .refuse(.tooLarge)
        }
        exchange.body = .reading(taken: 0)
        phase = .exchange(exchange)
        return .read(sendsContinue: expectsContinue && !hasInput)
    }

    /// What to do with bytes of a body.
    enum BodyAction: Equatable {
        /// Keep them for whoever asked.
        case keep
        /// Drop them.
        case drop
        /// Nobody will read on: the last reply is sent. Close the output and drop what comes.
        case linger
    }

    /// Bytes of a body came, framing taken off.
    mutating func receivedBody(bytes: Int) -> BodyAction {
        switch phase {
        case .exchange(var exchange):
            guard case .reading(let taken) = exchange.body, taken + bytes <= bodyLimit else {
                preconditionFailure("\(bytes) bytes of a body came while \(phase)")
            }
            exchange.body = .reading(taken: taken + bytes)
            phase = .exchange(exchange)
            return .keep
        case .discarding(let taken):
            guard taken + bytes <= bodyLimit else {
                linger()
                return .linger
            }
            phase = .discarding(taken: taken + bytes)
            return .drop
        case .idle, .head, .lingering, .closed:
            preconditionFailure("bytes of a body came while \(phase)")
        }
    }

    /// What to do at the end of a body.
    enum BodyEndAction: Equatable {
        /// Give it to whoever asked.
        case deliver
        /// Go on to the next request.
        case nextRequest
        /// The gateway is going down: close the output.
        case closeOutput
    }

    /// The body is complete.
    mutating func receivedBodyEnd() -> BodyEndAction {
        switch phase {
        case .exchange(var exchange):
            exchange.body = .complete
            phase = .exchange(exchange)
            return .deliver
        case .discarding:
            phase = .idle
            guard isEnding else {
                return .nextRequest
            }
            linger(readsOn: false)
            return .closeOutput
        case .idle, .head, .lingering, .closed:
            preconditionFailure("a body ended while \(phase)")
        }
    }

    /// What to do when a body is broken or too long.
    enum BrokenBodyAction: Equatable {
        /// Tell whoever asked for it; the connection ends with their reply.
        case tellPuller
        /// The last reply is sent: close the output and drop what comes.
        case linger
    }

    /// The body's framing broke, a limit was passed, or its time is over.
    mutating func refusedBody() -> BrokenBodyAction {
        guard case .exchange(var exchange) = phase else {
            linger()
            return .linger
        }
        exchange.body = .refused
        phase = .exchange(exchange)
        return .tellPuller
    }
}

// MARK: - Replies and ends

extension HTTP1State {
    /// What to do with a reply.
    enum ReplyAction: Equatable {
        /// Send it and go on to the next request.
        case send
        /// Send it and drop the body that nobody asked for.
        case sendThenDiscard
        /// Send it as the last one and linger.
        case sendThenLinger
        /// The client is gone: throw it away.
        case drop
    }

    /// The answer of exchange `number` is there.
    ///
    /// `closes`: it asks that the connection ends.
    mutating func replied(_ number: UInt64, closes: Bool) -> ReplyAction {
        guard number == exchanges, case .exchange(let exchange) = phase else {
            return .drop
        }
        let isLast = closes || isEnding || !exchange.keepsAlive
        switch exchange.body {
        case .complete where !isLast:
            phase = .idle
            return .send
        case .unread(let framing, expectsContinue: false) where !isLast && isWithinLimit(framing):
            phase = .discarding(taken: 0)
            return .sendThenDiscard
        case .complete, .unread, .reading, .refused:
            // Also a body that a client was asked to wait with: whether it comes now cannot be known.
            linger()
            return .sendThenLinger
        }
    }

    /// What to do when a time limit is over.
    enum TimeoutAction: Equatable {
        /// Nothing was asked: close without a word.
        case close
        /// Answer that the head came too late, then linger.
        case refuseHead
        /// Tell whoever asked for the body.
        case refuseBody
    }

    /// The time limit in `wait` is over.
    mutating func timedOut() -> TimeoutAction {
        switch phase {
        case .head:
            linger()
            return .refuseHead
        case .exchange where isReadingBody:
            _ = refusedBody()
            return .refuseBody
        case .idle, .exchange, .discarding, .lingering, .closed:
            phase = .closed
            return .close
        }
    }

    /// The output is closed behind the last answer; how long the client may take to read it counts from here.
    /// - Returns: Whether the connection must be closed now.
    mutating func closedOutput() -> Bool {
        guard case .lingering(var lingering) = phase, lingering.readsOn else {
            phase = .closed
            return true
        }
        lingering.isOutputClosed = true
        phase = .lingering(lingering)
        return false
    }

    /// Bytes came behind the last answer.
    /// - Returns: Whether the connection must be closed now.
    mutating func receivedWhileLingering(bytes: Int) -> Bool {
        guard case .lingering(var lingering) = phase, lingering.taken + bytes <= lingerLimit else {
            phase = .closed
            return true
        }
        lingering.taken += bytes
        phase = .lingering(lingering)
        return false
    }

    /// The gateway goes down: the request in work is the last.
    /// - Returns: Whether the output must be closed now, because none is in work.
    mutating func quiesced() -> Bool {
        isEnding = true
        guard phase == .idle else {
            return false
        }
        linger(readsOn: false)
        return true
    }

    /// The client has closed its side and more bytes are wanted.
    ///
    /// They will not come. What was asked before is answered; what was begun is given up.
    /// - Returns: Whether the output must be closed now.
    mutating func starved() -> Bool {
        guard takesInput else {
            return false
        }
        linger(readsOn: false)
        return true
    }

    /// The connection is gone.
    mutating func closed() {
        phase = .closed
    }

    private mutating func linger(readsOn: Bool = true) {
        exchanges += 1
        phase = .lingering(Lingering(readsOn: readsOn))
    }

    private func isWithinLimit(_ framing: BodyFraming) -> Bool {
        guard case .length(let count) = framing else {
            return true
        }
        return count <= bodyLimit
    }
}
