import HTTPTransport

/// An HTTP/2 connection: whatever frames come, what is sent is whole frames in order, work is bounded and ends.
///
/// An input is an ``HTTP2Script``; ``RequestRecord`` answers.
enum HTTP2Promises {
    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let steps = HTTP2Script.steps(of: input)
        for inPieces in [false, true] {
            let conversation = HTTP2Conversation(steps, inPieces: inPieces)
            try checkFrames(of: conversation)
            try checkWork(of: conversation)
        }
    }

    private static func checkWork(of conversation: HTTP2Conversation) throws(BrokenPromise) {
        let most = SmallLimits.http2.requestsInWork
        try promise("no more is in work than may be", conversation.mostInWork <= most)
        try promise("work ends with the connection", conversation.leftInWork == 0)
        try promise("no message comes of nothing", conversation.messages.count <= conversation.received / 9)
        for message in conversation.messages { try message.check(SmallLimits.http) }
    }

    /// Also that a client cannot have a hundred times as many bytes sent as it sends itself.
    private static func checkFrames(of conversation: HTTP2Conversation) throws(BrokenPromise) {
        let sent = conversation.sent
        try promise("answers are in proportion", sent.count <= 1_024 + 100 * conversation.received)
        var ended: Set<UInt32> = []
        var rest = sent[...]
        while !rest.isEmpty {
            let frame = try promised("what is sent is whole frames") { try SentFrame(&rest) }
            try promise("a frame is no larger than all take", frame.length <= 16_384)
            guard frame.stream > 0, frame.isOfReply else { continue }
            try promise("only the client begins streams", frame.stream % 2 == 1)
            try promise("nothing follows a stream's end", !ended.contains(frame.stream))
            if frame.endsStream { ended.insert(frame.stream) }
        }
    }
}

/// The head of a frame that was sent (RFC 9113 §4.1).
private struct SentFrame {
    let length: Int
    let stream: UInt32
    /// DATA or HEADERS.
    let isOfReply: Bool
    let endsStream: Bool

    /// Takes a frame off what was sent.
    init(_ bytes: inout ArraySlice<UInt8>) throws(BrokenPromise) {
        let head = Array(bytes.prefix(9))
        try promise("a frame has a head", head.count == 9)
        length = head[0..<3].reduce(0) { $0 << 8 | Int($1) }
        stream = head[5..<9].reduce(0) { $0 << 8 | UInt32($1) }
        isOfReply = head[3] <= 1
        endsStream = head[4] & 1 == 1
        bytes = bytes.dropFirst(9)
        try promise("a frame has its payload", bytes.count >= length)
        bytes = bytes.dropFirst(length)
    }
}
