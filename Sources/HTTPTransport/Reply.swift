package import HTTPTypes
package import NIOCore

/// The answer to one request, free of any HTTP version's wire format.
///
/// The transport adds what belongs to it: `Date`, `Content-Length`, in HTTP/1 `Connection`. Fields of these
/// names in `fields` are left out. A reply to HEAD is given with the body that GET would have; only its length
/// is sent.
package struct Reply: Sendable, Equatable {
    /// The final status, 200…599.
    package var status: HTTPResponse.Status

    /// The header fields.
    package var fields: HTTPFields

    /// The body.
    package var body: ReplyBody

    /// Whether the connection must close after this reply.
    ///
    /// HTTP/1 only: in HTTP/2 frames tell where the next request begins, and what was wrong with one says
    /// nothing about the others.
    package var closes: Bool

    /// How long at least nothing is read from the connection after this reply; nil for a client that asks no more than it may.
    ///
    /// What waits to be read stays with the client then, where it costs nothing.
    package var pause: TimeAmount?

    /// Makes a reply.
    /// - Parameters:
    ///   - status: The final status.
    ///   - fields: The header fields.
    ///   - body: The body; empty unless given.
    ///   - closes: Whether the connection must close afterwards.
    ///   - pause: How long nothing is read from the connection afterwards.
    package init(
        status: HTTPResponse.Status,
        fields: HTTPFields = [:],
        body: ReplyBody = .bytes(ByteBuffer()),
        closes: Bool = false,
        pause: TimeAmount? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.closes = closes
        self.pause = pause
    }
}

/// What a reply carries.
package enum ReplyBody: Sendable, Equatable {
    /// The whole body at hand.
    case bytes(ByteBuffer)

    /// Length in bytes.
    package var count: Int {
        switch self {
        case .bytes(let buffer): buffer.readableBytes
        }
    }
}
