internal import CNGHTTP2
internal import HTTPTypes
internal import NIOCore

/// One HTTP/2 connection, server side: nghttp2's session and what its callbacks need.
///
/// It turns bytes into events and replies into bytes, and decides nothing about requests. The callbacks only note
/// what happened, in `events`, in the order of the frames; whoever gave the bytes looks at them afterwards, outside
/// of nghttp2. Order of calls: `receive` and replies in any order, then `send` until it has nothing more. Not
/// Sendable: it belongs to one event loop.
@safe
final class HTTP2Session {
    private let session: OpaquePointer
    private let limits: HTTPLimits
    private let http2: HTTP2Limits

    /// Which streams are open, and how those ended that did lately.
    private(set) var history = StreamHistory()
    private var events: [Event] = []
    /// Reads the header block that is being decoded: HTTP/2 has one at a time (RFC 9113 §4.3).
    private var reader: HTTP2HeadReader
    private var isTrailer = false
    /// What is left of the bodies of replies.
    private var bodies = StreamTable<ByteBuffer>()
    /// Why nghttp2 cannot go on.
    private var failure: HTTP2Fault?

    /// What happened on a stream or on the connection.
    enum Event {
        /// A request's header block is complete and well-formed.
        indirect case head(Int32, HTTP2Opening, endsStream: Bool)
        /// Bytes of a request's body, padding taken off.
        case data(Int32, ByteBuffer)
        /// The request is complete.
        case end(Int32)
        /// The trailer section is over its limits.
        case largeTrailer(Int32)
        /// The stream is closed, by its end or by a reset of either side.
        case closed(Int32)
        /// So many bytes of a reply's body were handed out.
        case sent(Int32, bytes: Int)
        /// A reply was handed out to its end.
        case answered(Int32)
        /// A stream was reset because of what the client did.
        case resetSent
        /// The client knows our settings.
        case settingsAcknowledged
        /// The client has read what we sent before our PING.
        case pingAcknowledged
        /// A GOAWAY was handed out that nghttp2 has made by itself: the client broke the protocol.
        case gaveUp(HTTP2ErrorCode)
    }

    /// A session that waits for the client's preface; our SETTINGS are the first that `send` gives.
    /// - Throws: `.library` when there is no memory.
    init(limits: HTTPLimits, http2: HTTP2Limits) throws(HTTP2Fault) {
        let callbacks = try HTTP2Callbacks()
        var option: OpaquePointer?
        try Self.check(unsafe nghttp2_option_new(&option))
        defer { unsafe nghttp2_option_del(option) }
        unsafe Self.set(option, http2)
        var made: OpaquePointer?
        // The pointer to this object is set below, once there is one.
        try Self.check(unsafe nghttp2_session_server_new2(&made, callbacks.pointer, nil, option))
        guard let made = unsafe made else {
            throw .library(NGHTTP2_ERR_NOMEM.rawValue)
        }
        unsafe session = made
        self.limits = limits
        self.http2 = http2
        reader = HTTP2HeadReader(limits: limits, floodFactor: http2.headerFloodFactor)
        unsafe nghttp2_session_set_user_data(made, Unmanaged.passUnretained(self).toOpaque())
        try submitSettings()
    }

    deinit {
        unsafe nghttp2_session_del(session)
    }
}

// MARK: - Set up

extension HTTP2Session {
    private static func set(_ option: OpaquePointer?, _ limits: HTTP2Limits) {
        unsafe nghttp2_option_set_no_auto_window_update(option, 1)
        unsafe nghttp2_option_set_no_closed_streams(option, 1)
        unsafe nghttp2_option_set_max_reserved_remote_streams(option, 0)
        unsafe nghttp2_option_set_max_settings(option, limits.settingsEntries)
        unsafe nghttp2_option_set_max_outbound_ack(option, limits.acknowledgements)
        unsafe nghttp2_option_set_max_continuations(option, limits.continuations)
        // `PeerBudget` counts the same and comes first, with a better code; this stands behind it, a second's worth
        // later because it fills once a second.
        unsafe nghttp2_option_set_stream_reset_rate_limit(
            option,
            UInt64(limits.resets + limits.resetsPerSecond),
            UInt64(limits.resetsPerSecond)
        )
        unsafe nghttp2_option_set_max_deflate_dynamic_table_size(option, Self.encoderTableBytes)
    }

