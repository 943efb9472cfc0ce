internal import NIOCore

/// How much of what costs us and brings a client nothing one HTTP/2 connection may show.
///
/// Three accounts: frames without use, requests taken back, and bytes. The first two fill again with time; the
/// third grows with each request. Pure: time is an argument. What it refuses ends the connection, because a client
/// that has used it up is not one that makes requests (RFC 9113 §10.5).
struct PeerBudget {
    private let limits: HTTP2Limits
    private var idleFrames: TokenBucket
    private var resets: TokenBucket
    private var largeHeaders = 0
    /// WINDOW_UPDATE frames that our DATA frames have paid for.
    private var windowUpdates = 0
    private var wireBytes = 0
    private var usefulBytes = 0

    /// The budget of a new connection.
    init(limits: HTTP2Limits, now: NIODeadline) {
        self.limits = limits
        idleFrames = TokenBucket(
            capacity: limits.idleFrames,
            perSecond: limits.idleFramesPerSecond,
            now: now
        )
        resets = TokenBucket(capacity: limits.resets, perSecond: limits.resetsPerSecond, now: now)
    }

    /// A frame begins.
    /// - Throws: `.frameFlood`, `.resetFlood`.
    mutating func received(_ frame: HTTP2FrameHead, now: NIODeadline) throws(HTTP2Fault) {
        switch frame.type {
        case HTTP2FrameHead.headers, HTTP2FrameHead.continuation, HTTP2FrameHead.goAway,
            HTTP2FrameHead.pushPromise:
            // Header blocks have limits of their own; the others happen once at most.
            break
        case HTTP2FrameHead.data where frame.length > 0 || frame.has(HTTP2FrameHead.endStream):
            break
        case HTTP2FrameHead.resetStream:
            guard resets.take(1, now: now) else {
                throw .resetFlood
            }
        case HTTP2FrameHead.windowUpdate where windowUpdates > 0:
            windowUpdates -= 1
        default:
            try spend(1, now: now)
        }
    }

    /// Bytes came in, of whatever kind.
    /// - Throws: `.overhead`.
    mutating func received(wireBytes count: Int) throws(HTTP2Fault) {
        wireBytes += count
        guard wireBytes / limits.overheadShare <= usefulBytes + limits.overheadBytes else {
            throw .overhead
        }
    }

    /// Bytes that came in turned out to be fields of a request, or of a body that somebody reads.
    mutating func used(_ count: Int) {
        usefulBytes += count
    }

    /// A header block over its limits came.
    /// - Throws: `.headerFlood` when it is not the first.
    mutating func receivedLargeHeader() throws(HTTP2Fault) {
        largeHeaders += 1
        guard largeHeaders <= limits.largeHeaders else {
            throw .headerFlood
        }
    }

    /// We sent a DATA frame, which the client acknowledges by moving its windows.
    mutating func sentData() {
        windowUpdates += limits.windowUpdatesPerData
    }

    /// We had to reset a stream because of what the client did on it.
    /// - Throws: `.frameFlood`.
    mutating func sentReset(now: NIODeadline) throws(HTTP2Fault) {
        try spend(limits.resetCost, now: now)
    }

    private mutating func spend(_ count: Int, now: NIODeadline) throws(HTTP2Fault) {
        guard idleFrames.take(count, now: now) else {
            throw .frameFlood
        }
    }
}
