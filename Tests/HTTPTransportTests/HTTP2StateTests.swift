import NIOCore
import Testing

@testable import HTTPTransport

@Suite("HTTP/2 connection as a pure machine")
struct HTTP2StateTests {
    private static let start = NIODeadline.uptimeNanoseconds(1)

    private static func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private static func machine(
        body: Int = 10,
        _ change: (inout HTTP2Limits) -> Void = { _ in }
    ) -> HTTP2State {
        var limits = HTTPLimits()
        limits.bodyBytes = body
        var http2 = HTTP2Limits()
        change(&http2)
        var state = HTTP2State(limits: limits, http2: http2, now: start)
        state.acknowledgedSettings()
        return state
    }

    private static func begin(_ state: inout HTTP2State, _ stream: Int32, length: Int? = nil) {
        let action = state.receivedHead(
            stream,
            endsStream: false,
            length: length,
            expectsContinue: false,
            now: start
        )
        #expect(action == .begin)
    }

    private static func next(_ state: inout HTTP2State, _ now: NIODeadline, blocked: Bool = true)
        -> HTTP2State.Next
    {
        state.next(now: now, isBlocked: { _ in blocked })
    }

    // MARK: Requests in work

    @Test func `a request is in work until its work ends`() {
        var state = Self.machine { $0.requestsInWork = 1 }
        Self.begin(&state, 1)

        state.closed(1, now: Self.start)
        #expect(state.requestsInWork == 1)
        let refused = state.receivedHead(
            3,
            endsStream: true,
            length: nil,
            expectsContinue: false,
            now: Self.start
        )
        #expect(refused == .refuse)
        #expect(state.endedWork(1) == false)

        Self.begin(&state, 5)
        #expect(state.isInWork(5) == true)
        #expect(state.endedWork(5) == true)
        #expect(state.requestsInWork == 0)
    }

    @Test func `a refused head is no request in work`() {
        var state = Self.machine { $0.requestsInWork = 1 }

        state.refusedHead(1, now: Self.start)

        #expect(state.requestsInWork == 0)
        #expect(state.pulledBody(1) == .refuse(.disconnected))
        #expect(state.receivedData(1, bytes: 5) == .drop)
    }

    @Test func `no reply is wanted once the connection has ended`() {
        var state = Self.machine()
        Self.begin(&state, 1)

        state.ended()

        #expect(state.isEnded == true)
        #expect(state.endedWork(1) == false)
        #expect(Self.next(&state, Self.at(10_000)) == .wait(until: nil))
    }

    @Test func `no body is given or read once the connection has ended`() {
        var state = Self.machine()
        Self.begin(&state, 1)
        Self.begin(&state, 3)
        #expect(state.pulledBody(1) == .wait)

        state.ended()

        #expect(state.nextReader(now: Self.start) == nil)
        #expect(state.pulledBody(3) == .refuse(.disconnected))
    }

    // MARK: Bodies

    @Test func `a body is kept unread, then read`() {
        var state = Self.machine()
        Self.begin(&state, 1)
        #expect(state.receivedData(1, bytes: 4) == .keep)

        #expect(state.pulledBody(1) == .wait)
        #expect(state.nextReader(now: Self.start) == .init(stream: 1, consumed: 4, sendsContinue: false))
        #expect(state.receivedData(1, bytes: 6) == .keepAndConsume)
        #expect(state.receivedEnd(1) == true)
        #expect(state.receivedEnd(1) == false)
        #expect(state.receivedData(1, bytes: 1) == .drop)
    }

    @Test(arguments: [(10, HTTP2State.PullAction.deliver), (11, .refuse(.tooLarge))])
    func `a body that is complete when it is asked for is given within the limit`(
        bytes: Int,
        action: HTTP2State.PullAction
    ) {
        var state = Self.machine()
        Self.begin(&state, 1)
        #expect(state.receivedData(1, bytes: bytes) == .keep)
        #expect(state.receivedEnd(1) == false)

        #expect(state.pulledBody(1) == action)
    }

    @Test(arguments: [(10, HTTP2State.PullAction.wait), (11, .refuse(.tooLarge))])
    func `an announced length over the limit is refused unread`(length: Int, action: HTTP2State.PullAction) {
        var state = Self.machine()
        Self.begin(&state, 1, length: length)

        #expect(state.pulledBody(1) == action)
    }

    @Test(arguments: [true, false])
    func `a body is refused when it passes the limit`(waits: Bool) {
        var state = Self.machine { $0.bodyBytesAtOnce = 10 }
        Self.begin(&state, 1)
        Self.begin(&state, 3)
        _ = state.pulledBody(1)
        _ = state.nextReader(now: Self.start)
        _ = state.pulledBody(3)
        let stream: Int32 = waits ? 3 : 1

        #expect(state.receivedData(stream, bytes: 10) == (waits ? .keep : .keepAndConsume))
        #expect(state.receivedData(stream, bytes: 1) == .refuse)
        #expect(state.receivedData(stream, bytes: 1) == .drop)
    }

