import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization

@testable import HTTPTransport

/// A connection in memory with the HTTP/2 handler on it; time passes only when told to.
struct HTTP2Wire {
    let channel: EmbeddedChannel
    let tap = Wire.Tap()
    private let decoder = FieldDecoder()
    private let told = Told()

    /// `settings` are the client's; nil leaves the connection as it is before the client's preface.
    init(
        limits: HTTPLimits = HTTPLimits(),
        http2: HTTP2Limits = HTTP2Limits(),
        settings: [(UInt16, UInt32)]? = [],
        respond: @escaping Respond = Answers.echo
    ) throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(tap)
        try channel.connect(to: .init(unixDomainSocketPath: "/wire")).wait()
        try HTTP2Handler.install(
            on: channel,
            loop: HTTPLoop(channel.eventLoop, clock: { 0 }),
            limits: limits,
            http2: http2,
            respond: respond,
            refuse: Answers.refuse,
            faulted: { [told] fault in told.faults.withLock { $0.append(fault) } }
        )
        if let settings {
            send(Frame.preface + Frame.settings(settings).bytes + Frame.settingsAcknowledgement.bytes)
            _ = try received()
        }
    }

    /// What the handler told of the connection's end.
    var faults: [HTTP2Fault] { told.faults.withLock { $0 } }

    private final class Told: Sendable {
        let faults = Mutex<[HTTP2Fault]>([])
    }

    /// The client sends frames in one piece; nothing happens when the connection is closed.
    func send(_ frames: Frame...) {
        send(frames.flatMap(\.bytes))
    }

    func send(_ bytes: [UInt8]) {
        // A closed channel refuses bytes as a closed socket does; what the tests look at is what it answered before.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
    }

    /// All frames that were sent to the client since the last call.
    func received() throws -> [Frame] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        var frames: [Frame] = []
        while bytes.count >= 9 {
            let head = HTTP2FrameHead(bytes.span, at: 0)
            let payload = Array(bytes[9..<(9 + head.length)])
            frames.append(Frame(type: head.type, flags: head.flags, stream: head.stream, payload: payload))
            bytes.removeFirst(9 + head.length)
        }
        return frames
    }

    /// What each stream got since the last call.
    func answers() throws -> Seen {
        seen(try received())
    }

    func seen(_ frames: [Frame]) -> Seen {
        var seen = Seen()
        for frame in frames {
            switch frame.type {
            case HTTP2FrameHead.headers:
                let fields = decoder.fields(frame.payload)
                seen.fields[frame.stream, default: []] += fields
                seen.statuses[frame.stream, default: []] += fields.filter { $0.0 == ":status" }.map(\.1)
            case HTTP2FrameHead.data:
                seen.bodies[frame.stream, default: ""] += String(decoding: frame.payload, as: UTF8.self)
            case HTTP2FrameHead.resetStream:
                seen.resets[frame.stream] = Self.code(frame.payload[0..<4])
            case HTTP2FrameHead.goAway:
                seen.goAways.append(
                    .init(
                        last: Int32(UInt32(bigEndianBytes: frame.payload[0..<4])),
                        code: Self.code(frame.payload[4..<8])
                    )
                )
            case HTTP2FrameHead.windowUpdate:
                let bytes = UInt32(bigEndianBytes: frame.payload[0..<4])
                seen.windows[frame.stream, default: 0] += Int(bytes)
            default:
                break
            }
            let ends = frame.type == HTTP2FrameHead.headers || frame.type == HTTP2FrameHead.data
            if ends, frame.flags & HTTP2FrameHead.endStream != 0 {
                seen.ended.append(frame.stream)
            }
        }
        return seen
    }

    private static func code(_ bytes: ArraySlice<UInt8>) -> HTTP2ErrorCode {
        HTTP2ErrorCode(rawValue: UInt32(bigEndianBytes: bytes))
    }

    /// What a client sees.
    struct Seen {
        var statuses: [Int32: [String]] = [:]
        var fields: [Int32: [(String, String)]] = [:]
        var bodies: [Int32: String] = [:]
        var ended: [Int32] = []
        var resets: [Int32: HTTP2ErrorCode] = [:]
        var windows: [Int32: Int] = [:]
        var goAways: [GoAway] = []

        struct GoAway: Equatable {
            let last: Int32
            let code: HTTP2ErrorCode
        }

        func field(_ stream: Int32, _ name: String) -> String? {
            fields[stream]?.first { $0.0 == name }?.1
        }
    }

    func pass(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    func run() {
        channel.embeddedEventLoop.run()
    }

    var isClosed: Bool { !channel.isActive }

    // MARK: Requests

    static func get(_ stream: Int32, _ path: String = "/x", _ more: [(String, String)] = []) -> Frame {
        .headers(stream, head("GET", path) + more)
    }

    static func post(_ stream: Int32, _ more: [(String, String)] = []) -> Frame {
        .headers(stream, head("POST", "/x") + more, flags: HTTP2FrameHead.endHeaders)
    }

    static func head(_ method: String, _ path: String) -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "a.test"), (":path", path)]
    }
}
