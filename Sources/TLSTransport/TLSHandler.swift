internal import Crypto
package import NIOCore

/// TLS on a channel of the server: ciphertext below, plaintext above.
///
/// It decides nothing: `TLSState` does. It tells the state what happened, performs the action, and
/// keeps three promises: never hold more than the limits allow, never leave bytes of the session
/// (tickets, alerts) unsent, never wait without a deadline. Order of a read: ciphertext → handshake
/// or plaintext → the application answers → one write with all that was flushed meanwhile.
package final class TLSHandler: ChannelDuplexHandler {
    /// Ciphertext of the peer.
    package typealias InboundIn = ByteBuffer
    /// Plaintext of the peer, at most 64 KiB a time.
    package typealias InboundOut = ByteBuffer
    /// Plaintext for the peer.
    package typealias OutboundIn = ByteBuffer
    /// Ciphertext for the peer.
    package typealias OutboundOut = ByteBuffer

    /// Does something a little later on the channel's event loop, together with what others have put off.
    package typealias PutOff = (_ action: @escaping () -> Void) -> Void

    private let session: TLSSession
    private let limits: TLSLimits
    private let putOff: PutOff?
    private var state = TLSState()
    private var queue = PlaintextQueue()
    private var deadline: Scheduled<Void>?
    /// `queue.encryptedBytes` when the deadline began.
    private var encryptedAtDeadline: Int64 = 0
    /// Between the first bytes of a read and its end: flushes are put off until then.
    private var isReading = false
    /// Ciphertext that came since the connection began to end, bytes.
    private var ignoredBytes = 0
    /// Plaintext went up in this read.
    private var hasDelivered = false
    /// The application has asked for bytes and got none since.
    private var isWanted = false
    /// Inside `send`: a flush there can make the channel writable, which would call it again.
    private var isSending = false
    private var needsFlush = false
    /// The sending is put off.
    private var isPutOff = false
    private var context: ChannelHandlerContext?

    /// A handler for one connection.
    ///
    /// - Parameters:
    ///   - context: What its sessions are made by.
    ///   - limits: What the peer may ask of us.
    ///   - putOff: Puts the sending of answers off, so that those of many connections leave together; nil sends at once.
    /// - Throws: `TLSFailure` `.noSession` when there is no memory.
    package init(
        context: TLSServerContext,
        limits: TLSLimits = TLSLimits(),
        putOff: PutOff? = nil
    ) throws(TLSFailure) {
        self.session = try TLSSession(context: context, postHandshakeMessages: limits.postHandshakeMessages)
        self.limits = limits
        self.putOff = putOff
    }

    // MARK: The connection's life

    /// Starts the handshake's deadline when the connection is there already.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    /// Starts the handshake's deadline.
    package func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    /// The connection is gone; without close_notify that is told as truncation.
    package func channelInactive(context: ChannelHandlerContext) {
        endDeadline()
        failWrites(ChannelError.ioOnClosedChannel)
        if case .close(let failure?) = state.inputEnded() { context.fireErrorCaught(failure) }
        context.fireChannelInactive()
    }

    /// Nothing may fire into a pipeline that one has left.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        endDeadline()
        failWrites(ChannelError.ioOnClosedChannel)
    }

    /// A half-closed channel is truncation here; everything else goes on.
    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        perform(state.inputEnded(), context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard deadline == nil else { return }
        startDeadline(limits.handshakeTimeout, context)
        context.read()
    }

    // MARK: Inbound

    /// Ciphertext.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let ciphertext = unwrapInboundIn(data)
        if state.isClosing {
            ignoredBytes += ciphertext.readableBytes
            if ignoredBytes > limits.maxCiphertextIgnored { state.floodedAfterEnd() }
        }
        guard state.ciphertextArrived() != .drop else { return }
        session.consumeCiphertext(ciphertext)
        advance(context)
        if session.ciphertextAtHand > limits.maxCiphertextAhead {
            perform(state.failed(TLSFailure(.ciphertextFlood)), context)
        }
    }

    /// The end of a read: the application may have answered; its answer leaves as one.
    package func channelReadComplete(context: ChannelHandlerContext) {
        finishReading(context)
    }

    /// The application can take more.
    ///
    /// What is held already comes first.
    package func read(context: ChannelHandlerContext) {
        isWanted = true
        guard state.listens else { return }
        guard !isReading, state.deliversPlaintext, session.hasInput else {
            context.read()
            return
        }
        isReading = true
        advance(context)
        finishReading(context)
        // A channel that reads automatically asks once for each read of its socket, and not at all
        // while a read of ours is under way, as it is in the handshake: a request that comes with
        // the handshake's last bytes is held, and the one read that then releases it would be the
        // connection's last if it ended here. What the socket brings is held until it is asked for.
        if !isWanted { context.read() }
    }

    private func completeDelivery(_ context: ChannelHandlerContext) {
        guard hasDelivered else { return }
        hasDelivered = false
        context.fireChannelReadComplete()
    }

    private func finishReading(_ context: ChannelHandlerContext) {
        completeDelivery(context)
        isReading = false
        sendSoon(context)
        // Nobody above does it: it has asked and got nothing, or does not know of the handshake.
        if state.listens, isWanted || state.readsByItself { context.read() }
    }

    /// Does what can be done with the ciphertext at hand, through as many phases as it spans.
    private func advance(_ context: ChannelHandlerContext) {
        while true {
            switch state.ciphertextArrived() {
            case .shakeHands:
                let step = session.doHandshake()
                writeCiphertext(context)
                perform(state.handshakeStepped(step), context)
                guard step == .complete else { return }
            case .decrypt:
                // Held back until somebody asks, which the limit on ciphertext bounds.
                guard isWanted || hasDelivered else { return }
                guard let step = deliver(context) else { continue }
                // Whoever answers at the end of a read must be able to before the connection ends.
                if step != .incomplete { completeDelivery(context) }
                perform(state.decrypted(step), context)
                return
            case .discard:
                perform(state.decrypted(discard()), context)
                return
            default:
                return
            }
        }
    }

    /// Hands plaintext up until there is no more, and tells why; nil when somebody above closed
    /// meanwhile.
    private func deliver(_ context: ChannelHandlerContext) -> TLSStep? {
        while state.deliversPlaintext {
            let size = min(max(session.ciphertextAtHand, Self.smallestRead), Self.largestRead)
            var plaintext = context.channel.allocator.buffer(capacity: size)
            var step = TLSStep.complete
            while step == .complete, plaintext.writableBytes > 0 {
                step = session.readPlaintext(into: &plaintext)
                // To ask a session for more that has no more costs as much as half a record.
                if step == .complete, !session.hasInput { step = .incomplete }
            }
            if plaintext.readableBytes > 0 {
                if !hasDelivered { isWanted = false }
                hasDelivered = true
                context.fireChannelRead(wrapInboundOut(plaintext))
            }
            if step != .complete { return step }
        }
        return nil
    }

    private func discard() -> TLSStep {
        var plaintext = ByteBufferAllocator().buffer(capacity: Self.largestRead)
        var step = TLSStep.complete
        while step == .complete {
            plaintext.clear()
            step = session.readPlaintext(into: &plaintext)
        }
        return step
    }

    // MARK: Outbound

    /// Plaintext; it waits for a flush, and for the handshake.
    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard state.acceptsPlaintext else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        queue.append(unwrapOutboundIn(data), promise: promise)
    }

    /// Lets what was written leave: soon, or at the end of the read that is going on.
    package func flush(context: ChannelHandlerContext) {
        queue.markFlushed()
        if !isReading { sendSoon(context) }
    }

    /// The channel takes bytes again, or no more.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelWritabilityChanged()
    }

    /// Ends the connection cleanly: what was flushed leaves, then close_notify, then the peer's is
    /// awaited.
    ///
    /// Closing the output alone is the same: TLS 1.2 has no half-closed state. The promise is that
    /// of the end.
    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .input else {
            promise?.fail(ChannelError.operationUnsupported)
            return
        }
        if let promise { context.channel.closeFuture.cascade(to: promise) }
        perform(state.closeRequested(), context)
    }

    /// ``TLSAbandonment``: no word is said any more, and none awaited.
    package func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        guard event is TLSAbandonment else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        // First for the state, so that the channel's end is no news to it.
        perform(state.closeRequested(), context)
        context.close(promise: promise)
    }

    /// Sends, with the others whose answers are put off if there is an answer; the end of a connection is not.
    private func sendSoon(_ context: ChannelHandlerContext) {
        guard let putOff, state.encrypts, !state.isClosing, queue.flushedBytes > 0 else {
            send(context)
            return
        }
        guard !isPutOff else { return }
        isPutOff = true
        putOff {
            self.isPutOff = false
            if let context = self.context { self.send(context) }
        }
    }

    /// Encrypts what was flushed, as far as the channel takes it, and flushes once.
    private func send(_ context: ChannelHandlerContext) {
        guard !isSending else { return }
        isSending = true
        while sendBatch(context) {}
        isSending = false
        writeCiphertext(context)
        if needsFlush { flushCiphertext(context) }
        if queue.flushedBytes == 0 { perform(state.drained(), context) }
    }

    /// Whether another batch may follow.
    private func sendBatch(_ context: ChannelHandlerContext) -> Bool {
        guard state.encrypts, queue.flushedBytes > 0, context.channel.isWritable else { return false }
        let step = queue.encrypt(in: session, atMost: limits.encryptionBatch)
        writeCiphertext(context)
        if case .failed(let failure) = step {
            perform(state.failed(failure), context)
            return false
        }
        // A socket that takes all at once is writable again when this returns, and so the next
        // batch follows.
        if !context.channel.isWritable { flushCiphertext(context) }
        return step == .complete
    }

    /// Hands the session's bytes to the channel, with the promises of the writes that are in them.
    private func writeCiphertext(_ context: ChannelHandlerContext) {
        let promise = state.encrypts ? queue.takePromise() : nil
        guard let ciphertext = session.takeCiphertext() ?? (promise == nil ? nil : ByteBuffer()) else {
            return
        }
        context.write(wrapOutboundOut(ciphertext), promise: promise)
        needsFlush = true
    }

    private func flushCiphertext(_ context: ChannelHandlerContext) {
        needsFlush = false
        context.flush()
    }

    // MARK: Actions

    private func perform(_ action: TLSState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none, .shakeHands, .decrypt, .discard, .drop:
            break
        case .announce:
            endDeadline()
            context.fireUserInboundEventTriggered(session.agreement)
        case .drain:
            startDeadline(limits.closeTimeout, context)
            send(context)
        case .sendCloseNotify(let thenClose):
            _ = session.shutdown()
            endOutput(context, mode: thenClose ? .all : nil, error: ChannelError.ioOnClosedChannel)
        case .refuse(let failure):
            endOutput(context, mode: .output, error: failure)
            context.fireErrorCaught(failure)
        case .rearm:
            startDeadline(limits.closeTimeout, context)
        case .close(let failure):
            endDeadline()
            failWrites(ChannelError.ioOnClosedChannel)
            if let failure { context.fireErrorCaught(failure) }
            context.close(promise: nil)
        }
    }

    /// Sends the session's last bytes, close_notify or an alert, and gives the peer a limited time
    /// to read them.
    ///
    /// `mode` is what of the channel to close once they have left.
    private func endOutput(_ context: ChannelHandlerContext, mode: CloseMode?, error: any Error) {
        startDeadline(limits.closeTimeout, context)
        failWrites(error)
        let isOut = context.eventLoop.makePromise(of: Void.self)
        context.write(wrapOutboundOut(session.takeCiphertext() ?? ByteBuffer()), promise: isOut)
        if let mode {
            isOut.futureResult.assumeIsolated().whenSuccess { context.close(mode: mode, promise: nil) }
        }
        flushCiphertext(context)
        if state.listens { context.read() }
    }

    private func failWrites(_ error: any Error) {
        for promise in queue.removeAll() { promise.fail(error) }
    }

    private func startDeadline(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        endDeadline()
        encryptedAtDeadline = queue.encryptedBytes
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            let hasMoved = self.queue.encryptedBytes != self.encryptedAtDeadline
            self.perform(self.state.deadlinePassed(hasMoved: hasMoved), context)
        }
    }

    private func endDeadline() {
        deadline?.cancel()
        deadline = nil
    }

    /// Room for plaintext, bytes: a small request, and four full records.
    private static let smallestRead = 512
    private static let largestRead = 64 * 1024
}
