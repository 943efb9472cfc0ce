internal import NIOCore

/// What one HTTP/2 connection is doing, as a pure machine: each method is an event and returns what to do.
///
///     open ─ asked to end, old, or many requests ─▶ announced ─ 1 s, or the client has heard ─▶ leaving ─▶ ended
///
/// Frames and windows are nghttp2's. This machine knows which requests are in work, whose body may be read, which
/// reply is not taken, and which time limit runs. A request is in work until its work ends, whatever becomes of its
/// stream. The time is an argument.
struct HTTP2State: ~Copyable {
    private let limits: HTTPLimits
    private let http2: HTTP2Limits
    private var life = Life.open
    private var isAskedToEnd = false
    private var isAcknowledged = false
    private var streams = StreamTable<HTTP2Stream>()
    /// Bytes that each request in work may hold of its body.
    private var inWork = StreamTable<Int>()
    /// Streams whose body waits to be read, in order.
    private var waiting: [Int32] = []
    private var requests = 0
    private let startedAt: NIODeadline
    private var idleSince: NIODeadline
    private var blockSince: NIODeadline?
    /// When the client last took bytes of any reply.
    private var takenAt: NIODeadline

    private enum Life: Equatable {
        case open
        case announced(until: NIODeadline)
        case leaving(until: NIODeadline)
        case ended
    }

    /// The machine of a new connection.
    init(limits: HTTPLimits, http2: HTTP2Limits, now: NIODeadline) {
        self.limits = limits
        self.http2 = http2
        startedAt = now
        idleSince = now
        takenAt = now
    }

    /// Whether the connection is ending and no frame matters any more.
    var isEnded: Bool { life == .ended }

    /// Requests that are being worked on.
    var requestsInWork: Int { inWork.count }

    /// Whether the work on a request goes on.
    func isInWork(_ stream: Int32) -> Bool { inWork[stream] != nil }
}

// MARK: - Requests

extension HTTP2State {
    /// What to do with a request.
    enum HeadAction: Equatable {
        /// Let it be answered.
        case begin
        /// Too many are in work: reset the stream; the client may ask again (RFC 9113 §8.7).
        case refuse
    }

    /// A sound head was read.
    mutating func receivedHead(
        _ stream: Int32,
        endsStream: Bool,
        length: Int?,
        expectsContinue: Bool,
        now: NIODeadline
    ) -> HeadAction {
        requests += 1
        guard inWork.count < http2.requestsInWork else {
            return .refuse
        }
        inWork[stream] = 0
        streams[stream] = HTTP2Stream(
            length: length,
            expectsContinue: expectsContinue,
            body: endsStream ? .over : .unread(bytes: 0, isComplete: false),
            takenAt: now
        )
        return .begin
    }

    /// A head was read that is answered without any work.
    mutating func refusedHead(_ stream: Int32, now: NIODeadline) {
        requests += 1
        streams[stream] = HTTP2Stream(length: nil, expectsContinue: false, body: .over, takenAt: now)
    }

    /// What to do when a body is asked for.
    enum PullAction: Equatable {
        /// It is all here: give it.
        case deliver
        /// It is read when `nextReader` says so, which may be now.
        case wait
        /// It will not come.
        case refuse(BodyRefusal)
    }

    /// Whoever answers a request asks for its body.
    mutating func pulledBody(_ stream: Int32) -> PullAction {
        guard let known = streams[stream], case .unread(let bytes, let isComplete) = known.body else {
            return .refuse(.disconnected)
        }
        guard max(bytes, known.length ?? 0) <= limits.bodyBytes else {
            streams[stream]?.body = .over
            return .refuse(.tooLarge)
        }
        guard !isComplete else {
            streams[stream]?.body = .over
            return .deliver
        }
        streams[stream]?.body = .waiting(bytes: bytes)
        waiting.append(stream)
        return .wait
    }

    /// A stream whose body may be read from now on.
    struct Reader: Equatable {
        /// The stream.
        let stream: Int32
        /// Bytes that are here; the client may send as many more.
        let consumed: Int
        /// Whether the client waits to be told to go on.
        let sendsContinue: Bool
    }

