import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("What a client may do without asking anything, RFC 9113 §10.5")
struct HTTP2FloodTests {
    private static func wire(
        settings: [(UInt16, UInt32)] = [],
        respond: @escaping Respond = Answers.echo,
        _ change: (inout HTTP2Limits) -> Void
    ) throws -> HTTP2Wire {
        var limits = HTTP2Limits()
        change(&limits)
        return try HTTP2Wire(http2: limits, settings: settings, respond: respond)
    }

    private static let calm = [HTTP2ErrorCode.enhanceYourCalm]

    // MARK: Frames

    /// The client's SETTINGS and their acknowledgement, at the start of each connection, are two of them.
    @Test(arguments: [
        ("PING", Frame.ping), ("SETTINGS", .settings()), ("PRIORITY", .priority(1, parent: 3)),
        ("unknown type", Frame(type: 0xbb)), ("WINDOW_UPDATE", .windowUpdate(0, 1)),
        ("empty DATA", .data(1, "", isLast: false)),
    ])
    func `frames without use are counted`(name: String, frame: Frame) throws {
        for (count, codes) in [(10, []), (11, Self.calm)] {
            let gate = Gate()
            let wire = try Self.wire(respond: gate.respond) { $0.idleFrames = 12 }
            wire.send(HTTP2Wire.post(1))

            wire.send(Array(repeating: frame.bytes, count: count).flatMap { $0 })

            #expect(try wire.answers().goAways.map(\.code) == codes, "\(count) × \(name)")
            #expect(wire.isClosed == !codes.isEmpty)
            gate.open()
            wire.run()
        }
    }

    @Test func `frames without use are forgiven with time`() throws {
        let wire = try Self.wire {
            $0.idleFrames = 12
            $0.idleFramesPerSecond = 2
        }
        let pings = Array(repeating: Frame.ping.bytes, count: 10).flatMap { $0 }
        wire.send(pings)

        wire.pass(.seconds(5))
        wire.send(pings)
        #expect(!wire.isClosed)
        wire.send(.ping)

        #expect(wire.isClosed)
    }

    @Test func `windows may be moved twice for each DATA frame of ours`() throws {
        let wire = try Self.wire { $0.idleFrames = 2 }

        for stream in stride(from: Int32(1), to: 41, by: 2) {
            wire.send(HTTP2Wire.get(stream))
            wire.send(.windowUpdate(stream, 15), .windowUpdate(0, 15))
        }
        #expect(!wire.isClosed)
        wire.send(.windowUpdate(0, 15))

        #expect(try wire.answers().goAways.map(\.code) == Self.calm)
    }

    @Test(arguments: [(2, []), (3, calm)])
    func `requests taken back are counted`(count: Int, codes: [HTTP2ErrorCode]) throws {
        let wire = try Self.wire { $0.resets = 2 }

        for stream in 0..<Int32(count) {
            wire.send(HTTP2Wire.get(2 * stream + 1), .reset(2 * stream + 1))
        }

        #expect(try wire.answers().goAways.map(\.code) == codes)
    }

    @Test(arguments: [(2, []), (3, calm)])
    func `resets that the client makes us send are counted`(count: Int, codes: [HTTP2ErrorCode]) throws {
        let wire = try Self.wire {
            $0.idleFrames = 12
            $0.resetCost = 5
        }

        for stream in 0..<Int32(count) {
            wire.send(.headers(2 * stream + 1, HTTP2Wire.head("GET", "/x") + [("connection", "x")]))
        }

        #expect(try wire.answers().goAways.map(\.code) == codes)
    }

    @Test func `resets behind an answer are no fault of the client`() throws {
        let wire = try Self.wire(respond: Answers.ignore) { $0.idleFrames = 2 }

        for stream in stride(from: Int32(1), to: 41, by: 2) {
            wire.send(HTTP2Wire.post(stream))
        }
        wire.pass(.seconds(5))

        #expect(try wire.answers().resets.count == 20)
        #expect(!wire.isClosed)
    }

