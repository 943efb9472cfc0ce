import Testing

@testable import HTTPTransport

@Suite("HTTP/1 connection as a pure machine, RFC 9112 §9")
struct HTTP1StateTests {
    private static func machine(body: Int = 10, linger: Int = 10) -> HTTP1State {
        var limits = HTTPLimits()
        limits.bodyBytes = body
        limits.lingerBytes = linger
        return HTTP1State(limits: limits)
    }

    /// Takes the machine to where a request is in work.
    private static func begin(
        _ state: inout HTTP1State,
        _ framing: BodyFraming = .none,
        expectsContinue: Bool = false,
        keepsAlive: Bool = true
    ) -> UInt64 {
        state.receivedBytes()
        return state.receivedHead(framing, expectsContinue: expectsContinue, keepsAlive: keepsAlive)
    }

    @Test func `requests without a body follow one another`() {
        var state = Self.machine()

        for _ in 0..<3 {
            let number = Self.begin(&state)
            #expect(state.takesInput == false)
            #expect(state.replied(number, closes: false) == .send)
        }

        #expect(state.takesInput == true)
        #expect(state.wait?.limit == .nextRequest)
    }

    @Test func `the time limits follow the phases`() {
        var state = Self.machine()

        #expect(state.wait?.limit == .nextRequest)
        state.receivedBytes()
        #expect(state.wait?.limit == .head)
        let number = state.receivedHead(.length(2), expectsContinue: false, keepsAlive: true)
        #expect(state.wait == nil)
        #expect(state.pulledBody(number, hasInput: false) == .read(sendsContinue: false))
        #expect(state.wait?.limit == .body)
        #expect(state.receivedBody(bytes: 2) == .keep)
        #expect(state.receivedBodyEnd() == .deliver)
        #expect(state.wait == nil)
        #expect(state.replied(number, closes: true) == .sendThenLinger)
        #expect(state.wait?.limit == .reply)
        #expect(state.closedOutput() == false)
        #expect(state.wait?.limit == .linger)
        #expect(state.timedOut() == .close)
        #expect(state.wait == nil)
    }

    @Test func `more bytes of a head do not start its time limit anew`() {
        var state = Self.machine()
        state.receivedBytes()
        let before = state.wait

        state.receivedBytes()

        #expect(state.wait == before)
    }

    @Test func `each pause between requests has its own time limit`() {
        var state = Self.machine()
        let before = state.wait

        #expect(state.replied(Self.begin(&state), closes: false) == .send)

        #expect(state.wait != before)
    }