    /// The stream that has waited longest to read its body, if there is room for it; nil when there is none.
    mutating func nextReader(now: NIODeadline) -> Reader? {
        guard let stream = waiting.first, let known = streams[stream],
            case .waiting(let bytes) = known.body
        else {
            return nil
        }
        let wanted = known.length ?? limits.bodyBytes
        let held = inWork.values.reduce(0, +)
        // One may always be read, so that a limit below the largest body stops nobody for good.
        guard held == 0 || held + wanted <= http2.bodyBytesAtOnce else {
            return nil
        }
        waiting.removeFirst()
        inWork[stream] = wanted
        streams[stream]?.body = .reading(bytes: bytes, since: now)
        return Reader(
            stream: stream,
            consumed: bytes,
            sendsContinue: known.expectsContinue && bytes == 0
        )
    }

    /// What to do with bytes of a body.
    enum DataAction: Equatable {
        /// Keep them for whoever asked or will ask.
        case keep
        /// Keep them, and let the client send as many more.
        case keepAndConsume
        /// Drop them.
        case drop
        /// The body is too long: tell whoever asked, if somebody did.
        case refuse
    }

    /// Bytes of a body came.
    mutating func receivedData(_ stream: Int32, bytes: Int) -> DataAction {
        switch streams[stream]?.body {
        case .unread(let here, let isComplete):
            streams[stream]?.body = .unread(bytes: here + bytes, isComplete: isComplete)
            return .keep
        case .waiting(let here):
            guard here + bytes <= limits.bodyBytes else {
                refusedBody(stream)
                return .refuse
            }
            streams[stream]?.body = .waiting(bytes: here + bytes)
            return .keep
        case .reading(let here, let since):
            guard here + bytes <= limits.bodyBytes else {
                refusedBody(stream)
                return .refuse
            }
            streams[stream]?.body = .reading(bytes: here + bytes, since: since)
            return .keepAndConsume
        case .over, nil:
            return .drop
        }
    }

    /// A request is complete.
    /// - Returns: Whether its body is to be given to whoever asked.
    mutating func receivedEnd(_ stream: Int32) -> Bool {
        switch streams[stream]?.body {
        case .unread(let bytes, _):
            streams[stream]?.body = .unread(bytes: bytes, isComplete: true)
            return false
        case .waiting:
            waiting.removeAll { $0 == stream }
            streams[stream]?.body = .over
            return true
        case .reading:
            streams[stream]?.body = .over
            return true
        case .over, nil:
            return false
        }
    }

    /// A body is not to be read on, whatever the reason.
    mutating func refusedBody(_ stream: Int32) {
        if !waiting.isEmpty {
            waiting.removeAll { $0 == stream }
        }
        streams.change(stream) { $0.body = .over }
    }

    /// The work on a request has ended.
    /// - Returns: Whether its reply is still wanted.
    mutating func endedWork(_ stream: Int32) -> Bool {
        inWork.remove(stream)
        refusedBody(stream)
        return streams[stream] != nil && !isEnded
    }

    /// A reply was handed to nghttp2.
    mutating func replied(_ stream: Int32, bytes: Int, now: NIODeadline) {
        if streams.values.allSatisfy({ $0.unsentBytes == 0 }) {
            takenAt = now
        }
        streams.change(stream) { known in
            known.unsentBytes = bytes
            known.takenAt = now
        }
    }

    /// So many bytes of a reply's body have left nghttp2.
    mutating func sent(_ stream: Int32, bytes: Int, now: NIODeadline) {
        streams.change(stream) { known in
            known.unsentBytes -= bytes
            known.takenAt = now
        }
        takenAt = now
    }

    /// A reply has left nghttp2 to its end.
    mutating func answered(_ stream: Int32, now: NIODeadline) {
        streams.change(stream) { $0.answeredAt = now }
    }

    /// The client took bytes that had left nghttp2 before.
    mutating func tookBytes(now: NIODeadline) {
        takenAt = now
    }

    /// A stream is closed.
    mutating func closed(_ stream: Int32, now: NIODeadline) {
        refusedBody(stream)
        streams.remove(stream)
        if streams.isEmpty {
            idleSince = now
        }
    }
}

// MARK: - The connection's life

extension HTTP2State {
    /// The client knows our settings.
    mutating func acknowledgedSettings() {
        isAcknowledged = true
    }

    /// A header block has begun and is not complete, or none has.
    mutating func noticedHeaderBlock(isOpen: Bool, now: NIODeadline) {
        blockSince = isOpen ? blockSince ?? now : nil
    }

    /// The gateway goes down.
    mutating func quiesced() {
        isAskedToEnd = true
    }

    /// The client has read our announcement, so that it begins nothing more.
    mutating func heardAnnouncement(now: NIODeadline) {
        if case .announced = life {
            life = .announced(until: now)
        }
    }

