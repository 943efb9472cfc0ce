import CNGHTTP2
import HTTPTypes

@testable import HTTPTransport

/// One HTTP/2 frame, as the tests' clients write and read it.
struct Frame: Equatable {
    var type: UInt8
    var flags: UInt8 = 0
    var stream: Int32 = 0
    var payload: [UInt8] = []

    var bytes: [UInt8] {
        let length = payload.count
        return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
            + UInt32(stream).bigEndianBytes + payload
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    // MARK: Kinds

    static func settings(_ values: [(UInt16, UInt32)] = []) -> Frame {
        let payload = values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + $0.1.bigEndianBytes }
        return Frame(type: HTTP2FrameHead.settings, payload: payload)
    }

    static let settingsAcknowledgement = Frame(type: HTTP2FrameHead.settings, flags: 1)
    static let ping = Frame(type: HTTP2FrameHead.ping, payload: Array("12345678".utf8))

    /// A header block in one frame; `flags` are END_HEADERS and END_STREAM unless told otherwise.
    static func headers(_ stream: Int32, _ fields: [(String, String)], flags: UInt8 = 0x5) -> Frame {
        Frame(type: HTTP2FrameHead.headers, flags: flags, stream: stream, payload: block(fields))
    }

    static func continuation(_ stream: Int32, _ fields: [(String, String)], isLast: Bool) -> Frame {
        Frame(
            type: HTTP2FrameHead.continuation,
            flags: isLast ? 0x4 : 0,
            stream: stream,
            payload: block(fields)
        )
    }

    static func data(_ stream: Int32, _ text: String, isLast: Bool = true) -> Frame {
        Frame(
            type: HTTP2FrameHead.data,
            flags: isLast ? 0x1 : 0,
            stream: stream,
            payload: Array(text.utf8)
        )
    }

    static func reset(_ stream: Int32, _ code: HTTP2ErrorCode = .cancel) -> Frame {
        Frame(type: HTTP2FrameHead.resetStream, stream: stream, payload: code.rawValue.bigEndianBytes)
    }

    static func windowUpdate(_ stream: Int32, _ bytes: UInt32) -> Frame {
        Frame(type: HTTP2FrameHead.windowUpdate, stream: stream, payload: bytes.bigEndianBytes)
    }

    static func priority(_ stream: Int32, parent: Int32) -> Frame {
        Frame(type: HTTP2FrameHead.priority, stream: stream, payload: UInt32(parent).bigEndianBytes + [15])
    }

    // MARK: Header blocks

    /// The fields as literals that no table keeps (RFC 7541 §6.2.3).
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0x10] + text($0.0) + text($0.1) }
    }

    private static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var left = text.utf8.count
        if left < 127 {
            bytes.append(UInt8(left))
        } else {
            bytes.append(127)
            left -= 127
            while left >= 128 {
                bytes.append(UInt8(left & 127 | 128))
                left >>= 7
            }
            bytes.append(UInt8(left))
        }
        return bytes + Array(text.utf8)
    }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] {
        [UInt8(self >> 24), UInt8(self >> 16 & 255), UInt8(self >> 8 & 255), UInt8(self & 255)]
    }

    init(bigEndianBytes bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Reads header blocks with the decoder of the same library, as a client that is not ours would.
@safe
final class FieldDecoder {
    private let inflater: OpaquePointer

    init() {
        var made: OpaquePointer?
        // Only the lack of memory makes it fail, and then nothing runs.
        guard unsafe nghttp2_hd_inflate_new(&made) == 0, let made = unsafe made else {
            preconditionFailure("no memory")
        }
        unsafe inflater = made
    }

    deinit {
        unsafe nghttp2_hd_inflate_del(inflater)
    }

    func fields(_ block: [UInt8]) -> [(String, String)] {
        var fields: [(String, String)] = []
        var rest = block[...]
        while true {
            var field = unsafe nghttp2_nv()
            var flags: Int32 = 0
            let used = unsafe Array(rest).withUnsafeBufferPointer {
                unsafe nghttp2_hd_inflate_hd2(inflater, &field, &flags, $0.baseAddress, $0.count, 1)
            }
            guard used >= 0 else {
                return [("broken", "\(used)")]
            }
            rest = rest.dropFirst(used)
            if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                unsafe fields.append((text(field.name, field.namelen), text(field.value, field.valuelen)))
            }
            if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 {
                unsafe nghttp2_hd_inflate_end_headers(inflater)
                return fields
            }
        }
    }

    private func text(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
