internal import HTTPTypes
package import NIOCore
internal import NIOHTTP1

/// Speaks HTTP/1.1 and HTTP/1.0 on one connection: bytes in, one whole request at a time to `respond`, bytes out.
///
///     socket or TLS ─▶ HTTP1Handler ─▶ NIO's request decoder ─▶ HTTP1Sink
///                      │  raw check                             │
///                      ▲────────────── decoded parts ◀──────────┘
///
/// The raw bytes pass `HTTP1WireCheck`, which lets exactly one message at a time through to the decoder; what the
/// decoder makes of them is back in `sink` when the call returns. `HTTP1State` decides, this class acts.
/// Confined to the connection's event loop: made there, never leaves it.
package final class HTTP1Handler {
    let loop: HTTPLoop
    let limits: HTTPLimits
    let respond: Respond
    let refuse: Refuse

    var state: HTTP1State
    var check: HTTP1WireCheck
    let sink: HTTP1Sink
    var memo = HTTP1HeadMemo()
    /// Whether the head of the message in work was known, so that the decoder does not know of it.
    var passesDecoder = false
    var context: ChannelHandlerContext?

    /// Bytes that no step of the check has consumed.
    var input = ByteBuffer()
    /// What is there of the body that is being read.
    var body = ByteBuffer()
    /// Whoever waits for that body.
    var taken: Taken?
    /// The request in work, unless it was answered before its first suspension.
    var task: Task<Void, Never>?
    /// Whether the request in work is HEAD.
    var isToHead = false

    /// Whether `takeRequests` is running further up the stack and will go on by itself.
    var isTaking = false

    private var timer: LoopTimer?
    private var watch: Watch?
    /// Bytes unsent when the client last took some, where it is the client's reading that is watched.
    private var unsentBefore: Int?

    private var isInRead = false
    private var needsFlush = false
    private var isReadHeld = false
    /// Whether nothing is read for a while, because the client asked for more than it may.
    private(set) var isPaused = false
    private var isInputClosed = false

    /// What the timer watches: the machine's limit, or that a client with full buffers takes its replies.
    private enum Watch: Equatable {
        case state(HTTP1State.Wait)
        case stall
    }

    typealias Taken = @Sendable (Result<ByteBuffer, BodyRefusal>) -> Void

    private init(loop: HTTPLoop, limits: HTTPLimits, respond: @escaping Respond, refuse: @escaping Refuse) {
        self.loop = loop
        self.limits = limits
        self.respond = respond
        self.refuse = refuse
        state = HTTP1State(limits: limits)
        check = HTTP1WireCheck(limits: limits)
        sink = HTTP1Sink()
    }

    /// Puts HTTP/1 on a connection, behind whatever handlers it has.
    ///
    /// Call it on the channel's event loop.
    ///
    /// The channel may have remote half-closure on or off. With it off (NIO's default) a client that closes its
    /// side counts as gone and its request's task is cancelled; with it on, the request in work is answered first.
    /// A handler below must answer `close(mode: .output)` by sending what is written and then its own end.
    /// A `ChannelShouldQuiesceEvent` ends the connection after the request in work, an idle one at once.
    /// - Parameters:
    ///   - channel: The connection.
    ///   - loop: What the connections of its event loop share.
    ///   - limits: What the client may ask of us.
    ///   - respond: Answers requests.
    ///   - refuse: Writes the answer to what is no request.
    /// - Throws: when the channel is closed already.
    package static func install(
        on channel: any Channel,
        loop: HTTPLoop,
        limits: HTTPLimits,
        respond: @escaping Respond,
        refuse: @escaping Refuse
    ) throws {
        let handler = HTTP1Handler(loop: loop, limits: limits, respond: respond, refuse: refuse)
        var bounds = NIOHTTPDecoderLimitConfiguration()
        // The raw check refuses first, with the right status; these stand behind it.
        bounds.maxHeaderFieldSize = max(limits.fieldBytes, limits.requestLineBytes)
        bounds.maxHeaderListSize = limits.headerBytes + limits.requestLineBytes
        bounds.maxHeaderFieldCount = limits.fields
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: bounds)
        try channel.pipeline.syncOperations.addHandlers([
            handler, ByteToMessageHandler(decoder), handler.sink,
        ])
    }
}

// MARK: - Channel events

extension HTTP1Handler: ChannelDuplexHandler {
    /// Bytes from the socket, or from TLS.
    package typealias InboundIn = ByteBuffer
    /// Bytes for NIO's decoder: of one message at a time.
    package typealias InboundOut = ByteBuffer
    /// Nothing behind this handler writes.
    package typealias OutboundIn = Never
    /// Whole replies.
    package typealias OutboundOut = ByteBuffer

