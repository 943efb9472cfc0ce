package import HTTPTypes
package import NIOCore

/// A request whose head has been checked and whose body has not been asked for.
///
/// It knows nothing of the HTTP version's wire format. `head.authority` is the host the client wants, `head.path`
/// the target as sent (an absolute-form target reduced to its path and query). Fields that belong to the
/// connection (`Host`, `Connection`, `Transfer-Encoding`, `Expect` …) are not among `head.headerFields`.
package struct IncomingRequest: Sendable {
    /// Method, authority, path and fields.
    package let head: HTTPRequest

    /// The version as in a log line: "1.0", "1.1", "2".
    package let version: String

    /// Hands the body, or why it does not come, to its argument: once, on any thread.
    private let pull: Pull?

    /// Asks a connection for the body of one request and calls back once.
    package typealias Pull =
        @Sendable (_ taken: @escaping @Sendable (Result<ByteBuffer, BodyRefusal>) -> Void) -> Void

    /// A request over a connection.
    /// - Parameters:
    ///   - head: The checked head.
    ///   - version: The version as in a log line.
    ///   - pull: Asks the connection for the body; nil when the head announces none.
    package init(head: HTTPRequest, version: String, pull: Pull?) {
        self.head = head
        self.version = version
        self.pull = pull
    }

    /// A request whose whole body is at hand, for tests of what answers requests.
    /// - Parameters:
    ///   - head: The head.
    ///   - body: The body.
    package init(head: HTTPRequest, body: ByteBuffer) {
        self.init(head: head, version: "1.1", pull: { taken in taken(.success(body)) })
    }

    /// Whether the head announces a body, which may still be empty.
    package var announcesBody: Bool { pull != nil }

    /// Reads the whole body; empty when the head announces none.
    ///
    /// Nothing of the body is read before this is called, and a client that asked by `Expect: 100-continue`
    /// whether to send it is told so only now. Call it once, after admission.
    /// - Returns: At most `HTTPLimits.bodyBytes` bytes.
    /// - Throws: `BodyRefusal`; the connection, in HTTP/2 the stream, ends with the reply then.
    package func body() async throws(BodyRefusal) -> ByteBuffer {
        guard let pull else {
            return ByteBuffer()
        }
        let result: Result<ByteBuffer, BodyRefusal> = await withCheckedContinuation { continuation in
            pull { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// Answers one request.
///
/// Runs on the connection's event loop until it first suspends, and returns there.
package typealias Respond = @Sendable (IncomingRequest) async -> Reply

/// Writes the answer to a message that never became a request.
///
/// Runs on the connection's event loop.
package typealias Refuse = @Sendable (HTTPRefusal) -> Reply
