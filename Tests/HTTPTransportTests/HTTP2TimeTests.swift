import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("Time limits and the end of an HTTP/2 connection, RFC 9113 §5.4, §6.8")
struct HTTP2TimeTests {
    private static let announced = HTTP2Wire.Seen.GoAway(last: Int32.max, code: .noError)

    // MARK: Slow clients

    @Test func `settings must be acknowledged in time`() throws {
        let wire = try HTTP2Wire(settings: nil)
        wire.send(Frame.preface + Frame.settings().bytes)

        wire.pass(.seconds(10) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().goAways == [.init(last: 0, code: .settingsTimeout)])
        #expect(wire.isClosed)
    }

    @Test func `a header block must be complete in time, however steadily it drips`() throws {
        let wire = try HTTP2Wire()
        let bytes = HTTP2Wire.get(1).bytes

        for index in 0..<9 {
            wire.send(Array(bytes[(index * 2)..<(index * 2 + 2)]))
            wire.pass(.seconds(1))
        }
        // Its head was whole after the fifth step, four seconds late.
        wire.pass(.seconds(5) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().goAways.map(\.code) == [.enhanceYourCalm])
    }

    @Test func `a header block whose frames come in time is answered`() throws {
        let wire = try HTTP2Wire()

        wire.send(.headers(1, HTTP2Wire.head("GET", "/x"), flags: 1))
        wire.pass(.seconds(9))
        wire.send(.continuation(1, [], isLast: true))
        wire.pass(.seconds(9))

        #expect(try wire.answers().statuses == [1: ["200"]])
        #expect(!wire.isClosed)
    }