    private func submitSettings() throws(HTTP2Fault) {
        let settings: [(nghttp2_settings_id, Int)] = [
            (NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, http2.concurrentStreams),
            (NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, http2.streamWindowBytes),
            (NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, http2.headerTableBytes),
            // Advice to the client only; `HTTP2FieldBlock` enforces it.
            (NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerBytes),
            (NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
        ]
        let entries = settings.map {
            nghttp2_settings_entry(settings_id: Int32($0.0.rawValue), value: UInt32($0.1))
        }
        try Self.check(unsafe nghttp2_submit_settings(session, 0, entries, entries.count))
        try Self.check(
            unsafe nghttp2_session_set_local_window_size(session, 0, 0, Int32(http2.connectionWindowBytes))
        )
    }

    private static func check(_ result: Int32) throws(HTTP2Fault) {
        guard result == 0 else {
            throw .library(result)
        }
    }

    /// Bytes of the table that our encoder may use of what the client offers.
    private static let encoderTableBytes = 4096
}

// MARK: - Bytes

extension HTTP2Session {
    /// Takes bytes of the client.
    /// - Throws: the fault that ends the connection; `end` is all that may be called then.
    func receive(_ bytes: ByteBuffer) throws(HTTP2Fault) {
        let taken = unsafe bytes.withUnsafeReadableBytes { room in
            unsafe nghttp2_session_mem_recv(
                session,
                room.baseAddress?.assumingMemoryBound(to: UInt8.self),
                room.count
            )
        }
        guard taken >= 0 else {
            throw fail(Int32(taken))
        }
    }

    /// What happened since the last time.
    func takeEvents() -> [Event] {
        let taken = events
        events = []
        return taken
    }

    /// Writes frames that are due, until nothing is or `limit` bytes are there.
    /// - Throws: the fault that ends the connection.
    func send(into output: inout ByteBuffer, atMost limit: Int) throws(HTTP2Fault) {
        while output.readableBytes < limit {
            var frame: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(session, &frame)
            guard count >= 0 else {
                throw fail(Int32(count))
            }
            guard count > 0 else {
                return
            }
            unsafe output.writeBytes(UnsafeRawBufferPointer(start: frame, count: count))
        }
    }

    /// Writes all that is left to say, a GOAWAY with `code` last.
    func end(_ code: HTTP2ErrorCode, into output: inout ByteBuffer) {
        guard !terminate(code, into: &output) else {
            return
        }
        // nghttp2 says no more once it has failed; the client shall know why all the same.
        let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
        output.writeBytes([0, 0, 8, HTTP2FrameHead.goAway, 0, 0, 0, 0, 0])
        output.writeInteger(UInt32(clamping: last))
        output.writeInteger(code.rawValue)
    }

    private func terminate(_ code: HTTP2ErrorCode, into output: inout ByteBuffer) -> Bool {
        guard failure == nil, unsafe nghttp2_session_terminate_session(session, code.rawValue) == 0 else {
            return false
        }
        do throws(HTTP2Fault) {
            try send(into: &output, atMost: .max)
            return true
        } catch {
            return false
        }
    }

    private func fail(_ code: Int32) -> HTTP2Fault {
        let fault = failure ?? .library(code)
        failure = fault
        return fault
    }
}

// MARK: - What holds between events

extension HTTP2Session {
    /// Whether nothing can come nor go any more: the last GOAWAY is out and the streams before it have ended.
    var isDone: Bool {
        unsafe nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
    }

    /// Whether frames are due.
    var wantsWrite: Bool {
        unsafe nghttp2_session_want_write(session) != 0
    }

    /// Frames that wait to be sent, DATA aside.
    var queuedFrames: Int {
        unsafe nghttp2_session_get_outbound_queue_size(session)
    }

    /// Whether the client has left no window for a stream, or with 0 for the connection.
    func isBlocked(_ stream: Int32) -> Bool {
        let window =
            stream == 0
            ? unsafe nghttp2_session_get_remote_window_size(session)
            : unsafe nghttp2_session_get_stream_remote_window_size(session, stream)
        return window == 0
    }
}

// MARK: - Replies

extension HTTP2Session {
    /// Answers a request.
    func answer(_ stream: Int32, _ fields: HTTP2FieldList, body: ByteBuffer?) throws(HTTP2Fault) {
        bodies[stream] = body
        var source = unsafe nghttp2_data_provider(
            source: nghttp2_data_source(fd: 0),
            read_callback: HTTP2Callbacks.replyBody
        )
        try Self.check(
            unsafe fields.withNameValues { values, count in
                unsafe body == nil
                    ? nghttp2_submit_response(session, stream, values, count, nil)
                    : nghttp2_submit_response(session, stream, values, count, &source)
            }
        )
    }

    /// Tells the client to send the body.
    func goOn(_ stream: Int32) throws(HTTP2Fault) {
        try Self.check(
            unsafe HTTP2Encoding.goOn.withNameValues { values, count in
                unsafe nghttp2_submit_headers(session, 0, stream, nil, values, count, nil)
            }
        )
    }

    /// Ends a stream.
    func reset(_ stream: Int32, _ code: HTTP2ErrorCode) throws(HTTP2Fault) {
        history.reset(stream)
        try Self.check(unsafe nghttp2_submit_rst_stream(session, 0, stream, code.rawValue))
    }

