internal import HTTPTypes

/// Why we end an HTTP/2 connection where nghttp2 would let it go on, or cannot go on itself.
///
/// Becomes a GOAWAY with `code`.
enum HTTP2Fault: Error, Equatable {
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
    /// nghttp2 gave up with this code (nghttp2.h, `nghttp2_error`).
    case library(Int32)

    /// What the GOAWAY says.
    var code: HTTP2ErrorCode {
        switch self {
        case .streamClosed: .streamClosed
        case .streamSkipped, .priority: .protocolError
        case .frameFlood, .resetFlood, .overhead, .headerFlood, .stalledReplies, .outboundFlood,
            .headerTimeout:
            .enhanceYourCalm
        case .settingsTimeout: .settingsTimeout
        case .library(let code): HTTP2Library.errorCode(for: code)
        }
    }
}
