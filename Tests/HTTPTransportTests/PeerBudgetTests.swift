import NIOCore
import Testing

@testable import HTTPTransport

@Suite("What a client may cost us, RFC 9113 §10.5")
struct PeerBudgetTests {
    private static let start = NIODeadline.uptimeNanoseconds(1)

    private static func frame(_ type: UInt8, flags: UInt8 = 0, length: Int = 0) -> HTTP2FrameHead {
        HTTP2FrameHead([0, 0, UInt8(length), type, flags, 0, 0, 0, 1].span, at: 0)
    }

    private static func budget(_ change: (inout HTTP2Limits) -> Void) -> PeerBudget {
        var limits = HTTP2Limits()
        change(&limits)
        return PeerBudget(limits: limits, now: start)
    }

    @Test(arguments: [
        (frame(HTTP2FrameHead.ping, length: 8), true), (frame(HTTP2FrameHead.settings), true),
        (frame(HTTP2FrameHead.priority, length: 5), true), (frame(0x10), true),
        (frame(HTTP2FrameHead.windowUpdate, length: 4), true), (frame(HTTP2FrameHead.data), true),
        (frame(HTTP2FrameHead.data, flags: 1), false), (frame(HTTP2FrameHead.data, length: 1), false),
        (frame(HTTP2FrameHead.headers, length: 9), false), (frame(HTTP2FrameHead.continuation), false),
        (frame(HTTP2FrameHead.goAway, length: 8), false),
    ])
    func `frames that bring nothing are counted, others are not`(frame: HTTP2FrameHead, isCounted: Bool)
        throws
    {
        var budget = Self.budget { $0.idleFrames = 1 }
        try budget.received(frame, now: Self.start)

        if isCounted {
            #expect(throws: HTTP2Fault.frameFlood) { try budget.received(frame, now: Self.start) }
        } else {
            try budget.received(frame, now: Self.start)
        }
    }

    @Test func `requests taken back have an account of their own`() throws {
        var budget = Self.budget {
            $0.idleFrames = 0
            $0.resets = 2
            $0.resetsPerSecond = 1
        }
        let reset = Self.frame(HTTP2FrameHead.resetStream, length: 4)
        try budget.received(reset, now: Self.start)
        try budget.received(reset, now: Self.start)
        #expect(throws: HTTP2Fault.resetFlood) { try budget.received(reset, now: Self.start) }

        try budget.received(reset, now: Self.start + .seconds(1))

        #expect(throws: HTTP2Fault.resetFlood) { try budget.received(reset, now: Self.start + .seconds(1)) }
    }

    @Test func `a reset that we had to send costs as many idle frames`() throws {
        var budget = Self.budget {
            $0.idleFrames = 9
            $0.resetCost = 5
        }
        try budget.sentReset(now: Self.start)

        #expect(throws: HTTP2Fault.frameFlood) { try budget.sentReset(now: Self.start) }
    }

    @Test func `DATA that we send pays for the windows that it moves`() throws {
        var budget = Self.budget { $0.idleFrames = 0 }
        let update = Self.frame(HTTP2FrameHead.windowUpdate, length: 4)
        budget.sentData()

        try budget.received(update, now: Self.start)
        try budget.received(update, now: Self.start)

        #expect(throws: HTTP2Fault.frameFlood) { try budget.received(update, now: Self.start) }
    }

    @Test func `bytes without use are bounded by a share and an allowance`() throws {
        var budget = Self.budget {
            $0.overheadBytes = 100
            $0.overheadShare = 8
        }
        try budget.received(wireBytes: 807)
        #expect(throws: HTTP2Fault.overhead) { try budget.received(wireBytes: 1) }

        budget.used(1)

        try budget.received(wireBytes: 7)
        #expect(throws: HTTP2Fault.overhead) { try budget.received(wireBytes: 1) }
    }

    @Test func `one large header is an accident`() throws {
        var budget = Self.budget { _ in }
        try budget.receivedLargeHeader()

        #expect(throws: HTTP2Fault.headerFlood) { try budget.receivedLargeHeader() }
    }

    @Test func `the product's limits end a flood of ignored frames within 2 MiB`() throws {
        var budget = Self.budget { _ in }

        try budget.received(wireBytes: 2 * 1024 * 1024)

        #expect(throws: HTTP2Fault.overhead) { try budget.received(wireBytes: 8) }
    }
}

@Suite("Token buckets")
struct TokenBucketTests {
    private static let start = NIODeadline.uptimeNanoseconds(1)

    @Test func `a bucket gives what it holds and fills with time`() {
        var bucket = TokenBucket(capacity: 3, perSecond: 2, now: Self.start)
        #expect(bucket.take(3, now: Self.start) == true)
        #expect(bucket.take(1, now: Self.start) == false)
        #expect(bucket.take(1, now: Self.start + .milliseconds(499)) == false)

        #expect(bucket.take(1, now: Self.start + .milliseconds(500)) == true)
        #expect(bucket.take(1, now: Self.start + .milliseconds(999)) == false)
        #expect(bucket.take(1, now: Self.start + .milliseconds(1000)) == true)
    }

    @Test func `a bucket never holds more than its capacity`() {
        var bucket = TokenBucket(capacity: 3, perSecond: 1000, now: Self.start)

        #expect(bucket.take(4, now: Self.start + .hours(1_000_000)) == false)
        #expect(bucket.take(3, now: Self.start + .hours(1_000_000)) == true)
    }
}