    @Test(arguments: [(4, []), (5, calm)])
    func `a header block has a limited number of frames`(count: Int, codes: [HTTP2ErrorCode]) throws {
        let wire = try Self.wire { $0.continuations = 4 }

        wire.send(.headers(1, HTTP2Wire.head("GET", "/x"), flags: 1))
        for index in 1...count {
            wire.send(.continuation(1, [("x-\(index)", "")], isLast: index == count))
        }

        let seen = try wire.answers()
        #expect(seen.goAways.map(\.code) == codes)
        #expect(seen.statuses == (codes.isEmpty ? [1: ["200"]] : [:]))
    }

    @Test(arguments: [(16, []), (17, calm)])
    func `a SETTINGS frame has a limited number of entries`(count: Int, codes: [HTTP2ErrorCode]) throws {
        let wire = try HTTP2Wire()

        wire.send(.settings(Array(repeating: (3, 100), count: count)))

        #expect(try wire.answers().goAways.map(\.code) == codes)
    }

    @Test(arguments: [(2, false), (3, true)])
    func `acknowledgements that the client does not take are counted`(count: Int, closes: Bool) throws {
        let wire = try Self.wire { $0.acknowledgements = 2 }
        wire.channel.isWritable = false

        wire.send(Array(repeating: Frame.settings().bytes, count: count).flatMap { $0 })

        #expect(wire.isClosed == closes)
    }

    @Test(arguments: [(5, false), (6, true)])
    func `frames that wait to be sent are counted`(count: Int, closes: Bool) throws {
        let wire = try Self.wire { $0.queuedFrames = 5 }
        wire.channel.isWritable = false

        wire.send(Array(repeating: Frame.ping.bytes, count: count).flatMap { $0 })

        #expect(wire.isClosed == closes)
    }

    // MARK: Bytes

    @Test(arguments: [(false, 2), (true, 3)])
    func `bytes that are part of no request are limited by those that are`(asks: Bool, frames: Int) throws {
        let junk = Frame(type: 0xbb, payload: Array(repeating: 0, count: 1000))
        let wire = try Self.wire {
            $0.overheadShare = 2
            $0.overheadBytes = 1100
        }
        if asks {
            wire.send(HTTP2Wire.get(1, "/x", [("x-a", String(repeating: "a", count: 1000))]))
            #expect(try wire.answers().statuses == [1: ["200"]])
        }

        for _ in 0..<frames {
            wire.send(junk)
        }
        #expect(!wire.isClosed)
        wire.send(junk)

        #expect(try wire.answers().goAways.map(\.code) == Self.calm)
    }

    @Test func `bodies are no overhead, whether they were asked for yet or not`() throws {
        let gate = Gate()
        let wire = try Self.wire(respond: gate.respond) { $0.overheadBytes = 4000 }
        let part = String(repeating: "x", count: 16_000)

        for stream in stride(from: Int32(1), to: 41, by: 2) {
            wire.send(HTTP2Wire.post(stream), .data(stream, part, isLast: false))
        }

        #expect(!wire.isClosed)
        for _ in 0..<20 {
            gate.open()
        }
        wire.run()
    }

    // MARK: Header blocks

