internal import HTTPTypes
package import NIOCore

/// Speaks HTTP/2 on one connection: bytes in, requests to `respond`, as many at a time as the limits allow, bytes out.
///
///     TLS ─▶ HTTP2WireCheck ─▶ HTTP2Session (nghttp2) ─ events ─▶ HTTP2State ─▶ respond
///                 │ PeerBudget                                        │
///     TLS ◀── one write for each read ◀── HTTP2Session ◀── replies ◀──┘
///
/// The bytes of one read are taken whole, and nghttp2 has had its say about them, before any request of them begins: one
/// that is taken back in the same read, or that we must reset because of it, never does. `HTTP2State` decides, this class acts. Confined to the connection's event loop: made there,
/// never leaves it.
package final class HTTP2Handler {
    let loop: HTTPLoop
    let limits: HTTPLimits
    let http2: HTTP2Limits
    let respond: Respond
    let refuse: Refuse
    let faulted: Faulted

    let session: HTTP2Session
    var state: HTTP2State
    var budget: PeerBudget
    private var check = HTTP2WireCheck()
    var context: ChannelHandlerContext?

    /// What belongs to each open stream.
    var requests = StreamTable<Request>()

    /// Bytes that no step of the check has consumed: less than the start of a frame.
    private var input = ByteBuffer()
    private var timer: LoopTimer?
    /// Frames that were made before the requests of a read began, for the next write.
    private var output = ByteBuffer()
    /// Bytes that the channel held unsent after the last event, where it took no more.
    private var unsentBefore: Int?
    /// Between the first bytes of a read and its end.
    var isInRead = false
    private var isSettling = false
    private var isSettlingLater = false
    private var isReadHeld = false
    /// Whether nothing is read for a while, because the client asked for more than it may.
    private var isPaused = false

    /// Is told why a connection was ended before its time.
    package typealias Faulted = @Sendable (HTTP2Fault) -> Void

    typealias Taken = @Sendable (Result<ByteBuffer, BodyRefusal>) -> Void

    /// One request as its stream sees it.
    struct Request {
        /// Whether it is HEAD.
        var isToHead = false
        /// What is there of its body.
        var body = ByteBuffer()
        /// Whoever waits for that body.
        var taken: Taken?
        /// Its work, unless that ended before its first suspension.
        var task: Task<Void, Never>?
    }

    private init(
        loop: HTTPLoop,
        limits: HTTPLimits,
        http2: HTTP2Limits,
        respond: @escaping Respond,
        refuse: @escaping Refuse,
        faulted: @escaping Faulted
    ) throws(HTTP2Fault) {
        self.loop = loop
        self.limits = limits
        self.http2 = http2
        self.respond = respond
        self.refuse = refuse
        self.faulted = faulted
        session = try HTTP2Session(limits: limits, http2: http2)
        state = HTTP2State(limits: limits, http2: http2, now: loop.eventLoop.now)
        budget = PeerBudget(limits: http2, now: loop.eventLoop.now)
    }

    /// Puts HTTP/2 on a connection, behind whatever handlers it has.
    ///
    /// Call it on the channel's event loop, once the connection is open and both sides have agreed on HTTP/2 by
    /// ALPN: nothing else begins it here (RFC 9113 §3.2). A `ChannelShouldQuiesceEvent` ends the connection after the
    /// requests in work.
    /// - Parameters:
    ///   - channel: The connection.
    ///   - loop: What the connections of its event loop share.
    ///   - limits: What the client may ask of us.
    ///   - http2: The same, of HTTP/2 alone.
    ///   - respond: Answers requests.
    ///   - refuse: Writes the answer to what is no request.
    ///   - faulted: Is told why we ended the connection, if the client made us.
    /// - Throws: when the channel is closed already, or there is no memory.
    package static func install(
        on channel: any Channel,
        loop: HTTPLoop,
        limits: HTTPLimits,
        http2: HTTP2Limits = HTTP2Limits(),
        respond: @escaping Respond,
        refuse: @escaping Refuse,
        faulted: @escaping Faulted = { _ in }
    ) throws {
        let handler = try HTTP2Handler(
            loop: loop,
            limits: limits,
            http2: http2,
            respond: respond,
            refuse: refuse,
            faulted: faulted
        )
        try channel.pipeline.syncOperations.addHandler(handler)
    }
}