    @Test func `a body must be complete in time once it is asked for`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.post(1))
        wire.pass(.seconds(60))
        gate.open()
        wire.run()

        wire.pass(.seconds(20) - .nanoseconds(1))
        #expect(try wire.answers().statuses == [:])
        wire.pass(.nanoseconds(1))

        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["408"]])
        #expect(seen.ended == [1])
        #expect(!wire.isClosed)
    }

    @Test func `the time of a body begins when there is room to read it`() throws {
        var limits = HTTPLimits()
        limits.bodyBytes = 10
        var http2 = HTTP2Limits()
        http2.bodyBytesAtOnce = 10
        let wire = try HTTP2Wire(limits: limits, http2: http2)
        wire.send(HTTP2Wire.post(1), HTTP2Wire.post(3))

        wire.pass(.seconds(20))
        #expect(try wire.answers().statuses == [1: ["408"]])
        wire.pass(.seconds(20) - .nanoseconds(1))
        #expect(try wire.answers().statuses == [:])
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().statuses == [3: ["408"]])
    }

    @Test func `a connection without requests ends in time`() throws {
        let wire = try HTTP2Wire()
        wire.pass(.seconds(60))
        wire.send(HTTP2Wire.get(1))
        wire.send(.ping)
        _ = try wire.received()

        wire.pass(.seconds(75) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().goAways == [.init(last: 1, code: .noError)])
        #expect(wire.isClosed)
    }

    @Test func `a request in work keeps the connection`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1))

        wire.pass(.minutes(10))
        gate.open()
        wire.run()

        #expect(try wire.answers().statuses == [1: ["200"]])
        #expect(!wire.isClosed)
    }

    // MARK: Clients that do not take their replies

    @Test func `a client that takes nothing is cut in time`() throws {
        let wire = try HTTP2Wire(settings: [(4, 0)])
        wire.send(HTTP2Wire.get(1), HTTP2Wire.get(3))

        wire.pass(.seconds(30) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().goAways.map(\.code) == [.enhanceYourCalm])
    }

    @Test func `a reply that is not taken is given up while others go on`() throws {
        let wire = try HTTP2Wire(settings: [(4, 0)])
        wire.send(HTTP2Wire.get(1), HTTP2Wire.get(3))
        for _ in 0..<3 {
            wire.pass(.seconds(9))
            wire.send(.windowUpdate(3, 1))
        }
        #expect(try wire.answers().bodies == [3: "GET"])

        wire.pass(.seconds(3))

        #expect(try wire.answers().resets == [1: .cancel])
        #expect(!wire.isClosed)
    }

    @Test(arguments: [(100, false), (101, true)])
    func `replies that hold much memory are given less time`(bytes: Int, closes: Bool) throws {
        var http2 = HTTP2Limits()
        http2.stalledBytes = 100
        let half = String(repeating: "x", count: 50)
        let rest = String(repeating: "x", count: bytes - 50)
        let wire = try HTTP2Wire(
            http2: http2,
            settings: [(4, 0)],
            respond: { Answers.text(200, $0.head.path == "/1" ? half : rest) }
        )
        wire.send(HTTP2Wire.get(1, "/1"), HTTP2Wire.get(3, "/2"))

        wire.pass(.seconds(5) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(wire.isClosed == closes)
    }

    @Test func `one reply that is taken does not hide the memory of those that are not`() throws {
        var http2 = HTTP2Limits()
        http2.stalledBytes = 100
        let body = String(repeating: "x", count: 60)
        let wire = try HTTP2Wire(
            http2: http2,
            settings: [(4, 0)],
            respond: { _ in Answers.text(200, body) }
        )
        wire.send(HTTP2Wire.get(1), HTTP2Wire.get(3), HTTP2Wire.get(5))

        wire.pass(.seconds(4))
        wire.send(.windowUpdate(5, 1))
        #expect(!wire.isClosed)
        wire.pass(.seconds(1))

        #expect(wire.isClosed)
    }

    @Test func `a channel that does not tell what it holds counts as one that makes no progress`() throws {
        let wire = try HTTP2Wire()
        wire.channel.isWritable = false
        wire.send(HTTP2Wire.get(1))

        wire.pass(.seconds(30) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(wire.isClosed)
    }

    @Test func `a window of the connection that is shut holds all replies`() throws {
        var http2 = HTTP2Limits()
        http2.stalledBytes = 100
        let large = String(repeating: "x", count: 65_535 + 101)
        let wire = try HTTP2Wire(
            http2: http2,
            settings: [(4, 1_000_000)],
            respond: { _ in Answers.text(200, large) }
        )
        wire.send(HTTP2Wire.get(1))

        wire.pass(.seconds(5) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(wire.isClosed)
    }

    // MARK: The end

    @Test func `a connection that is to end finishes what is in work, and what is on its way`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1, "/1"))

        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        let announcement = try wire.received()
        #expect(wire.seen(announcement).goAways == [Self.announced])
        wire.send(HTTP2Wire.get(3, "/2"))
        wire.pass(.seconds(1))
        #expect(try wire.answers().goAways == [.init(last: 3, code: .noError)])
        wire.send(HTTP2Wire.get(5, "/3"))
        for _ in 0..<2 {
            gate.open()
        }
        wire.run()

        #expect(gate.paths == ["/1", "/2"])
        #expect(try wire.answers().ended == [1, 3])
        #expect(wire.isClosed)
    }

    @Test func `a client that answers the ping has heard, and need not be waited for`() throws {
        let wire = try HTTP2Wire()
        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        let frames = try wire.received()
        let ping = try #require(frames.first { $0.type == HTTP2FrameHead.ping })
        #expect(wire.seen(frames).goAways == [Self.announced])

        wire.send(Frame(type: HTTP2FrameHead.ping, flags: 1, payload: ping.payload))

        #expect(try wire.answers().goAways == [.init(last: 0, code: .noError)])
        #expect(wire.isClosed)
    }

    @Test func `requests in work have limited time at the end`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1))
        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        wire.pass(.seconds(1))

        wire.pass(.seconds(30) - .nanoseconds(1))
        #expect(!wire.isClosed)
        wire.pass(.nanoseconds(1))

        #expect(wire.isClosed)
        #expect(gate.cancellations == 1)
        gate.open()
        wire.run()
    }

    @Test func `a connection lives for a limited time`() throws {
        var limits = HTTPLimits()
        limits.idleTimeout = .hours(2)
        let wire = try HTTP2Wire(limits: limits)

        wire.pass(.hours(1) - .nanoseconds(1))
        #expect(try wire.answers().goAways == [])
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().goAways == [Self.announced])
    }

    @Test(arguments: [(2, false), (3, true)])
    func `a connection serves a limited number of requests`(count: Int, ends: Bool) throws {
        var http2 = HTTP2Limits()
        http2.requests = 3
        let wire = try HTTP2Wire(http2: http2)

        for index in 0..<Int32(count) {
            wire.send(HTTP2Wire.get(2 * index + 1))
        }

        let seen = try wire.answers()
        #expect(seen.statuses.count == count)
        #expect(seen.goAways == (ends ? [Self.announced] : []))
    }

    @Test func `a client that says goodbye is closed when it has its answers`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1))

        wire.send(Frame(type: HTTP2FrameHead.goAway, payload: Array(repeating: 0, count: 8)))
        #expect(!wire.isClosed)
        gate.open()
        wire.run()

        #expect(try wire.answers().statuses == [1: ["200"]])
        #expect(wire.isClosed)
    }

    @Test func `a transport that fails closes the connection`() throws {
        let wire = try HTTP2Wire()

        wire.channel.pipeline.fireErrorCaught(ChannelError.inputClosed)

        #expect(wire.isClosed)
    }
}
