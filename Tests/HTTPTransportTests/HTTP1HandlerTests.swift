import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("One HTTP/1 connection, RFC 9112 §9")
struct HTTP1HandlerTests {
    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a.test\r\n\(fields)\r\n"
    }

    private static func post(_ fields: String, _ body: String = "") -> String {
        "POST /x HTTP/1.1\r\nHost: a.test\r\n\(fields)\r\n\(body)"
    }

    private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits()
        change(&limits)
        return limits
    }

    // MARK: Requests in order

    @Test func `a request is answered before the read that brought it returns`() throws {
        let wire = try Wire()

        wire.channel.pipeline.syncOperations.fireChannelRead(NIOAny(ByteBuffer(string: Self.get("/1"))))
        wire.channel.pipeline.syncOperations.fireChannelReadComplete()

        #expect(try wire.received().hasSuffix("\r\n\r\nGET /1 a.test "))
    }

    @Test func `replies of one read are sent by one flush, in order`() throws {
        let wire = try Wire()

        wire.send(Self.get("/1") + Self.get("/2") + Self.post("Content-Length: 2\r\n", "hi") + Self.get("/3"))
        let received = try wire.received()

        #expect(wire.tap.flushes == 1)
        #expect(received.statuses == [200, 200, 200, 200])
        #expect(received.contains("GET /1 a.test HTTP/1.1") && received.hasSuffix("GET /3 a.test "))
    }

    @Test func `the next request is not taken, nor read, while one is in work`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1") + Self.get("/2"))
        let reads = wire.tap.reads
        wire.channel.read()
        #expect(gate.paths == ["/1"])
        #expect(wire.tap.reads == reads)

        gate.open()
        wire.run()

        #expect(gate.paths == ["/1", "/2"])
        gate.open()
        wire.run()
        #expect(try wire.statuses() == [200, 200])
        #expect(wire.tap.reads == reads + 1)
    }

    @Test(arguments: [(100, false), (101, true)])
    func `bytes sent ahead are kept up to their limit`(bytes: Int, closes: Bool) throws {
        let gate = Gate()
        let wire = try Wire(limits: Self.limits { $0.aheadBytes = 100 }, respond: gate.respond)
        wire.send(Self.get("/1"))

        wire.send(String(repeating: "x", count: bytes))

        #expect(wire.isClosed == closes)
        gate.open()
    }

    @Test func `requests are not taken while the client takes no replies`() throws {
        let wire = try Wire()
        wire.channel.isWritable = false

        wire.send(Self.get("/1"))
        #expect(try wire.statuses() == [])
        wire.channel.isWritable = true
        wire.channel.pipeline.fireChannelWritabilityChanged()

        #expect(try wire.statuses() == [200])
    }

    // MARK: Heads

    @Test func `the request bears nothing of the connection`() throws {
        let wire = try Wire(respond: { request in
            let fields = request.head.headerFields.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
            return Answers.text(200, "\(request.version) \(request.head.authority ?? "-") \(fields)")
        })

        wire.send(
            Self.get(
                "/",
                "Connection: x\r\nKeep-Alive: 5\r\nTE: trailers\r\nAuthorization: Bearer T\r\nX-A:  b c \t\r\n"
            )
        )

        #expect(try wire.received().hasSuffix("\r\n\r\n1.1 a.test Authorization=Bearer T;X-A=b c"))
    }

    @Test func `the authority of an absolute target stands above Host`() throws {
        let wire = try Wire()

        wire.send("GET https://b.test:8443/x?y HTTP/1.1\r\nHost: a.test\r\n\r\n")

        #expect(try wire.received().hasSuffix("GET /x?y b.test:8443 "))
    }

    @Test func `HEAD has the head of GET and no body, and the next request follows`() throws {
        let wire = try Wire(respond: Answers.ignore)

        wire.send("HEAD /x HTTP/1.1\r\nHost: a.test\r\n\r\n" + Self.get("/x"))
        let received = try wire.received()

        #expect(received.statuses == [200, 200])
        #expect(received.contains("Content-Length: 7\r\n\r\nHTTP/1.1 200"))
        #expect(received.hasSuffix("\r\n\r\nignored"))
    }

    @Test(arguments: [
        get("/", "Connection: close\r\n"), get("/", "connection: x , CLOSE\r\n"),
        get("/", "Connection: upgrade\r\nUpgrade: h2c\r\n"), "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\n\r\n",
    ])
    func `the last request of a connection is answered as such`(request: String) throws {
        let wire = try Wire()

        wire.send(request + Self.get("/2"))
        let received = try wire.received()

        #expect(received.statuses == [200])
        #expect(received.contains("\r\nConnection: close\r\n"))
        #expect(wire.tap.closesOutput)
    }

    @Test func `a reply can end the connection`() throws {
        let wire = try Wire(respond: { _ in
            var reply = Answers.text(200, "")
            reply.closes = true
            return reply
        })

        wire.send(Self.get("/1") + Self.get("/2"))

        #expect(try wire.statuses() == [200])
        #expect(wire.tap.closesOutput)
    }

    // MARK: Bodies

    @Test func `100 Continue is sent when the body is pulled, not before`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.post("Content-Length: 2\r\nExpect: 100-continue\r\n"))
        #expect(try wire.statuses() == [])

        gate.open()
        wire.run()
        #expect(try wire.statuses() == [100])
        wire.send("hi")
        wire.run()

        #expect(try wire.received().hasSuffix("POST /x a.test hi"))
    }

    @Test func `a client that waits with its body is refused without being told to go on`() throws {
        let wire = try Wire(respond: Answers.ignore)

        wire.send(Self.post("Content-Length: 2\r\nExpect: 100-continue\r\n"))
        let received = try wire.received()

        #expect(received.statuses == [200])
        #expect(received.contains("\r\nConnection: close\r\n"))
    }

    @Test(arguments: [(10, [200], false), (11, [413], true)])
    func `a length is read up to the limit and refused unread beyond`(
        count: Int,
        statuses: [Int],
        closes: Bool
    ) throws {
        let wire = try Wire(limits: Self.limits { $0.bodyBytes = 10 })

        wire.send(
            Self.post("Content-Length: \(count)\r\n") + (closes ? "" : String(repeating: "x", count: count))
        )

        #expect(try wire.statuses() == statuses)
        #expect(wire.tap.closesOutput == closes)
    }

    @Test(arguments: [("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", [200]), ("5\r\nhello\r\n6\r\nworl", [413])])
    func `chunks are read up to the limit and refused while they come`(chunks: String, statuses: [Int]) throws
    {
        let wire = try Wire(limits: Self.limits { $0.bodyBytes = 10 })

        wire.send(Self.post("Transfer-Encoding: chunked\r\n", chunks))

        #expect(try wire.statuses() == statuses)
        #expect(wire.tap.closesOutput == (statuses == [413]))
    }

    @Test(arguments: [
        (post("Content-Length: 10\r\n", "0123456789"), true),
        (post("Content-Length: 11\r\n", "0123456789a"), false),
        (post("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), true),
        (post("Transfer-Encoding: chunked\r\n", "b\r\n0123456789a\r\n0\r\n\r\n"), false),
    ])
    func `a body that nobody pulled is discarded up to the limit, else the connection ends`(
        request: String,
        goesOn: Bool
    ) throws {
        let wire = try Wire(limits: Self.limits { $0.bodyBytes = 10 }, respond: Answers.ignore)

        wire.send(request + Self.get("/2"))

        #expect(try wire.statuses() == (goesOn ? [200, 200] : [200]))
        #expect(wire.tap.closesOutput != goesOn)
    }

    @Test func `a broken chunk is the puller's to answer`() throws {
        let wire = try Wire()

        wire.send(Self.post("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\nx\r\n" + Self.get("/2")))
        let received = try wire.received()

        #expect(received.statuses == [400])
        #expect(received.hasSuffix(HTTPRefusal.badRequest(.chunk).sentence))
    }

    @Test func `a body is given once`() throws {
        let wire = try Wire(respond: { request in
            do throws(BodyRefusal) {
                _ = try await request.body()
                _ = try await request.body()
                return Answers.text(200, "")
            } catch {
                return Answers.text(200, "\(error)")
            }
        })

        wire.send(Self.post("Content-Length: 2\r\n", "hi"))

        #expect(try wire.received().hasSuffix("disconnected"))
    }

    // MARK: Ends

    @Test func `a client that hangs up cancels its request`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1"))

        wire.channel.close(promise: nil)
        wire.run()

        #expect(gate.cancellations == 1)
        gate.open()
        wire.run()
    }

    @Test func `a client that hangs up inside a body fails the pull`() throws {
        let pulls = Gate()
        let wire = try Wire(respond: { request in
            do throws(BodyRefusal) {
                _ = try await request.body()
            } catch {
                #expect(error == .disconnected)
                return await pulls.respond(IncomingRequest(head: request.head, body: ByteBuffer()))
            }
            return Answers.text(200, "")
        })
        wire.send(Self.post("Content-Length: 5\r\n", "he"))

        wire.channel.close(promise: nil)
        wire.run()

        #expect(pulls.paths == ["/x"])
        pulls.open()
        wire.run()
    }

    @Test func `a client that closes its side gets the answers to what it asked`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1") + Self.get("/2") + "GET /3")
        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!wire.tap.closesOutput)

        for _ in 0..<2 {
            gate.open()
            wire.run()
        }

        let statuses = try wire.statuses()
        #expect(statuses == [200, 200])
        #expect(wire.isClosed)
    }

    @Test func `a quiesced connection closes at once when idle`() throws {
        let wire = try Wire()
        wire.send(Self.get("/1"))

        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())

        #expect(wire.isClosed)
    }

    @Test func `a quiesced connection finishes the request in work`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1") + Self.get("/2"))

        wire.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!wire.isClosed)
        gate.open()
        wire.run()
        let received = try wire.received()

        #expect(received.statuses == [200])
        #expect(received.contains("\r\nConnection: close\r\n"))
        #expect(gate.paths == ["/1"])
    }

    @Test func `a failing transport closes the connection`() throws {
        let wire = try Wire()

        wire.channel.pipeline.fireErrorCaught(ChannelError.inputClosed)

        #expect(wire.isClosed)
    }

    @Test(arguments: [(10, false), (11, true)])
    func `behind the last answer bytes are dropped up to a limit`(bytes: Int, closes: Bool) throws {
        let wire = try Wire(limits: Self.limits { $0.lingerBytes = 10 })
        wire.send("noise\r\n")
        #expect(try wire.statuses() == [400])

        wire.send(String(repeating: "x", count: bytes))

        #expect(wire.isClosed == closes)
        #expect(try wire.statuses() == [])
    }

    // MARK: Time

    @Test func `a head must be complete in time, however steadily it drips`() throws {
        let wire = try Wire()
        wire.send("GET / HTTP/1.1\r\nHost: a.test\r\nX-Slow: ")
        for _ in 0..<9 {
            wire.pass(.seconds(1))
            wire.send("a")
        }
        #expect(try wire.statuses() == [])

        wire.pass(.seconds(1))

        #expect(try wire.statuses() == [408])
        #expect(wire.tap.closesOutput)
        wire.pass(.seconds(5))
        #expect(wire.isClosed)
    }

    @Test func `a body must be complete in time, however steadily it drips`() throws {
        let wire = try Wire()
        wire.send(Self.post("Content-Length: 500\r\n"))
        for _ in 0..<19 {
            wire.pass(.seconds(1))
            wire.send("a")
        }
        #expect(try wire.statuses() == [])

        wire.pass(.seconds(1))
        wire.run()

        #expect(try wire.statuses() == [408])
        #expect(wire.tap.closesOutput)
    }

    @Test func `an idle connection is closed without a word`() throws {
        let wire = try Wire()
        wire.pass(.seconds(74))
        wire.send(Self.get("/1"))
        wire.pass(.seconds(74))
        #expect(!wire.isClosed)

        wire.pass(.seconds(1))

        #expect(wire.isClosed)
        #expect(try wire.statuses() == [200])
    }

    @Test func `a request in work has no time limit here`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1"))

        wire.pass(.hours(1))

        #expect(!wire.isClosed)
        gate.open()
        wire.run()
        #expect(try wire.statuses() == [200])
    }

    @Test func `lingering ends in time`() throws {
        let wire = try Wire()
        wire.send(Self.get("/", "Connection: close\r\n"))
        wire.pass(.seconds(4))
        wire.send("x")
        #expect(!wire.isClosed)

        wire.pass(.seconds(1))

        #expect(wire.isClosed)
    }

    @Test func `a client that takes no reply is cut off`() throws {
        let gate = Gate()
        let wire = try Wire(respond: gate.respond)
        wire.send(Self.get("/1"))
        wire.channel.isWritable = false
        gate.open()
        wire.run()
        wire.pass(.seconds(29))
        #expect(!wire.isClosed)

        wire.pass(.seconds(1))

        #expect(wire.isClosed)
    }

    @Test func `a discarded body has the time limit of a body`() throws {
        let wire = try Wire(respond: Answers.ignore)
        wire.send(Self.post("Content-Length: 5\r\n", "he"))
        wire.pass(.seconds(19))
        #expect(!wire.isClosed)

        wire.pass(.seconds(1))

        #expect(wire.isClosed)
    }
}