    /// The connection is gone, or is ended for a fault, and with it all streams.
    ///
    /// Work goes on until it asks for its body, and is told then that it does not come.
    mutating func ended() {
        life = .ended
        streams = StreamTable()
        waiting = []
    }

    /// What to do now, or when to ask again.
    enum Next: Equatable {
        /// Nothing before this time; nil when nothing is waited for.
        case wait(until: NIODeadline?)
        /// Ask the client to begin nothing new.
        case announceEnd
        /// Take no new stream.
        case takeNoMore
        /// The client has nothing to ask: say so and close.
        case leave
        /// Requests in work have had their time: close.
        case close
        /// End the connection.
        case end(HTTP2Fault)
        /// Tell whoever asked for the body that it came too late.
        case refuseBody(Int32)
        /// The client does not take this reply.
        case reset(Int32)
        /// The client had its reply and time to read it: it need not send the rest of its request.
        case finish(Int32)
    }

    /// Goes through all time limits.
    ///
    /// `isBlocked` tells whether the client has left no window for a stream, or with 0 for the connection.
    mutating func next(now: NIODeadline, isBlocked: (Int32) -> Bool) -> Next {
        guard life != .ended else {
            return .wait(until: nil)
        }
        var wake = Wake(now: now)
        if !isAcknowledged, wake.isOver(startedAt + http2.settingsTimeout) {
            return .end(.settingsTimeout)
        }
        if let blockSince, wake.isOver(blockSince + limits.headerTimeout) {
            return .end(.headerTimeout)
        }
        return nextOfLife(&wake) ?? nextOfReplies(&wake, isBlocked) ?? nextOfRequests(&wake)
            ?? .wait(until: wake.time)
    }

    private mutating func nextOfLife(_ wake: inout Wake) -> Next? {
        switch life {
        case .open:
            if isAskedToEnd || requests >= http2.requests || wake.isOver(startedAt + http2.lifetime) {
                life = .announced(until: wake.now + http2.shutdownNotice)
                return .announceEnd
            }
            if streams.isEmpty, wake.isOver(idleSince + limits.idleTimeout) {
                return .leave
            }
        case .announced(let until) where wake.isOver(until):
            life = .leaving(until: wake.now + http2.drainTimeout)
            return .takeNoMore
        case .leaving(let until) where wake.isOver(until):
            return .close
        case .announced, .leaving, .ended:
            break
        }
        return nil
    }

    private mutating func nextOfRequests(_ wake: inout Wake) -> Next? {
        for (stream, known) in streams {
            if case .reading(_, let since) = known.body, wake.isOver(since + limits.bodyTimeout) {
                streams[stream]?.body = .over
                return .refuseBody(stream)
            }
            if let answeredAt = known.answeredAt, wake.isOver(answeredAt + limits.lingerTimeout) {
                streams[stream]?.answeredAt = nil
                return .finish(stream)
            }
        }
        return nil
    }

    /// Replies of which nothing is taken: of none on the connection, or of one whose own window is shut.
    private mutating func nextOfReplies(_ wake: inout Wake, _ isBlocked: (Int32) -> Bool) -> Next? {
        let unsent = streams.values.reduce(0) { $0 + $1.unsentBytes }
        guard unsent > 0 else {
            return nil
        }
        let isLarge = unsent > http2.stalledBytes
        // Where a window is open the bytes wait for a slow network, which has the longer time.
        let isHeld = isLarge && wake.isOver(takenAt + http2.stallGrace) && isBlocked(0)
        if isHeld || wake.isOver(takenAt + limits.replyStallTimeout) {
            return .end(.stalledReplies)
        }
        var held = 0
        for (stream, known) in streams where known.unsentBytes > 0 {
            if wake.isOver(known.takenAt + limits.replyStallTimeout) {
                guard isBlocked(stream) else {
                    // It waits for its turn behind replies that are taken.
                    streams[stream]?.takenAt = wake.now
                    continue
                }
                streams[stream]?.unsentBytes = 0
                return .reset(stream)
            }
            if isLarge, wake.isOver(known.takenAt + http2.stallGrace), isBlocked(stream) {
                held += known.unsentBytes
            }
        }
        return held > http2.stalledBytes ? .end(.stalledReplies) : nil
    }

    /// The earliest of the time limits that are not over.
    private struct Wake {
        let now: NIODeadline
        var time: NIODeadline?

        init(now: NIODeadline) {
            self.now = now
        }

        mutating func isOver(_ limit: NIODeadline) -> Bool {
            guard limit > now else {
                return true
            }
            time = min(time ?? limit, limit)
            return false
        }
    }
}
