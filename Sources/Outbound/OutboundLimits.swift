/// Bounds of requests to servers outside.
package enum OutboundLimits {
    /// Bytes of an answer that are kept: a page of a thousand learners has less.
    package static let bodyBytes = 4 * 1_048_576
    /// Milliseconds for look-up, connection and handshake: what a person at a terminal waits before they wonder.
    package static let connectMilliseconds = 10_000
    /// Milliseconds for a whole request: longer than a gateway may let one wait.
    package static let requestMilliseconds = 30_000
    /// Header fields of an answer that are kept; a gateway's answer has ten.
    package static let fields = 100
}
