/// Finds the frames in the raw bytes of a connection, before nghttp2 sees them.
///
/// nghttp2 tells nobody of the frames that it ignores: unknown types, PRIORITY, and whatever comes for streams that
/// it has forgotten. All of them cost us time and some break a rule, so they are counted and checked here. The check
/// knows where frames begin and end and nothing of what is in them; every byte goes on to nghttp2, which judges all
/// the rest.
///
/// Pure: bytes in, a step out. Offsets in a step count from the first byte that no earlier step consumed.
struct HTTP2WireCheck {
    private var position = Position.preface(left: Self.prefaceBytes)
    /// Whether a header block has begun and is not complete.
    private(set) var isInHeaderBlock = false

    /// What to do with the bytes at hand.
    enum Step: Equatable {
        /// Keep them; more must come first.
        case needsMore
        /// The first *n* go on to nghttp2.
        case pass(Int)
        /// A frame begins: judge its head, then the first *n* go on to nghttp2.
        case frame(HTTP2FrameHead, Int)
        /// They break a rule that nghttp2 does not know.
        case refuse(HTTP2Fault)
    }

    private enum Position: Equatable {
        case preface(left: Int)
        case head
        case payload(left: Int, endsBlock: Bool)
    }

    /// Looks at the bytes, at least one, that no step has consumed yet.
    mutating func advance(over bytes: Span<UInt8>) -> Step {
        switch position {
        case .preface(let left):
            let count = min(left, bytes.count)
            position = count == left ? .head : .preface(left: left - count)
            return .pass(count)
        case .payload(let left, let endsBlock):
            let count = min(left, bytes.count)
            passPayload(left: left - count, endsBlock: endsBlock)
            return .pass(count)
        case .head:
            return advanceHead(bytes)
        }
    }

    private mutating func advanceHead(_ bytes: Span<UInt8>) -> Step {
        guard bytes.count >= HTTP2FrameHead.bytes else {
            return .needsMore
        }
        let head = HTTP2FrameHead(bytes, at: 0)
        if head.type == HTTP2FrameHead.priority, head.length == Self.priorityBytes {
            guard bytes.count >= HTTP2FrameHead.bytes + Self.priorityBytes else {
                return .needsMore
            }
            // Asked to forget RFC 7540's priorities, nghttp2 looks at no such frame any more.
            let parent = HTTP2FrameHead.streamID(bytes, at: HTTP2FrameHead.bytes)
            guard head.stream != 0, parent != head.stream else {
                return .refuse(.priority)
            }
        }
        let isBlock = head.type == HTTP2FrameHead.headers || head.type == HTTP2FrameHead.continuation
        isInHeaderBlock = isInHeaderBlock || isBlock
        let count = min(HTTP2FrameHead.bytes + head.length, bytes.count)
        passPayload(
            left: HTTP2FrameHead.bytes + head.length - count,
            endsBlock: isBlock && head.has(HTTP2FrameHead.endHeaders)
        )
        return .frame(head, count)
    }

    private mutating func passPayload(left: Int, endsBlock: Bool) {
        guard left == 0 else {
            position = .payload(left: left, endsBlock: endsBlock)
            return
        }
        position = .head
        if endsBlock {
            isInHeaderBlock = false
        }
    }

    /// `PRI * HTTP/2.0␍␊␍␊SM␍␊␍␊` (RFC 9113 §3.4); nghttp2 compares it.
    private static let prefaceBytes = 24
    /// Bytes of a PRIORITY frame's payload; nghttp2 refuses any other length.
    private static let priorityBytes = 5
}
