import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("One HTTP/2 connection, RFC 9113 §5, §8.1")
struct HTTP2HandlerTests {
    private static func limits(_ change: (inout HTTP2Limits) -> Void) -> HTTP2Limits {
        var limits = HTTP2Limits()
        change(&limits)
        return limits
    }

    // MARK: Connection

    @Test func `our settings are the first that the client hears`() throws {
        let wire = try HTTP2Wire(settings: nil)

        let frames = try wire.received()

        let settings = Frame.settings([(3, 100), (4, 65_535), (1, 4096), (6, 65_536), (9, 1)])
        #expect(frames == [settings, .windowUpdate(0, 1_048_576 - 65_535)])
    }

    @Test func `the client's settings are acknowledged and its ping is answered`() throws {
        let wire = try HTTP2Wire(settings: nil)
        _ = try wire.received()

        wire.send(Frame.preface + Frame.settings().bytes + Frame.ping.bytes)

        let pong = Frame(type: HTTP2FrameHead.ping, flags: 1, payload: Frame.ping.payload)
        #expect(Set(try wire.received().map(\.bytes)) == [Frame.settingsAcknowledgement.bytes, pong.bytes])
    }

    @Test func `what is not HTTP 2 ends the connection`() throws {
        let wire = try HTTP2Wire(settings: nil)

        wire.send(Array("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".utf8))

        #expect(try wire.answers().goAways == [.init(last: 0, code: .protocolError)])
        #expect(wire.isClosed)
    }

    @Test func `the connection may be cut anywhere`() throws {
        let bytes =
            Frame.preface + Frame.settings().bytes
            + HTTP2Wire.post(1, [("content-length", "2")]).bytes + Frame.data(1, "hi").bytes
        for cut in 0...bytes.count {
            let wire = try HTTP2Wire(settings: nil)

            wire.send(Array(bytes[..<cut]))
            wire.send(Array(bytes[cut...]))

            #expect(try wire.answers().bodies == [1: "POST /x a.test hi"], "cut at \(cut)")
        }
    }

    @Test func `bytes may come one at a time`() throws {
        let wire = try HTTP2Wire(settings: nil)

        for byte in Frame.preface + Frame.settings().bytes + HTTP2Wire.get(1).bytes {
            wire.send([byte])
        }

        #expect(try wire.answers().statuses == [1: ["200"]])
    }

    // MARK: Requests

    @Test func `a request is answered before the read that brought it returns`() throws {
        let wire = try HTTP2Wire()

        wire.channel.pipeline.syncOperations.fireChannelRead(
            NIOAny(ByteBuffer(bytes: HTTP2Wire.get(1).bytes))
        )
        wire.channel.pipeline.syncOperations.fireChannelReadComplete()

        #expect(try wire.answers().bodies == [1: "GET /x a.test "])
    }