    @Test(arguments: [(100, ["200"]), (101, ["431"]), (200, ["431"])])
    func `fields are counted, cookies one by one`(count: Int, statuses: [String]) throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.get(1, "/x", Array(repeating: ("cookie", "a=b"), count: count)))

        #expect(try wire.answers().statuses == [1: statuses])
    }

    @Test func `a header block far over the limit ends the connection`() throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.get(1, "/x", Array(repeating: ("cookie", "a=b"), count: 201)))

        let seen = try wire.answers()
        #expect(seen.goAways.map(\.code) == Self.calm)
        #expect(seen.statuses == [:])
        #expect(wire.isClosed)
    }

    @Test func `references to one field are counted as fields`() throws {
        let wire = try HTTP2Wire()
        // One field that enters the table, and 16,000 references of one byte each (RFC 7541 §6.1, §6.2.1).
        let bomb = Frame.block(HTTP2Wire.head("GET", "/x")) + [0x40, 1, 0x61, 0]
        let payload = bomb + Array(repeating: 0xbe, count: 16_000)

        wire.send(Frame(type: HTTP2FrameHead.headers, flags: 5, stream: 1, payload: payload))

        #expect(try wire.answers().goAways.map(\.code) == Self.calm)
    }

    @Test func `a second header block over the limit ends the connection`() throws {
        let wire = try HTTP2Wire()
        let fields = Array(repeating: ("x-a", "b"), count: 101)
        wire.send(HTTP2Wire.get(1, "/x", fields))
        #expect(try wire.answers().statuses == [1: ["431"]])

        wire.send(HTTP2Wire.get(3, "/x", fields))

        let seen = try wire.answers()
        #expect(seen.goAways.map(\.code) == Self.calm)
        #expect(seen.statuses == [:])
    }

    // MARK: What is told of an end

    private static let ends: [([Said], [HTTP2Fault])] = [
        ([.get, .leave], []), ([.get, .reset, .get, .reset], [.resetFlood]),
        ([.undecodable], [.protocolError(.compressionError)]),
        ([.tooLarge], [.protocolError(.frameSizeError)]),
    ]

    @Test(arguments: ends)
    func `a connection that is ended for a fault tells it, once`(said: [Said], faults: [HTTP2Fault]) throws {
        let wire = try Self.wire { $0.resets = 1 }

        for (index, frame) in said.enumerated() { wire.send(frame.frame(2 * Int32(index / 2) + 1)) }

        #expect(wire.faults == faults)
        #expect(wire.isClosed)
    }

    enum Said {
        case get, reset, leave, undecodable, tooLarge

        func frame(_ stream: Int32) -> Frame {
            switch self {
            case .get: HTTP2Wire.get(stream)
            case .reset: .reset(stream)
            case .leave: Frame(type: 7, payload: [UInt8](repeating: 0, count: 8))
            case .undecodable: Frame(type: 1, flags: 5, stream: stream, payload: [0xff, 0xff, 0xff])
            case .tooLarge: Frame(type: 4, payload: [UInt8](repeating: 0, count: 7))
            }
        }
    }

    // MARK: Streams that have ended

    @Test(arguments: [
        ("DATA behind the end", [HTTP2Wire.get(1), Frame.data(1, "x")], HTTP2ErrorCode.streamClosed),
        ("HEADERS behind the end", [HTTP2Wire.get(1), HTTP2Wire.get(1)], .streamClosed),
        ("DATA behind a reset", [HTTP2Wire.post(1), .reset(1), .data(1, "x")], .streamClosed),
        ("HEADERS behind a reset", [HTTP2Wire.post(1), .reset(1), HTTP2Wire.get(1)], .streamClosed),
        ("a stream below one that is known", [HTTP2Wire.get(5), HTTP2Wire.get(3)], .protocolError),
        ("DATA below a stream that is known", [HTTP2Wire.get(5), .data(3, "x")], .streamClosed),
        ("PRIORITY that depends on itself", [.priority(7, parent: 7)], .protocolError),
        ("PRIORITY for the connection", [.priority(0, parent: 7)], .protocolError),
    ])
    func `frames that nghttp2 lets pass end the connection`(
        name: String,
        frames: [Frame],
        code: HTTP2ErrorCode
    )
        throws
    {
        for isOneRead in [true, false] {
            let wire = try HTTP2Wire()

            if isOneRead {
                wire.send(frames.flatMap(\.bytes))
            } else {
                frames.forEach { wire.send($0) }
            }

            #expect(try wire.answers().goAways.map(\.code) == [code], "\(name)")
        }
    }

    @Test func `frames for a stream that we ended are ignored`() throws {
        let wire = try HTTP2Wire(respond: Answers.ignore)
        wire.send(HTTP2Wire.post(1))
        wire.pass(.seconds(5))
        #expect(try wire.answers().resets == [1: .noError])

        wire.send(.data(1, "x", isLast: false), .headers(1, [("x-a", "b")]), HTTP2Wire.get(3))

        #expect(try wire.answers().statuses == [3: ["200"]])
    }
}