// MARK: - Channel events

extension HTTP2Handler: ChannelDuplexHandler {
    /// Bytes from TLS.
    package typealias InboundIn = ByteBuffer
    /// Nothing stands behind this handler.
    package typealias InboundOut = Never
    /// Nothing behind this handler writes.
    package typealias OutboundIn = Never
    /// Frames.
    package typealias OutboundOut = ByteBuffer

    /// The handler is on its channel: our SETTINGS are the first that the client hears.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timer = LoopTimer(context.eventLoop) { [unowned self] in settle() }
        settle()
    }

    /// The handler leaves its channel, for good.
    package func handlerRemoved(context: ChannelHandlerContext) {
        abandon()
        self.context = nil
    }

    /// The connection is gone, and with it whoever asked.
    package func channelInactive(context: ChannelHandlerContext) {
        abandon()
        context.fireChannelInactive()
    }

    /// Bytes came: the requests among them are answered, or begun, before this returns.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isInRead = true
        guard !state.isEnded else {
            return
        }
        var bytes = unwrapInboundIn(data)
        let count = bytes.readableBytes
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeBuffer(&bytes)
        }
        attempt { () throws(HTTP2Fault) in
            try budget.received(wireBytes: count)
            try takeInput()
            try makeFrames()
            try takeEvents()
        }
    }

    /// The bytes of one read are all here: the replies made meanwhile leave together.
    package func channelReadComplete(context: ChannelHandlerContext) {
        isInRead = false
        settle()
    }

    /// The channel asks whether to read on: not while the client takes nothing of ours.
    package func read(context: ChannelHandlerContext) {
        if wantsRead {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    /// The client takes bytes again, or takes none for now.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        settle()
        context.fireChannelWritabilityChanged()
    }

    /// The gateway goes down, or the client has closed its side.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            state.quiesced()
            settle()
            context.fireUserInboundEventTriggered(event)
        case ChannelEvent.inputClosed:
            // No window would move any more: most replies could not be sent.
            close()
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// The transport below failed: nobody can be answered.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close()
    }
}

// MARK: - Input

extension HTTP2Handler {
    /// Lets nghttp2 have the bytes, frame by frame, each one after it was counted.
    private func takeInput() throws(HTTP2Fault) {
        let now = loop.eventLoop.now
        while input.readableBytes > 0 {
            switch check.advance(over: input.readableBytesUInt8Span) {
            case .needsMore:
                return
            case .refuse(let fault):
                throw fault
            case .frame(let head, let count):
                if let fault = session.history.fault(of: head) {
                    throw fault
                }
                try budget.received(head, now: now)
                try give(count)
            case .pass(let count):
                try give(count)
            }
            state.noticedHeaderBlock(isOpen: check.isInHeaderBlock, now: now)
        }
        // An idle connection keeps no read buffer.
        input = ByteBuffer()
    }

    private func give(_ count: Int) throws(HTTP2Fault) {
        guard let bytes = input.readSlice(length: count) else {
            preconditionFailure("the check consumed \(count) bytes of \(input.readableBytes)")
        }
        try session.receive(bytes)
    }
}

// MARK: - After each event

extension HTTP2Handler {
    /// Sends what is due, reads on if more is wanted, and looks at the time limits.
    ///
    /// Ends every event.
    func settle() {
        guard let context, !isInRead, !isSettling, !state.isEnded else {
            return
        }
        // A flush can make the channel writable, which would begin it anew.
        isSettling = true
        defer { isSettling = false }
        noteProgress()
        attempt { () throws(HTTP2Fault) in
            repeat {
                try send()
            } while try passTime()
        }
        guard !state.isEnded else {
            return
        }
        unsentBefore = unsentBytes
        if session.isDone {
            close()
        } else if isReadHeld, wantsRead {
            isReadHeld = false
            // TLS may hold bytes already and hand them up before this returns: what comes of them is settled then.
            isSettling = false
            context.read()
        }
    }

