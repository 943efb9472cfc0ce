internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

// MARK: - Input

extension HTTP1Handler {
    /// Takes whole requests from the input, one after the other, until one waits for something.
    func takeRequests() {
        guard !isTaking else {
            return
        }
        isTaking = true
        defer { isTaking = false }
        while state.takesInput, !isPaused, input.readableBytes > 0, context?.channel.isWritable == true {
            state.receivedBytes()
            guard takeStep() else {
                return
            }
        }
    }

    /// Takes what is at hand of the body that was just pulled.
    private func takeBody() {
        while state.isReadingBody, input.readableBytes > 0, takeStep() {}
    }

    /// One step of the raw check; false when more bytes must come first.
    private func takeStep() -> Bool {
        if takeKnownHead() {
            return true
        }
        let step = check.advance(over: input.readableBytesUInt8Span)
        switch step {
        case .needsMore:
            return false
        case .skip(let count):
            input.moveReaderIndex(forwardBy: count)
        case .head(let count):
            let bytes = input.readableBytesView.prefix(count)
            takeHead(decode(count), of: bytes)
        case .pass(let count):
            takeBodyPart(bodyPart(count, isLast: false), isLast: false)
        case .bodyEnd(let count):
            takeBodyPart(bodyPart(count, isLast: true), isLast: true)
        case .refuse(let refusal):
            refused(refusal)
        }
        letGoOfEmptyInput()
        return true
    }

    /// Takes a head that is like an earlier one, past the decoder; false when it must go through it.
    private func takeKnownHead() -> Bool {
        guard check.isBetweenMessages, let known = memo.head(at: input.readableBytesUInt8Span, limits) else {
            return false
        }
        input.moveReaderIndex(forwardBy: known.bytes)
        check.passHead()
        passesDecoder = true
        isToHead = known.head.request.method == .head
        take(known.head)
        letGoOfEmptyInput()
        return true
    }

    /// An idle connection keeps no read buffer.
    private func letGoOfEmptyInput() {
        if input.readableBytes == 0 {
            input = ByteBuffer()
        }
    }

    /// A part of a body without its framing: as it is, if it has none and its head went past the decoder.
    private func bodyPart(_ count: Int, isLast: Bool) -> HTTP1Sink.Decoded {
        guard passesDecoder else {
            return decode(count)
        }
        guard let bytes = input.readSlice(length: count) else {
            preconditionFailure("the raw check consumed \(count) bytes of \(input.readableBytes)")
        }
        return HTTP1Sink.Decoded(body: [bytes], isEnded: isLast)
    }

