/// Which streams of a connection are open, and how those ended that did lately.
///
/// nghttp2 forgets a stream when it ends and then ignores what still comes for it. That is right for a stream
/// that we ended, because the client may not have heard of it yet, and wrong for one that the client ended itself
/// (RFC 9113 §5.1, closed).
struct StreamHistory {
    private var open = StreamTable<Void>()
    private var endedByClient = RecentStreams()
    private var endedByUs = RecentStreams()
    private(set) var last: Int32 = 0

    /// Whether a stream is open, or reset by us and that not sent yet.
    func isOpen(_ stream: Int32) -> Bool { open[stream] != nil }

    /// A request has begun.
    mutating func opened(_ stream: Int32) {
        open[stream] = ()
        last = max(last, stream)
    }

    /// We reset a stream, or refuse one that was never opened.
    mutating func reset(_ stream: Int32) {
        guard !endedByUs.contains(stream) else {
            return
        }
        endedByUs.append(stream)
        last = max(last, stream)
    }

    /// A stream is closed, by whomever.
    mutating func closed(_ stream: Int32) {
        open.remove(stream)
        if !endedByUs.contains(stream) {
            endedByClient.append(stream)
        }
    }

    /// What is wrong with a frame that begins now; nil also for what nghttp2 judges by itself.
    func fault(of frame: HTTP2FrameHead) -> HTTP2Fault? {
        guard frame.type == HTTP2FrameHead.data || frame.type == HTTP2FrameHead.headers,
            frame.stream % 2 == 1, frame.stream <= last, !isOpen(frame.stream),
            !endedByUs.contains(frame.stream)
        else {
            return nil
        }
        // What was never opened, or so long ago that it is forgotten: a request cannot begin there any more.
        let isKnown = endedByClient.contains(frame.stream)
        return isKnown || frame.type == HTTP2FrameHead.data ? .streamClosed : .streamSkipped
    }
}

/// The last hundred streams of a kind: as many as can be open, so that none is forgotten while its frames may
/// still be on their way.
private struct RecentStreams {
    private var streams: [Int32] = []
    private var next = 0

    func contains(_ stream: Int32) -> Bool { streams.contains(stream) }

    mutating func append(_ stream: Int32) {
        guard streams.count == Self.capacity else {
            streams.append(stream)
            return
        }
        streams[next] = stream
        next = (next + 1) % Self.capacity
    }

    private static let capacity = 100
}