    @Test func `a body is taken only after it is pulled`() {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3))
        #expect(state.wantsRead == false)

        let action = state.pulledBody(number, hasInput: false)

        #expect(action == .read(sendsContinue: false))
        #expect(state.wantsRead == true)
    }

    @Test(arguments: [(10, HTTP1State.PullAction.read(sendsContinue: false)), (11, .refuse(.tooLarge))])
    func `a length over the limit is refused unread`(length: Int, expected: HTTP1State.PullAction) {
        var state = Self.machine(body: 10)
        let number = Self.begin(&state, .length(length))

        #expect(state.pulledBody(number, hasInput: true) == expected)
    }

    @Test(arguments: [
        (true, false, true), (true, true, false), (false, false, false), (false, true, false),
    ])
    func `100 Continue is sent to a client that waits for it`(expects: Bool, hasInput: Bool, sends: Bool) {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3), expectsContinue: expects)

        #expect(state.pulledBody(number, hasInput: hasInput) == .read(sendsContinue: sends))
    }

    @Test func `a second pull, and a pull for another request, find nothing`() {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3))
        #expect(state.pulledBody(number + 1, hasInput: false) == .refuse(.disconnected))
        #expect(state.pulledBody(number, hasInput: false) == .read(sendsContinue: false))

        #expect(state.pulledBody(number, hasInput: false) == .refuse(.disconnected))
    }

    @Test func `a reply before the body was pulled discards it and keeps the connection`() {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3))

        #expect(state.replied(number, closes: false) == .sendThenDiscard)
        #expect(state.wait?.limit == .body)
        #expect(state.receivedBody(bytes: 3) == .drop)
        #expect(state.receivedBodyEnd() == .nextRequest)
        #expect(state.wait?.limit == .nextRequest)
    }

    @Test(arguments: [(10, HTTP1State.BodyAction.drop), (11, .linger)])
    func `a chunked body that nobody pulled is discarded up to the limit`(
        bytes: Int,
        expected: HTTP1State.BodyAction
    ) {
        var state = Self.machine(body: 10)
        #expect(state.replied(Self.begin(&state, .chunked), closes: false) == .sendThenDiscard)

        #expect(state.receivedBody(bytes: bytes) == expected)
    }

    @Test func `a reply ends the connection where the next request cannot be found or is not wanted`() {
        var state = Self.machine(body: 10)
        #expect(state.replied(Self.begin(&state, .length(11)), closes: false) == .sendThenLinger)

        state = Self.machine()
        let waiting = Self.begin(&state, .length(3), expectsContinue: true)
        #expect(state.replied(waiting, closes: false) == .sendThenLinger)

        state = Self.machine()
        #expect(state.replied(Self.begin(&state, keepsAlive: false), closes: false) == .sendThenLinger)

        state = Self.machine()
        #expect(state.replied(Self.begin(&state), closes: true) == .sendThenLinger)
    }

    @Test func `a broken body is told to whoever pulled it, and ends the connection`() {
        var state = Self.machine()
        let number = Self.begin(&state, .chunked)
        #expect(state.pulledBody(number, hasInput: true) == .read(sendsContinue: false))

        #expect(state.refusedBody() == .tellPuller)
        #expect(state.replied(number, closes: false) == .sendThenLinger)
    }

    @Test func `a broken body that is being discarded closes the output`() {
        var state = Self.machine()
        #expect(state.replied(Self.begin(&state, .chunked), closes: false) == .sendThenDiscard)

        #expect(state.refusedBody() == .linger)
        #expect(state.isLingering == true)
    }

    @Test func `a reply while the body is still read ends the connection`() {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3))
        #expect(state.pulledBody(number, hasInput: false) == .read(sendsContinue: false))

        #expect(state.replied(number, closes: false) == .sendThenLinger)
    }

    @Test func `what comes for a request that is over is dropped`() {
        var state = Self.machine()
        let first = Self.begin(&state)
        #expect(state.replied(first, closes: false) == .send)
        let second = Self.begin(&state)

        #expect(state.replied(first, closes: false) == .drop)
        #expect(state.isInExchange(first) == false)
        #expect(state.isInExchange(second) == true)
        state.closed()
        #expect(state.replied(second, closes: false) == .drop)
    }

    @Test func `a head that comes too late is answered, silence is not`() {
        var silent = Self.machine()
        #expect(silent.timedOut() == .close)

        var slow = Self.machine()
        slow.receivedBytes()
        #expect(slow.timedOut() == .refuseHead)
        #expect(slow.isLingering == true)
    }

    @Test func `a body that comes too late is told to whoever pulled it`() {
        var state = Self.machine()
        let number = Self.begin(&state, .length(3))
        #expect(state.pulledBody(number, hasInput: false) == .read(sendsContinue: false))

        #expect(state.timedOut() == .refuseBody)
        #expect(state.replied(number, closes: false) == .sendThenLinger)
    }

    @Test(arguments: [(10, false), (11, true)])
    func `lingering ends at its limit of bytes`(bytes: Int, closes: Bool) {
        var state = Self.machine(linger: 10)
        state.receivedBytes()
        state.refusedHead()

        #expect(state.receivedWhileLingering(bytes: bytes) == closes)
    }

    @Test func `a quiesced connection closes when idle and after the request in work otherwise`() {
        var idle = Self.machine()
        #expect(idle.quiesced() == true)
        #expect(idle.closedOutput() == true)

        var working = Self.machine()
        let number = Self.begin(&working)
        #expect(working.quiesced() == false)
        #expect(working.replied(number, closes: false) == .sendThenLinger)

        var discarding = Self.machine()
        #expect(discarding.replied(Self.begin(&discarding, .length(1)), closes: false) == .sendThenDiscard)
        #expect(discarding.quiesced() == false)
        #expect(discarding.receivedBody(bytes: 1) == .drop)
        #expect(discarding.receivedBodyEnd() == .closeOutput)
    }

    @Test func `a client that sends no more gets the answer to what it asked`() {
        var working = Self.machine()
        let number = Self.begin(&working)
        #expect(working.starved() == false)
        #expect(working.replied(number, closes: false) == .send)
        #expect(working.starved() == true)

        var reading = Self.machine()
        let unfinished = Self.begin(&reading, .length(3))
        #expect(reading.pulledBody(unfinished, hasInput: false) == .read(sendsContinue: false))
        #expect(reading.starved() == true)
        #expect(reading.replied(unfinished, closes: false) == .drop)
    }
}