    /// The handler is on its channel.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timer = LoopTimer(context.eventLoop) { [unowned self] in timerFired() }
        if context.channel.isActive {
            settle()
        }
    }

    /// The handler leaves its channel, for good.
    package func handlerRemoved(context: ChannelHandlerContext) {
        abandon()
        self.context = nil
    }

    /// The connection is open: the wait for the first request begins.
    package func channelActive(context: ChannelHandlerContext) {
        settle()
        context.fireChannelActive()
    }

    /// The connection is gone, and with it whoever asked.
    package func channelInactive(context: ChannelHandlerContext) {
        abandon()
        context.fireChannelInactive()
    }

    /// Bytes came: all requests that are whole are answered, or begun, before this returns.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isInRead = true
        var bytes = unwrapInboundIn(data)
        if state.isLingering {
            if state.receivedWhileLingering(bytes: bytes.readableBytes) {
                close()
            }
            return
        }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeBuffer(&bytes)
        }
        takeRequests()
        if input.readableBytes > limits.aheadBytes {
            close()
        }
    }

    /// The bytes of one read are all here: the replies made meanwhile leave together.
    package func channelReadComplete(context: ChannelHandlerContext) {
        isInRead = false
        settle()
    }

    /// The channel asks whether to read on: not while a request is in work.
    package func read(context: ChannelHandlerContext) {
        if wantsRead {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    /// The client takes replies again, or takes none for now.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            takeRequests()
        }
        settle()
        context.fireChannelWritabilityChanged()
    }

    /// The gateway goes down, or the client has closed its side.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            if state.quiesced() {
                closeOutput()
            }
            settle()
            context.fireUserInboundEventTriggered(event)
        case ChannelEvent.inputClosed:
            // The decoder must not hear it: it would take no byte of the requests still in the input.
            isInputClosed = true
            settle()
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// The transport below failed: nobody can be answered.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close()
    }
}

// MARK: - After each event

extension HTTP1Handler {
    /// Sends what was written, reads on if more is wanted, and moves the deadline.
    ///
    /// Ends every event.
    func settle() {
        guard let context, !isInRead else {
            return
        }
        flush()
        if isInputClosed, state.takesInput {
            giveUpRequest(.disconnected)
            if state.starved() {
                closeOutput()
            }
        }
        if isReadHeld, wantsRead {
            isReadHeld = false
            context.read()
        }
        moveDeadline()
    }

    /// Reads nothing for so long.
    func pause(for time: TimeAmount) {
        guard let context, !isPaused else {
            return
        }
        isPaused = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: loop.endOfPause(time, bringing: 1)) {
            [weak self] in
            self?.isPaused = false
            self?.takeRequests()
            self?.settle()
        }
    }

    /// Queues bytes for the flush at the end of the event, so that the replies of one read leave as one.
    func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
        needsFlush = true
    }

    func flush() {
        if needsFlush {
            needsFlush = false
            context?.flush()
        }
    }

    /// Closes our side behind the last reply; the client's side stays open while lingering.
    func closeOutput() {
        guard let context else {
            return
        }
        input = ByteBuffer()
        flush()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            // A transport that cannot close one side alone is given the same time for the client to read.
            guard let self, context.channel.isActive else {
                return
            }
            if state.closedOutput() || isInputClosed {
                close()
            } else {
                settle()
            }
        }
        context.close(mode: .output, promise: promise)
    }

    func close() {
        state.closed()
        context?.close(promise: nil)
    }

    /// No more bytes than one request's are taken while the client does not take the replies.
    private var wantsRead: Bool {
        state.wantsRead && !isPaused && (context?.channel.isWritable ?? false)
    }

    /// The client is gone or was given up: whoever works for it may stop.
    private func abandon() {
        state.closed()
        giveUpRequest(.disconnected)
        timer?.set(nil)
        input = ByteBuffer()
    }

    func giveUpRequest(_ refusal: BodyRefusal) {
        if let taken {
            self.taken = nil
            body = ByteBuffer()
            taken(.failure(refusal))
        }
        task?.cancel()
        task = nil
    }
}

// MARK: - Time limits

extension HTTP1Handler {
    /// Starts the limit that holds now, unless it runs already: events of the client do not prolong it.
    private func moveDeadline() {
        guard let context, let timer else {
            return
        }
        let wait = state.wait
        let isStalled = !context.channel.isWritable && wait?.limit != .linger
        let next = isStalled ? Watch.stall : wait.map(Watch.state)
        guard next != watch else {
            return
        }
        watch = next
        let limit = isStalled ? .reply : wait?.limit
        unsentBefore = limit == .reply ? unsentBytes : nil
        if let limit {
            timer.set(context.eventLoop.now + amount(of: limit))
        } else {
            timer.pause()
        }
    }

    private func timerFired() {
        watch = nil
        if let unsentBefore, unsentBytes < unsentBefore {
            settle()
            return
        }
        switch state.timedOut() {
        case .close:
            close()
        case .refuseHead:
            answer(.timeout)
        case .refuseBody:
            giveBody(.failure(.timeout))
        }
        settle()
    }

    private func amount(of limit: HTTP1State.Wait.Limit) -> TimeAmount {
        switch limit {
        case .nextRequest: limits.idleTimeout
        case .head: limits.headerTimeout
        case .body: limits.bodyTimeout
        case .reply: limits.replyStallTimeout
        case .linger: limits.lingerTimeout
        }
    }

    private var unsentBytes: Int {
        // A channel that does not tell counts as one that makes no progress: the stall limit stays an upper bound.
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? Int.max
    }
}
