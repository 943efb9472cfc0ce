import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("Bodies over HTTP/2: pulled, within windows and limits, RFC 9113 §5.2, §8.1")
struct HTTP2BodyTests {
    private static func limits(body: Int) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.bodyBytes = body
        return limits
    }

    private static func http2(atOnce: Int) -> HTTP2Limits {
        var limits = HTTP2Limits()
        limits.bodyBytesAtOnce = atOnce
        return limits
    }

    @Test func `a body is given when it is complete`() throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.post(1), .data(1, "hel", isLast: false))
        #expect(try wire.answers().statuses == [:])
        wire.send(.data(1, "lo"))

        let seen = try wire.answers()
        #expect(seen.bodies == [1: "POST /x a.test hello"])
        #expect(seen.resets == [:])
    }

    @Test func `the stream's window is moved only once the body is asked for`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(settings: [(4, 200_000)], respond: gate.respond)
        let part = String(repeating: "x", count: 16_000)

        wire.send(HTTP2Wire.post(1), .windowUpdate(0, 200_000))
        for _ in 0..<4 {
            wire.send(.data(1, part, isLast: false))
        }
        #expect(try wire.answers().windows == [:])
        gate.open()
        wire.run()
        #expect(try wire.answers().windows[1] == 64_000)
        for _ in 0..<4 {
            wire.send(.data(1, part, isLast: false))
        }
        wire.send(.data(1, ""))

        #expect(try wire.answers().bodies[1]?.utf8.count == 128_000 + "POST /x a.test ".utf8.count)
    }

    @Test func `a body that was complete before anybody asked is given at once`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.post(1), .data(1, "hello"))

        gate.open()
        wire.run()

        #expect(try wire.answers().bodies == [1: "POST /x a.test hello"])
    }

    @Test(arguments: [(10, "200"), (11, "413")], [nil, true, false])
    func `a body is read up to the limit and refused beyond, announced or not`(
        expected: (count: Int, status: String),
        isAnnounced: Bool?
    ) throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10))
        let body = String(repeating: "x", count: expected.count)

        switch isAnnounced {
        case nil:
            wire.send(HTTP2Wire.post(1), .data(1, body))
        case true?:
            wire.send(HTTP2Wire.post(1, [("content-length", "\(expected.count)")]))
            wire.send(.data(1, body))
        case false?:
            wire.send(HTTP2Wire.post(1))
            wire.send(.data(1, body))
        }

        #expect(try wire.answers().statuses == [1: [expected.status]])
        #expect(!wire.isClosed)
    }

    @Test func `a client that is refused while it sends may read the answer, and then stop`() throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10))
        wire.send(HTTP2Wire.post(1, [("content-length", "100000000")]), .data(1, "0123", isLast: false))
        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["413"]])
        #expect(seen.ended == [1])

        wire.pass(.seconds(5) - .nanoseconds(1))
        #expect(try wire.answers().resets == [:])
        wire.pass(.nanoseconds(1))

        #expect(try wire.answers().resets == [1: .noError])
        wire.send(.data(1, "more of it", isLast: false), HTTP2Wire.get(3))
        #expect(try wire.answers().statuses == [3: ["200"]])
    }

    @Test func `a body that nobody wants is not read`() throws {
        let wire = try HTTP2Wire(respond: Answers.ignore)

        wire.send(HTTP2Wire.post(1))
        for _ in 0..<4 {
            wire.send(.data(1, String(repeating: "x", count: 16_000), isLast: false))
        }

        let seen = try wire.answers()
        #expect(seen.bodies == [1: "ignored"])
        #expect(seen.windows[1] == nil)
    }

    @Test func `a client that goes on to the end of a body that nobody wants is not reset`() throws {
        let wire = try HTTP2Wire(respond: Answers.ignore)
        wire.send(HTTP2Wire.post(1), .data(1, "01", isLast: false))

        wire.send(.data(1, "23"))
        wire.pass(.seconds(5))

        #expect(try wire.answers().resets == [:])
    }

    @Test func `a body that is here already is let go`() throws {
        let wire = try HTTP2Wire(respond: Answers.ignore)

        wire.send(HTTP2Wire.post(1), .data(1, "0123"))

        let seen = try wire.answers()
        #expect(seen.bodies == [1: "ignored"])
        #expect(seen.resets == [:])
    }

    @Test func `100 is sent when the body is asked for, not before`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.post(1, [("expect", "100-continue"), ("content-length", "2")]))
        #expect(try wire.answers().statuses == [:])

        gate.open()
        wire.run()
        #expect(try wire.answers().statuses == [1: ["100"]])
        wire.send(.data(1, "hi"))

        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["200"]])
        #expect(seen.bodies == [1: "POST /x a.test hi"])
    }

    @Test func `a client that did not wait for 100 is not told`() throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.post(1, [("expect", "100-Continue")]), .data(1, "h", isLast: false))
        wire.send(.data(1, "i"))

        #expect(try wire.answers().statuses == [1: ["200"]])
    }

    @Test func `a body is given once`() throws {
        let wire = try HTTP2Wire(respond: { request in
            do throws(BodyRefusal) {
                _ = try await request.body()
                _ = try await request.body()
                return Answers.text(200, "")
            } catch {
                return Answers.text(200, "\(error)")
            }
        })

        wire.send(HTTP2Wire.post(1), .data(1, "hi"))

        #expect(try wire.answers().bodies == [1: "disconnected"])
    }

    @Test func `a body that is asked for when the client has gone does not come`() throws {
        let gate = Gate()
        let told = Mutex<[BodyRefusal]>([])
        let wire = try HTTP2Wire(respond: { request in
            _ = await gate.respond(IncomingRequest(head: request.head, body: ByteBuffer()))
            do throws(BodyRefusal) {
                _ = try await request.body()
            } catch {
                told.withLock { $0.append(error) }
            }
            return Answers.text(200, "")
        })
        wire.send(HTTP2Wire.post(1))
        wire.channel.close(promise: nil)
        wire.run()

        gate.open()
        wire.run()

        #expect(told.withLock { $0 } == [.disconnected])
    }

    @Test(arguments: ["12", "123456"])
    func `a body that is not as long as announced resets the stream and is not given`(body: String) throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.post(1, [("content-length", "5")]), .data(1, body))

        let seen = try wire.answers()
        #expect(seen.resets == [1: .protocolError])
        #expect(seen.statuses == [:])
    }

    @Test func `a trailer section ends the body and is dropped`() throws {
        let wire = try HTTP2Wire()

        wire.send(
            HTTP2Wire.post(1),
            .data(1, "hi", isLast: false),
            .headers(1, [("authorization", "Bearer X"), ("x-a", "b")])
        )

        #expect(try wire.answers().bodies == [1: "POST /x a.test hi"])
    }

    @Test(arguments: [(100, "200"), (101, "400")])
    func `a trailer section has the limits of a header block`(fields: Int, status: String) throws {
        let wire = try HTTP2Wire()

        wire.send(
            HTTP2Wire.post(1),
            .data(1, "hi", isLast: false),
            .headers(1, (1...fields).map { ("x-\($0)", "") })
        )

        #expect(try wire.answers().statuses == [1: [status]])
    }

    @Test func `padding is no part of a body and comes back as window`() throws {
        let wire = try HTTP2Wire()
        let padded = Frame(
            type: HTTP2FrameHead.data,
            flags: 0x9,
            stream: 1,
            payload: [3] + Array("hi".utf8) + [0, 0, 0]
        )

        wire.send(HTTP2Wire.post(1), padded)

        #expect(try wire.answers().bodies == [1: "POST /x a.test hi"])
    }

    // MARK: Memory

    @Test(arguments: [(20, ["/1", "/3"]), (19, ["/1"])])
    func `bodies are read at the same time as far as there is room for them`(
        atOnce: Int,
        reading: [String]
    ) throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10), http2: Self.http2(atOnce: atOnce))

        for stream in [1, 3] as [Int32] {
            wire.send(
                .headers(
                    stream,
                    HTTP2Wire.head("POST", "/\(stream)")
                        + [("content-length", "10"), ("expect", "100-continue")],
                    flags: HTTP2FrameHead.endHeaders
                )
            )
        }

        #expect(try wire.answers().statuses.keys.sorted().map { "/\($0)" } == reading)
    }

    @Test func `a body that had to wait is read when the one before it is done with`() throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10), http2: Self.http2(atOnce: 10))
        let announced = [("content-length", "10"), ("expect", "100-continue")]
        wire.send(HTTP2Wire.post(1, announced), HTTP2Wire.post(3, announced))
        #expect(try wire.answers().statuses == [1: ["100"]])

        wire.send(.data(1, "0123456789"))

        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["200"], 3: ["100"]])
        wire.send(.data(3, "0123456789"))
        #expect(try wire.answers().bodies == [3: "POST /x a.test 0123456789"])
    }

    @Test func `a body that comes whole while it waits is given`() throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10), http2: Self.http2(atOnce: 10))
        wire.send(HTTP2Wire.post(1), HTTP2Wire.post(3))

        wire.send(.data(3, "hi"))

        #expect(try wire.answers().bodies == [3: "POST /x a.test hi"])
    }

    @Test func `the largest body is read even where there is room for less`() throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10), http2: Self.http2(atOnce: 1))

        wire.send(HTTP2Wire.post(1), .data(1, "0123456789"))

        #expect(try wire.answers().statuses == [1: ["200"]])
    }

    @Test func `requests that are taken back make room for those that wait`() throws {
        let wire = try HTTP2Wire(limits: Self.limits(body: 10), http2: Self.http2(atOnce: 10))
        wire.send(HTTP2Wire.post(1), HTTP2Wire.post(3, [("expect", "100-continue")]))
        #expect(try wire.answers().statuses == [:])

        wire.send(.reset(1))

        #expect(try wire.answers().statuses == [3: ["100"]])
    }
}