    /// Lets the client send as many bytes more on a stream; nothing happens when it is closed.
    func consume(_ stream: Int32, bytes: Int) throws(HTTP2Fault) {
        try Self.check(unsafe nghttp2_session_consume_stream(session, stream, bytes))
    }

    /// Asks the client to begin nothing new here, and for a sign that it has heard.
    func announceEnd() throws(HTTP2Fault) {
        try Self.check(unsafe nghttp2_submit_shutdown_notice(session))
        try Self.check(unsafe nghttp2_submit_ping(session, 0, nil))
    }

    /// Takes no new stream from now on.
    func takeNoMore() throws(HTTP2Fault) {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
        try Self.check(unsafe nghttp2_submit_goaway(session, 0, last, 0, nil, 0))
    }
}

// MARK: - Called back

extension HTTP2Session {
    /// A header block begins: of a request, or of the trailer section behind a body.
    func beganBlock(_ stream: Int32, isTrailer: Bool) {
        reader.begin(isTrailer: isTrailer)
        self.isTrailer = isTrailer
        if !isTrailer {
            history.opened(stream)
        }
    }

    /// One field of the block, valid by itself.
    func receivedField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(HTTP2Fault) {
        do throws(HTTP2Fault) {
            try reader.add(name: name, value: value)
        } catch {
            failure = error
            throw error
        }
    }

    /// Bytes of a body; the connection's window is moved at once, since the stream's bounds what we hold.
    func receivedData(_ stream: Int32, _ bytes: Span<UInt8>) throws(HTTP2Fault) {
        let data = unsafe bytes.withUnsafeBufferPointer { unsafe ByteBuffer(bytes: $0) }
        events.append(.data(stream, data))
        let result = unsafe nghttp2_session_consume_connection(session, bytes.count)
        guard result == 0 else {
            throw fail(result)
        }
    }

    /// A whole frame was read.
    func receivedFrame(type: UInt8, flags: UInt8, _ stream: Int32) throws(HTTP2Fault) {
        let endsStream = flags & HTTP2FrameHead.endStream != 0
        switch type {
        case HTTP2FrameHead.headers where !isTrailer:
            try receivedHead(stream, endsStream: endsStream)
        case HTTP2FrameHead.headers:
            events.append(reader.refusal == nil ? .end(stream) : .largeTrailer(stream))
        case HTTP2FrameHead.data where endsStream:
            events.append(.end(stream))
        case HTTP2FrameHead.settings where flags & HTTP2FrameHead.acknowledgement != 0:
            events.append(.settingsAcknowledged)
        case HTTP2FrameHead.ping where flags & HTTP2FrameHead.acknowledgement != 0:
            events.append(.pingAcknowledged)
        default:
            break
        }
    }

    private func receivedHead(_ stream: Int32, endsStream: Bool) throws(HTTP2Fault) {
        do throws(HTTP2Fault) {
            events.append(.head(stream, try reader.finish(), endsStream: endsStream))
        } catch {
            failure = error
            throw error
        }
    }

    /// nghttp2 resets a stream, or refuses to open it.
    func refusedFrame(_ stream: Int32) {
        if stream != 0 {
            history.reset(stream)
        }
    }

    /// A RST_STREAM of ours was handed out.
    func sentReset(_ stream: Int32, code: UInt32) {
        history.reset(stream)
        if code != HTTP2ErrorCode.noError.rawValue {
            events.append(.resetSent)
        }
    }

    /// A GOAWAY was handed out.
    func sentGoAway(code: UInt32) {
        let code = HTTP2ErrorCode(rawValue: code)
        if code != .noError {
            events.append(.gaveUp(code))
        }
    }

    /// DATA of a reply was handed out.
    func sentData(_ stream: Int32, bytes: Int) {
        events.append(.sent(stream, bytes: bytes))
    }

    /// The last frame of a reply was handed out.
    func sentEnd(_ stream: Int32) {
        events.append(.answered(stream))
    }

    /// The header block of a reply could not be sent: it is too long, or the stream is as good as closed.
    func didNotSendReply(_ stream: Int32) throws(HTTP2Fault) {
        if history.isOpen(stream) {
            try reset(stream, .internalError)
        }
    }

    /// A stream is closed.
    func closedStream(_ stream: Int32) {
        history.closed(stream)
        bodies.remove(stream)
        events.append(.closed(stream))
    }

    /// Fills a DATA frame with what is left of a reply's body.
    /// - Returns: How many bytes, and whether they are the last.
    func readBody(_ stream: Int32, into room: UnsafeMutableRawBufferPointer) -> (count: Int, isLast: Bool) {
        guard var body = bodies[stream] else {
            return (0, true)
        }
        let count = min(room.count, body.readableBytes)
        unsafe body.readWithUnsafeReadableBytes { bytes in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
        guard body.readableBytes > 0 else {
            bodies.remove(stream)
            return (count, true)
        }
        bodies[stream] = body
        return (count, false)
    }
}