    @Test func `bodies are read in the order in which they were asked for`() {
        var state = Self.machine { $0.bodyBytesAtOnce = 12 }
        for (stream, length) in [(1, 8), (3, 8), (5, 4)] as [(Int32, Int)] {
            Self.begin(&state, stream, length: length)
            #expect(state.pulledBody(stream) == .wait)
        }

        #expect(state.nextReader(now: Self.start)?.stream == 1)
        #expect(state.nextReader(now: Self.start) == nil)
        #expect(state.receivedEnd(1) == true)
        #expect(state.nextReader(now: Self.start) == nil)
        #expect(state.endedWork(1) == true)

        #expect(state.nextReader(now: Self.start)?.stream == 3)
        #expect(state.nextReader(now: Self.start)?.stream == 5)
        #expect(state.nextReader(now: Self.start) == nil)
    }

    @Test func `a pull for a stream that is gone finds nothing`() {
        var state = Self.machine()
        Self.begin(&state, 1)
        #expect(state.pulledBody(3) == .refuse(.disconnected))

        state.closed(1, now: Self.start)

        #expect(state.pulledBody(1) == .refuse(.disconnected))
        #expect(state.nextReader(now: Self.start) == nil)
    }

    // MARK: Time

    @Test func `the machine tells when to ask again`() {
        var state = HTTP2State(limits: HTTPLimits(), http2: HTTP2Limits(), now: Self.start)
        #expect(Self.next(&state, Self.start) == .wait(until: Self.at(10)))

        state.acknowledgedSettings()
        #expect(Self.next(&state, Self.start) == .wait(until: Self.at(75)))
        state.noticedHeaderBlock(isOpen: true, now: Self.at(70))
        state.noticedHeaderBlock(isOpen: true, now: Self.at(72))
        #expect(Self.next(&state, Self.at(72)) == .wait(until: Self.at(75)))
        state.noticedHeaderBlock(isOpen: false, now: Self.at(72))
        Self.begin(&state, 1)
        #expect(Self.next(&state, Self.at(72)) == .wait(until: Self.at(3600)))
        _ = state.pulledBody(1)
        _ = state.nextReader(now: Self.at(72))
        #expect(Self.next(&state, Self.at(72)) == .wait(until: Self.at(92)))
        #expect(Self.next(&state, Self.at(92)) == .refuseBody(1))
        #expect(state.endedWork(1) == true)
        state.replied(1, bytes: 5, now: Self.at(92))
        #expect(Self.next(&state, Self.at(92)) == .wait(until: Self.at(122)))
        state.sent(1, bytes: 5, now: Self.at(93))
        state.closed(1, now: Self.at(93))

        #expect(Self.next(&state, Self.at(93)) == .wait(until: Self.at(168)))
        #expect(Self.next(&state, Self.at(168)) == .leave)
    }

    @Test func `a reply that waits for its turn is not given up`() {
        var state = Self.machine()
        for stream in [1, 3] as [Int32] {
            Self.begin(&state, stream)
            #expect(state.endedWork(stream) == true)
            state.replied(stream, bytes: 1000, now: Self.start)
        }
        state.sent(1, bytes: 1, now: Self.at(20))

        #expect(Self.next(&state, Self.at(30), blocked: false) == .wait(until: Self.at(50)))
        state.sent(1, bytes: 1, now: Self.at(40))

        #expect(Self.next(&state, Self.at(60), blocked: true) == .reset(3))
        #expect(Self.next(&state, Self.at(60), blocked: true) == .wait(until: Self.at(70)))
    }

    @Test func `a large reply has the longer time where a window is open`() {
        var state = Self.machine { $0.stalledBytes = 100 }
        Self.begin(&state, 1)
        #expect(state.endedWork(1) == true)
        state.replied(1, bytes: 101, now: Self.start)

        #expect(Self.next(&state, Self.at(5), blocked: false) == .wait(until: Self.at(30)))
        #expect(Self.next(&state, Self.at(5), blocked: true) == .end(.stalledReplies))
    }

    @Test func `bytes that leave the channel count as taken`() {
        var state = Self.machine()
        Self.begin(&state, 1)
        #expect(state.endedWork(1) == true)
        state.replied(1, bytes: 1000, now: Self.start)

        state.tookBytes(now: Self.at(29))

        #expect(Self.next(&state, Self.at(30), blocked: false) == .wait(until: Self.at(59)))
        #expect(Self.next(&state, Self.at(59), blocked: false) == .end(.stalledReplies))
    }

    @Test func `the end is announced once, then no stream is taken, then time is over`() {
        var state = Self.machine()
        Self.begin(&state, 1)

        state.quiesced()

        #expect(Self.next(&state, Self.at(5)) == .announceEnd)
        #expect(Self.next(&state, Self.at(5)) == .wait(until: Self.at(6)))
        state.heardAnnouncement(now: Self.at(5))
        #expect(Self.next(&state, Self.at(5)) == .takeNoMore)
        #expect(Self.next(&state, Self.at(5)) == .wait(until: Self.at(35)))
        state.heardAnnouncement(now: Self.at(5))
        #expect(Self.next(&state, Self.at(35)) == .close)
    }
}
