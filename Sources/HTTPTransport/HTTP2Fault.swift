package import HTTPTypes

/// Why we end an HTTP/2 connection before its time.
///
/// Becomes a GOAWAY with `code`, and a line in the log with `name`. `protocolError` is told by nghttp2 itself, which has
/// said its GOAWAY by then; in all other cases nghttp2 would let the connection go on, or cannot go on itself.
package enum HTTP2Fault: Error, Equatable, Sendable {
    /// A frame came for a stream that the client has ended before.
    case streamClosed
    /// A request came on a stream below one that is already known (RFC 9113 §5.1.1).
    case streamSkipped
    /// A PRIORITY frame is for stream 0, or makes a stream depend on itself.
    case priority
    /// More frames that carry nothing, or cost us resets, than `PeerBudget` allows.
    case frameFlood
    /// More requests were taken back than `PeerBudget` allows.
    case resetFlood
    /// Too many bytes that are part of no request.
    case overhead
    /// Header blocks far over the limit, or over it again.
    case headerFlood
    /// Replies that the client asked for and does not take hold too much memory for too long.
    case stalledReplies
    /// Too many frames of ours wait to be sent.
    case outboundFlood
    /// Our SETTINGS were not acknowledged in time.
    case settingsTimeout
    /// A header block was not complete in time.
    case headerTimeout
    /// The client broke the protocol, which is told with this code.
    case protocolError(HTTP2ErrorCode)
    /// nghttp2 gave up with this code (nghttp2.h, `nghttp2_error`).
    case library(Int32)

    /// A word for the log, from a closed set.
    package var name: String {
        switch self {
        case .streamClosed: "stream_closed"
        case .streamSkipped: "stream_skipped"
        case .priority: "priority"
        case .frameFlood: "frame_flood"
        case .resetFlood: "reset_flood"
        case .overhead: "overhead"
        case .headerFlood: "header_flood"
        case .stalledReplies: "stalled_replies"
        case .outboundFlood: "outbound_flood"
        case .settingsTimeout: "settings_timeout"
        case .headerTimeout: "header_timeout"
        case .protocolError, .library: Self.words[code] ?? "unknown_code"
        }
    }

    /// What the GOAWAY says.
    var code: HTTP2ErrorCode {
        switch self {
        case .streamClosed: .streamClosed
        case .streamSkipped, .priority: .protocolError
        case .frameFlood, .resetFlood, .overhead, .headerFlood, .stalledReplies, .outboundFlood,
            .headerTimeout:
            .enhanceYourCalm
        case .settingsTimeout: .settingsTimeout
        case .protocolError(let code): code
        case .library(let code): HTTP2Library.errorCode(for: code)
        }
    }

    /// The names that RFC 9113 §7 gives to the codes.
    private static let words: [HTTP2ErrorCode: String] = [
        .protocolError: "protocol_error", .internalError: "internal_error",
        .flowControlError: "flow_control_error", .settingsTimeout: "settings_timeout",
        .streamClosed: "stream_closed", .frameSizeError: "frame_size_error",
        .compressionError: "compression_error", .enhanceYourCalm: "enhance_your_calm",
    ]
}
