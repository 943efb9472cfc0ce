internal import HTTPTypes
internal import NIOCore

// MARK: - Events

extension HTTP2Handler {
    /// Looks at what nghttp2 made of the bytes, in their order.
    func takeEvents() throws(HTTP2Fault) {
        for event in session.takeEvents() where !state.isEnded {
            try take(event)
        }
        try readNext()
    }

    private func take(_ event: HTTP2Session.Event) throws(HTTP2Fault) {
        let now = loop.eventLoop.now
        switch event {
        case .head(let stream, let opening, let endsStream):
            try takeHead(stream, opening, endsStream: endsStream)
        case .data(let stream, let bytes):
            try takeData(stream, bytes)
        case .end(let stream):
            if state.receivedEnd(stream) {
                giveBody(stream)
            }
        case .largeTrailer(let stream):
            state.refusedBody(stream)
            giveBody(stream, .failure(.malformed(.trailer)))
        case .closed(let stream):
            state.closed(stream, now: now)
            forget(stream)
        case .sent(let stream, let bytes):
            state.sent(stream, bytes: bytes, now: now)
            budget.sentData()
        case .answered(let stream):
            state.answered(stream, now: now)
        case .resetSent:
            try budget.sentReset(now: now)
        case .settingsAcknowledged:
            state.acknowledgedSettings()
        case .pingAcknowledged:
            state.heardAnnouncement(now: now)
        case .gaveUp(let code):
            faulted(.protocolError(code))
        }
    }

    private func takeHead(_ stream: Int32, _ opening: HTTP2Opening, endsStream: Bool) throws(HTTP2Fault) {
        // Taken back, or reset, by a later frame of the same read: no work for it.
        guard session.history.isOpen(stream) else {
            return
        }
        budget.used(opening.contentBytes)
        requests[stream] = Request(isToHead: opening.isToHead)
        let head: HTTP2Head
        switch opening.head {
        case .success(let sound): head = sound
        case .failure(let refusal): return try refuseHead(stream, refusal)
        }
        let action = state.receivedHead(
            stream,
            endsStream: endsStream,
            length: head.length,
            expectsContinue: head.expectsContinue,
            now: loop.eventLoop.now
        )
        switch action {
        case .begin:
            begin(stream, head.request, hasBody: !endsStream)
        case .refuse:
            try session.reset(stream, .refusedStream)
        }
    }

    /// Answers what never became a request; the connection goes on, since frames tell where the next begins.
    private func refuseHead(_ stream: Int32, _ refusal: HTTPRefusal) throws(HTTP2Fault) {
        if refusal == .headerTooLarge {
            try budget.receivedLargeHeader()
        }
        state.refusedHead(stream, now: loop.eventLoop.now)
        try answer(stream, refuse(refusal))
    }

    private func takeData(_ stream: Int32, _ bytes: ByteBuffer) throws(HTTP2Fault) {
        var bytes = bytes
        let count = bytes.readableBytes
        switch state.receivedData(stream, bytes: count) {
        case .keep:
            budget.used(count)
            requests.change(stream) { _ = $0.body.writeBuffer(&bytes) }
        case .keepAndConsume:
            budget.used(count)
            requests.change(stream) { _ = $0.body.writeBuffer(&bytes) }
            try session.consume(stream, bytes: count)
        case .drop:
            break
        case .refuse:
            giveBody(stream, .failure(.tooLarge))
        }
    }

    /// Lets those read their body that there is room for.
    private func readNext() throws(HTTP2Fault) {
        while let reader = state.nextReader(now: loop.eventLoop.now) {
            if reader.sendsContinue {
                try session.goOn(reader.stream)
            }
            try session.consume(reader.stream, bytes: reader.consumed)
        }
    }
}

// MARK: - Exchange

extension HTTP2Handler {
    /// Hands a request to `respond`.
    ///
    /// What answers without suspending has answered when this returns.
    private func begin(_ stream: Int32, _ head: HTTPRequest, hasBody: Bool) {
        // Confined to the loop by a value that checks it: the request may be asked for its body anywhere.
        let handler = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let loop = loop
        let pull: IncomingRequest.Pull = { taken in
            loop.perform { handler.value.pulled(stream, taken) }
        }
        let request = IncomingRequest(head: head, version: "2", pull: hasBody ? pull : nil)
        let respond = respond
        // Nobody awaits the task: it ends in `replied`, and the stream's end cancels it.
        let task = loop.executor.start {
            let reply = await respond(request)
            loop.perform { handler.value.replied(stream, reply) }
        }
        if state.isInWork(stream) {
            requests.change(stream) { $0.task = task }
        }
    }

    private func pulled(_ stream: Int32, _ taken: @escaping Taken) {
        switch state.pulledBody(stream) {
        case .deliver:
            requests.change(stream) { $0.taken = taken }
            giveBody(stream)
        case .wait:
            requests.change(stream) { $0.taken = taken }
            // What came behind the head in the same read is looked at first.
            if !isInRead {
                attempt(readNext)
            }
        case .refuse(let refusal):
            taken(.failure(refusal))
        }
        settleLater()
    }

    /// Gives a body that is complete to whoever asked for it.
    private func giveBody(_ stream: Int32) {
        giveBody(stream, .success(requests[stream]?.body ?? ByteBuffer()))
    }

    /// Gives a body, or why it does not come, to whoever asked for it; nothing happens when nobody did.
    func giveBody(_ stream: Int32, _ result: Result<ByteBuffer, BodyRefusal>) {
        var taken: Taken?
        requests.change(stream) { request in
            taken = request.taken
            request.taken = nil
            request.body = ByteBuffer()
        }
        taken?(result)
    }

    private func replied(_ stream: Int32, _ reply: Reply) {
        let isWanted = state.endedWork(stream)
        if let time = reply.pause {
            pause(for: time)
        }
        attempt { () throws(HTTP2Fault) in
            if isWanted {
                try answer(stream, reply)
            }
            try readNext()
        }
        settleLater()
    }

    /// `reply.closes` is about HTTP/1: here every reply ends its stream and nothing else.
    private func answer(_ stream: Int32, _ reply: Reply) throws(HTTP2Fault) {
        let isToHead = requests[stream]?.isToHead ?? false
        // The task has nothing to do any more, and what came of a body that was not read is let go.
        requests[stream] = Request()
        let body = HTTP2Encoding.body(reply, isToHead: isToHead)
        try session.answer(stream, HTTP2Encoding.fields(reply, date: loop.dateLine.text), body: body)
        state.replied(stream, bytes: body?.readableBytes ?? 0, now: loop.eventLoop.now)
    }

    /// The stream is gone: whoever works for it may stop.
    func forget(_ stream: Int32) {
        guard let request = requests.remove(stream) else {
            return
        }
        request.taken?(.failure(.disconnected))
        request.task?.cancel()
    }
}