    @Test func `the answers of one read leave in one write`() throws {
        let wire = try HTTP2Wire()
        let flushes = wire.tap.flushes

        wire.send(HTTP2Wire.get(1, "/1"), HTTP2Wire.get(3, "/2"), HTTP2Wire.get(5, "/3"))

        #expect(wire.tap.flushes == flushes + 1)
        #expect(
            try wire.answers().bodies
                == [1: "GET /1 a.test ", 3: "GET /2 a.test ", 5: "GET /3 a.test "]
        )
    }

    @Test func `answers that come late in one turn of the loop leave in one write`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1), HTTP2Wire.get(3), HTTP2Wire.get(5))
        let flushes = wire.tap.flushes

        for _ in 0..<3 {
            gate.open()
        }
        wire.run()

        #expect(wire.tap.flushes == flushes + 1)
        #expect(try wire.answers().ended == [1, 3, 5])
    }

    @Test func `the request bears nothing of the connection`() throws {
        let wire = try HTTP2Wire(respond: { request in
            let fields = request.head.headerFields.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
            return Answers.text(
                200,
                "\(request.version) \(request.head.method) \(request.head.path ?? "-") "
                    + "\(request.head.authority ?? "-") \(fields)"
            )
        })

        wire.send(
            HTTP2Wire.get(
                1,
                "/x?y=1",
                [("host", "a.test"), ("te", "trailers"), ("authorization", "Bearer T"), ("x-a", "b c")]
            )
        )

        #expect(
            try wire.answers().bodies == [1: "2 GET /x?y=1 a.test authorization=Bearer T;x-a=b c"]
        )
    }

    @Test func `a proxy may send Host instead of the authority`() throws {
        let wire = try HTTP2Wire()

        wire.send(
            .headers(1, [(":method", "GET"), (":scheme", "https"), (":path", "/"), ("host", "b.test:8443")])
        )

        #expect(try wire.answers().bodies == [1: "GET / b.test:8443 "])
    }

    // MARK: Replies

    @Test func `a reply has its fields in lower case, date and length`() throws {
        let wire = try HTTP2Wire(respond: { _ in
            Reply(
                status: .created,
                fields: [.eTag: "W/\"1\"", .connection: "close", .contentLength: "9", .location: "/1"],
                body: .bytes(ByteBuffer(string: "hello")),
                closes: true
            )
        })

        wire.send(HTTP2Wire.get(1))
        let seen = try wire.answers()

        #expect(seen.fields[1]?.map(\.0) == [":status", "etag", "location", "date", "content-length"])
        #expect(seen.field(1, "date") == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(seen.field(1, "content-length") == "5")
        #expect(seen.bodies == [1: "hello"])
        #expect(!wire.isClosed)
    }

    @Test(arguments: [("HEAD", 200, "7"), ("GET", 204, nil), ("GET", 304, nil)])
    func `a reply without a body ends with its header block`(method: String, status: Int, length: String?)
        throws
    {
        let wire = try HTTP2Wire(respond: { _ in Answers.text(status, "ignored") })

        wire.send(.headers(1, HTTP2Wire.head(method, "/x")))
        let seen = try wire.answers()

        #expect(seen.statuses == [1: ["\(status)"]])
        #expect(seen.field(1, "content-length") == length)
        #expect(seen.bodies == [:])
        #expect(seen.ended == [1])
    }

    @Test func `a reply goes out as the client's windows allow`() throws {
        let wire = try HTTP2Wire(settings: [(4, 4)], respond: { _ in Answers.text(200, "0123456789") })

        wire.send(HTTP2Wire.get(1))
        #expect(try wire.answers().bodies == [1: "0123"])
        wire.send(.windowUpdate(1, 5))
        #expect(try wire.answers().bodies == [1: "45678"])
        wire.send(.settings([(4, 5)]))

        let seen = try wire.answers()
        #expect(seen.bodies == [1: "9"])
        #expect(seen.ended == [1])
    }

    @Test func `no frame is made while the channel takes nothing, and nothing is read`() throws {
        let wire = try HTTP2Wire()
        wire.channel.isWritable = false
        let reads = wire.tap.reads

        wire.send(HTTP2Wire.get(1))
        wire.channel.read()
        #expect(try wire.received() == [])
        #expect(wire.tap.reads == reads)
        wire.channel.isWritable = true
        wire.channel.pipeline.fireChannelWritabilityChanged()

        #expect(try wire.answers().statuses == [1: ["200"]])
        #expect(wire.tap.reads == reads + 1)
    }

    @Test func `a large reply leaves in pieces`() throws {
        let large = String(repeating: "x", count: 60_000)
        let wire = try HTTP2Wire(
            http2: Self.limits { $0.outputBatchBytes = 20_000 },
            respond: { _ in Answers.text(200, large) }
        )
        let flushes = wire.tap.flushes

        wire.send(HTTP2Wire.get(1))

        #expect(wire.tap.flushes == flushes + 2)
        #expect(try wire.answers().bodies == [1: large])
    }

    // MARK: Requests taken back

    @Test func `a request taken back is cancelled and not answered`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1))

        wire.send(.reset(1))
        gate.open()
        wire.run()

        #expect(gate.cancellations == 1)
        #expect(try wire.received() == [])
    }

    @Test func `a request taken back in the same read never begins`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)

        wire.send(HTTP2Wire.get(1, "/1"), .reset(1), HTTP2Wire.get(3, "/2"))

        #expect(gate.paths == ["/2"])
        gate.open()
    }

    @Test func `a request that the same read makes us reset never begins`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)

        wire.send(
            HTTP2Wire.get(1, "/1"),
            .windowUpdate(1, 0x7fff_ffff),
            .headers(3, HTTP2Wire.head("POST", "/2") + [("content-length", "1")], flags: 4),
            .data(3, "12"),
            HTTP2Wire.get(5, "/3")
        )

        #expect(gate.paths == ["/3"])
        #expect(try wire.answers().resets == [1: .flowControlError, 3: .protocolError])
        gate.open()
        wire.run()
        #expect(try wire.answers().statuses == [5: ["200"]])
    }

    @Test func `requests in work are counted until their work ends, whatever became of their streams`() throws
    {
        let gate = Gate()
        let wire = try HTTP2Wire(http2: Self.limits { $0.requestsInWork = 2 }, respond: gate.respond)
        for stream in [1, 3] as [Int32] {
            wire.send(HTTP2Wire.get(stream, "/\(stream)"))
            wire.send(.reset(stream))
        }

        wire.send(HTTP2Wire.get(5, "/5"))
        #expect(try wire.answers().resets == [5: .refusedStream])
        gate.open()
        wire.run()
        wire.send(HTTP2Wire.get(7, "/7"))

        #expect(gate.paths == ["/1", "/3", "/7"])
        for _ in 0..<2 {
            gate.open()
        }
        wire.run()
        #expect(try wire.answers().statuses == [7: ["200"]])
    }

    @Test func `a connection that is gone cancels what is in work`() throws {
        let gate = Gate()
        let wire = try HTTP2Wire(respond: gate.respond)
        wire.send(HTTP2Wire.get(1), HTTP2Wire.post(3))

        wire.channel.close(promise: nil)
        wire.run()

        #expect(gate.cancellations == 2)
        for _ in 0..<2 {
            gate.open()
        }
        wire.run()
    }

    @Test(arguments: [(true, [HTTP2Wire.Seen.GoAway(last: 3, code: .protocolError)]), (false, [])])
    func `one stream too many ends the connection, or is refused while the limit is not known`(
        isAcknowledged: Bool,
        goAways: [HTTP2Wire.Seen.GoAway]
    ) throws {
        let gate = Gate()
        let wire = try HTTP2Wire(
            http2: Self.limits { $0.concurrentStreams = 2 },
            settings: isAcknowledged ? [] : nil,
            respond: gate.respond
        )
        if !isAcknowledged {
            wire.send(Frame.preface + Frame.settings().bytes)
        }

        wire.send(HTTP2Wire.get(1), HTTP2Wire.get(3))
        #expect(gate.paths == ["/x", "/x"])
        wire.send(HTTP2Wire.get(5))

        let seen = try wire.answers()
        #expect(seen.goAways == goAways)
        #expect(seen.resets == (isAcknowledged ? [:] : [5: .refusedStream]))
        #expect(gate.paths.count == 2)
        for _ in 0..<2 {
            gate.open()
        }
        wire.run()
    }
}