    /// Lets the first `count` bytes through to NIO's decoder, which answers before this returns.
    private func decode(_ count: Int) -> HTTP1Sink.Decoded {
        guard let context, let bytes = input.readSlice(length: count) else {
            preconditionFailure("the raw check consumed \(count) bytes of \(input.readableBytes)")
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        return sink.take()
    }

    private func takeHead(_ decoded: HTTP1Sink.Decoded, of bytes: ByteBufferView) {
        do throws(HTTPRefusal) {
            if let failure = decoded.failure {
                throw Self.refusal(for: failure)
            }
            guard let head = decoded.head else {
                throw .badRequest(.fieldLine)
            }
            isToHead = head.method == .HEAD
            passesDecoder = false
            let checked = try HTTP1Head(head)
            // Where the raw check and the decoder see different ends, a request could hide in another.
            guard decoded.isEnded == (checked.framing == .none) else {
                throw .badRequest(.framing)
            }
            memo.keep(checked, bytes, limits)
            take(checked)
        } catch {
            refused(error)
        }
    }

    private func take(_ head: HTTP1Head) {
        check.bodyFollows(head.framing)
        begin(head)
    }

    private func takeBodyPart(_ decoded: HTTP1Sink.Decoded, isLast: Bool) {
        guard decoded.failure == nil, decoded.isEnded == isLast else {
            refused(.badRequest(.chunk))
            return
        }
        for var part in decoded.body {
            switch state.receivedBody(bytes: part.readableBytes) {
            case .keep:
                if body.readableBytes == 0 {
                    body = part
                } else {
                    body.writeBuffer(&part)
                }
            case .drop:
                break
            case .linger:
                closeOutput()
                return
            }
        }
        if isLast {
            endBody()
        }
    }

    private func endBody() {
        switch state.receivedBodyEnd() {
        case .deliver:
            let whole = body
            body = ByteBuffer()
            giveBody(.success(whole))
        case .nextRequest:
            break
        case .closeOutput:
            closeOutput()
        }
    }

    /// The bytes at hand break a rule: of a head, or of a body that somebody reads or that is discarded.
    private func refused(_ refusal: HTTPRefusal) {
        guard state.isInHead else {
            switch state.refusedBody() {
            case .tellPuller:
                giveBody(.failure(Self.bodyRefusal(for: refusal)))
            case .linger:
                closeOutput()
            }
            return
        }
        state.refusedHead()
        answer(refusal)
    }

    private static func refusal(for failure: any Error) -> HTTPRefusal {
        switch failure as? HTTPParserError {
        case .headerOverflow: .headerTooLarge
        case .invalidMethod: .methodNotImplemented
        case .invalidURL: .badRequest(.target)
        case .invalidContentLength, .unexpectedContentLength: .badRequest(.framing)
        default: .badRequest(.fieldLine)
        }
    }

    private static func bodyRefusal(for refusal: HTTPRefusal) -> BodyRefusal {
        switch refusal {
        case .bodyTooLarge: .tooLarge
        case .badRequest(let malformation): .malformed(malformation)
        default: .malformed(.chunk)
        }
    }
}

// MARK: - Exchange

extension HTTP1Handler {
    /// Hands a request to `respond`.
    ///
    /// What answers without suspending has answered when this returns.
    private func begin(_ head: HTTP1Head) {
        let number = state.receivedHead(
            head.framing,
            expectsContinue: head.expectsContinue,
            keepsAlive: head.keepsAlive
        )
        // Confined to the loop by a value that checks it: the request may be asked for its body anywhere.
        let handler = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let loop = loop
        let pull: IncomingRequest.Pull = { taken in
            loop.perform { handler.value.pulled(number, taken) }
        }
        let request = IncomingRequest(
            head: head.request,
            version: head.version,
            pull: head.framing == .none ? nil : pull
        )
        let respond = respond
        // Nobody awaits the task: it ends in `replied`, and the connection's end cancels it.
        let task = loop.executor.start {
            let reply = await respond(request)
            loop.perform { handler.value.replied(number, reply) }
        }
        if state.isInExchange(number) {
            self.task = task
        }
    }

    private func pulled(_ number: UInt64, _ taken: @escaping Taken) {
        switch state.pulledBody(number, hasInput: input.readableBytes > 0) {
        case .refuse(let refusal):
            taken(.failure(refusal))
        case .read(let sendsContinue):
            self.taken = taken
            if sendsContinue {
                write(HTTP1Encoding.goOn)
            }
            takeBody()
        }
        settle()
    }

    func giveBody(_ result: Result<ByteBuffer, BodyRefusal>) {
        guard let taken else {
            return
        }
        self.taken = nil
        body = ByteBuffer()
        taken(result)
    }

    private func replied(_ number: UInt64, _ reply: Reply) {
        let action = state.replied(number, closes: reply.closes)
        guard action != .drop else {
            return
        }
        task = nil
        if let time = reply.pause {
            pause(for: time)
        }
        send(reply, isLast: action == .sendThenLinger)
        switch action {
        case .send, .sendThenDiscard:
            // Replied within `takeRequests`, its loop goes on; replied later, the next request is taken here.
            takeRequests()
        case .sendThenLinger:
            giveUpRequest(.disconnected)
            closeOutput()
        case .drop:
            break
        }
        settle()
    }

    /// Answers what never became a request, and ends the connection.
    func answer(_ refusal: HTTPRefusal) {
        send(refuse(refusal), isLast: true)
        closeOutput()
    }

    private func send(_ reply: Reply, isLast: Bool) {
        let framing = HTTP1Encoding.Framing(dateLine: loop.dateLine.line, isToHead: isToHead, closes: isLast)
        let allocator = context?.channel.allocator ?? ByteBufferAllocator()
        write(HTTP1Encoding.message(reply, framing, allocator: allocator))
        isToHead = false
    }
}
