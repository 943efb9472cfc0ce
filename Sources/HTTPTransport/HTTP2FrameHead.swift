/// The nine bytes that begin each frame (RFC 9113 §4.1).
///
///     length (24)  type (8)  flags (8)  R (1) stream (31)
struct HTTP2FrameHead: Equatable {
    /// Bytes of the payload behind it.
    let length: Int
    /// The type; any value may come (RFC 9113 §5.5).
    let type: UInt8
    /// The flags; what they mean depends on the type.
    let flags: UInt8
    /// The stream, 0 for the connection.
    let stream: Int32

    /// Reads a head from its nine bytes at `start`.
    init(_ bytes: Span<UInt8>, at start: Int) {
        func byte(_ offset: Int) -> Int { Int(bytes[start + offset]) }
        length = byte(0) << 16 | byte(1) << 8 | byte(2)
        type = bytes[start + 3]
        flags = bytes[start + 4]
        stream = Self.streamID(bytes, at: start + 5)
    }

    /// The 31 bits of a stream's identifier in four bytes.
    static func streamID(_ bytes: Span<UInt8>, at start: Int) -> Int32 {
        func byte(_ offset: Int) -> UInt32 { UInt32(bytes[start + offset]) }
        return Int32((byte(0) & 0x7f) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3))
    }

    /// Whether it carries flag `flag`.
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    /// Bytes of a frame's head.
    static let bytes = 9

    static let data: UInt8 = 0x0
    static let headers: UInt8 = 0x1
    static let priority: UInt8 = 0x2
    static let resetStream: UInt8 = 0x3
    static let settings: UInt8 = 0x4
    static let pushPromise: UInt8 = 0x5
    static let ping: UInt8 = 0x6
    static let goAway: UInt8 = 0x7
    static let windowUpdate: UInt8 = 0x8
    static let continuation: UInt8 = 0x9

    /// END_STREAM of DATA and HEADERS.
    static let endStream: UInt8 = 0x1
    /// ACK of SETTINGS and PING.
    static let acknowledgement: UInt8 = 0x1
    /// END_HEADERS of HEADERS and CONTINUATION.
    static let endHeaders: UInt8 = 0x4
}