    /// Settles once for all that happens in this turn of the loop: answers that come late come in groups.
    func settleLater() {
        guard !isInRead, !isSettlingLater else {
            return
        }
        isSettlingLater = true
        loop.eventLoop.assumeIsolated().execute {
            self.isSettlingLater = false
            self.settle()
        }
    }

    /// Reads nothing for so long; requests in work are answered meanwhile.
    func pause(for time: TimeAmount) {
        guard !isPaused else {
            return
        }
        isPaused = true
        let end = loop.endOfPause(time, bringing: http2.concurrentStreams)
        loop.eventLoop.assumeIsolated().scheduleTask(deadline: end) { [weak self] in
            self?.isPaused = false
            self?.settle()
        }
    }

    /// Does something that may end the connection.
    func attempt(_ work: () throws(HTTP2Fault) -> Void) {
        do throws(HTTP2Fault) {
            try work()
        } catch {
            if !state.isEnded {
                faulted(error)
            }
            end(error.code)
        }
    }

    /// Has nghttp2 make the frames that the client's bytes have caused.
    ///
    /// Only with its RST_STREAM made is a stream closed: else its request would begin, for nobody (CVE-2025-8671).
    private func makeFrames() throws(HTTP2Fault) {
        guard session.queuedFrames > 0, context?.channel.isWritable == true else {
            return
        }
        try session.send(into: &output, atMost: http2.outputBatchBytes)
    }

    /// Makes frames as long as the channel takes them, and hands them on in one piece.
    private func send() throws(HTTP2Fault) {
        guard session.queuedFrames <= http2.queuedFrames else {
            throw .outboundFlood
        }
        guard let context, context.channel.isWritable else {
            return
        }
        try session.send(into: &output, atMost: http2.outputBatchBytes)
        try takeEvents()
        guard output.readableBytes > 0 else {
            return
        }
        context.writeAndFlush(wrapOutboundOut(takeOutput()), promise: nil)
        if session.wantsWrite {
            settleLater()
        }
    }

    /// Does what is due by now, and sets the timer for what is due next.
    /// - Returns: Whether something was done that may have to be sent.
    private func passTime() throws(HTTP2Fault) -> Bool {
        let now = loop.eventLoop.now
        switch state.next(now: now, isBlocked: { session.isBlocked($0) }) {
        case .wait(let time):
            if let time { timer?.set(time) } else { timer?.pause() }
            return false
        case .announceEnd:
            try session.announceEnd()
        case .takeNoMore:
            try session.takeNoMore()
        case .leave:
            end(.noError)
            return false
        case .close:
            close()
            return false
        case .end(let fault):
            throw fault
        case .refuseBody(let stream):
            giveBody(stream, .failure(.timeout))
        case .reset(let stream):
            try session.reset(stream, .cancel)
        case .finish(let stream):
            try session.reset(stream, .noError)
        }
        return true
    }

    /// Bytes that have left nghttp2 before, and now the channel, were taken by the client as well.
    private func noteProgress() {
        if let unsentBefore, unsentBytes ?? 0 < unsentBefore {
            state.tookBytes(now: loop.eventLoop.now)
        }
    }

    /// Ends the connection with a GOAWAY.
    private func end(_ code: HTTP2ErrorCode) {
        guard let context, !state.isEnded else {
            return
        }
        session.end(code, into: &output)
        context.writeAndFlush(wrapOutboundOut(takeOutput()), promise: nil)
        close()
    }

    private func takeOutput() -> ByteBuffer {
        defer { output = ByteBuffer() }
        return output
    }

    private func close() {
        abandon()
        context?.close(promise: nil)
    }

    /// The client is gone or was given up: whoever works for it may stop.
    private func abandon() {
        state.ended()
        timer?.set(nil)
        input = ByteBuffer()
        output = ByteBuffer()
        for (stream, _) in requests {
            forget(stream)
        }
    }

    private var wantsRead: Bool {
        !state.isEnded && !isPaused && context?.channel.isWritable == true
    }

    /// Bytes that the channel holds; nil while it takes more.
    private var unsentBytes: Int? {
        guard let channel = context?.channel, !channel.isWritable else {
            return nil
        }
        // A channel that does not tell counts as one that makes no progress: the stall limit stays an upper bound.
        return (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? Int.max
    }
}
