import Testing

@testable import HTTPTransport

@Suite("Frames in the raw bytes, RFC 9113 §4")
struct HTTP2WireCheckTests {
    private static let request = HTTP2Wire.get(1).bytes
    private static let open = HTTP2Wire.post(3).bytes

    /// Runs the bytes through a check, `size` at a time, and gives the frames' types and all bytes that went on.
    private static func run(_ bytes: [UInt8], size: Int) -> (
        types: [UInt8], passed: [UInt8], fault: HTTP2Fault?
    ) {
        var check = HTTP2WireCheck()
        var types: [UInt8] = []
        var passed: [UInt8] = []
        var input: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            input += bytes[start..<min(start + size, bytes.count)]
            loop: while !input.isEmpty {
                let count: Int
                switch check.advance(over: input.span) {
                case .needsMore: break loop
                case .refuse(let fault): return (types, passed, fault)
                case .pass(let passing): count = passing
                case .frame(let head, let passing):
                    types.append(head.type)
                    count = passing
                }
                passed += input[..<count]
                input.removeFirst(count)
            }
        }
        return (types, passed, nil)
    }

    @Test(arguments: [1, 2, 3, 7, 9, 14, 1000])
    func `every byte goes on, in whatever pieces it comes`(size: Int) {
        let bytes =
            Frame.preface + Frame.settings([(4, 1)]).bytes + Self.request + Frame(type: 0xbb).bytes
            + Frame.priority(1, parent: 3).bytes + Frame.data(3, "hello").bytes + Frame.ping.bytes

        let outcome = Self.run(bytes, size: size)

        #expect(outcome.types == [4, 1, 0xbb, 2, 0, 6])
        #expect(outcome.passed == bytes)
        #expect(outcome.fault == nil)
    }

    @Test(arguments: [
        (Frame.priority(1, parent: 1), true), (Frame.priority(1, parent: 3), false),
        (Frame.priority(0, parent: 3), true),
        (Frame(type: HTTP2FrameHead.priority, stream: 1, payload: [0, 0, 0, 1]), false),
    ])
    func `a PRIORITY frame is looked at, one of another length is nghttp2's`(frame: Frame, isRefused: Bool) {
        let outcome = Self.run(Frame.preface + frame.bytes, size: 5)

        #expect(outcome.fault == (isRefused ? .priority : nil))
    }

    private static func pass(_ bytes: ArraySlice<UInt8>, to check: inout HTTP2WireCheck) {
        let bytes = Array(bytes)
        _ = check.advance(over: bytes.span)
    }

    @Test func `a header block is open from its first byte to its last`() {
        var check = HTTP2WireCheck()
        let first = Frame.headers(1, HTTP2Wire.head("GET", "/"), flags: 1).bytes
        let last = Frame.continuation(1, [("x-a", "b")], isLast: true).bytes
        Self.pass(Frame.preface[...], to: &check)
        #expect(!check.isInHeaderBlock)

        Self.pass(first[..<10], to: &check)
        #expect(check.isInHeaderBlock)
        Self.pass(first[10...], to: &check)
        #expect(check.isInHeaderBlock)
        Self.pass(last[..<9], to: &check)
        #expect(check.isInHeaderBlock)
        Self.pass(last[9...], to: &check)

        #expect(!check.isInHeaderBlock)
    }

    @Test func `a frame's head is read to its last bit`() {
        let head = HTTP2FrameHead([9, 1, 2, 3, 4, 5, 0xff, 0xff, 0xff, 0xfe].span, at: 1)

        #expect(head.length == 0x010203)
        #expect(head.type == 4)
        #expect(head.flags == 5)
        #expect(head.stream == 0x7fff_fffe)
    }
}

@Suite("Streams that have ended, RFC 9113 §5.1")
struct StreamHistoryTests {
    private static func fault(_ history: StreamHistory, _ type: UInt8, _ stream: UInt8) -> HTTP2Fault? {
        history.fault(of: HTTP2FrameHead([0, 0, 0, type, 0, 0, 0, 0, stream].span, at: 0))
    }

    @Test func `an open stream and one to come are nghttp2's to judge`() {
        var history = StreamHistory()
        history.opened(3)

        #expect(Self.fault(history, HTTP2FrameHead.data, 3) == nil)
        #expect(Self.fault(history, HTTP2FrameHead.headers, 5) == nil)
        #expect(Self.fault(history, HTTP2FrameHead.data, 0) == nil)
        #expect(Self.fault(history, HTTP2FrameHead.headers, 2) == nil)
    }

    @Test func `a stream that its client ended is closed`() {
        var history = StreamHistory()
        history.opened(3)
        history.closed(3)

        #expect(Self.fault(history, HTTP2FrameHead.data, 3) == .streamClosed)
        #expect(Self.fault(history, HTTP2FrameHead.headers, 3) == .streamClosed)
        #expect(Self.fault(history, HTTP2FrameHead.windowUpdate, 3) == nil)
        #expect(Self.fault(history, HTTP2FrameHead.headers, 1) == .streamSkipped)
    }

    @Test func `for a stream that we ended frames may be on their way`() {
        var history = StreamHistory()
        history.opened(3)
        history.reset(3)
        history.closed(3)
        history.reset(5)

        #expect(Self.fault(history, HTTP2FrameHead.data, 3) == nil)
        #expect(Self.fault(history, HTTP2FrameHead.data, 5) == nil)
    }

    @Test(arguments: [(99, nil), (100, HTTP2Fault.streamClosed)])
    func `the last hundred of them are remembered`(later: Int, fault: HTTP2Fault?) {
        var history = StreamHistory()
        history.reset(1)

        for index in 0..<Int32(later) {
            history.reset(2 * index + 3)
        }

        #expect(Self.fault(history, HTTP2FrameHead.data, 1) == fault)
    }
}
