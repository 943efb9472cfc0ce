internal import HTTPTypes
internal import NIOCore

/// Writes replies as HTTP/1.1 messages (RFC 9112 §4, §5): head and body in one buffer, so that a reply is one
/// write and one TLS record.
enum HTTP1Encoding {
    /// What the head says beside the reply's own fields.
    struct Framing {
        /// `Date: …` with CRLF.
        let dateLine: ByteBuffer
        /// Whether the request was HEAD: the body's length is told, the body is not sent (RFC 9110 §9.3.2).
        let isToHead: Bool
        /// Whether this is the last reply of the connection.
        let closes: Bool
    }

    /// The whole message.
    static func message(_ reply: Reply, _ framing: Framing, allocator: ByteBufferAllocator)
        -> ByteBuffer
    {
        let body = sentBody(reply, framing)
        let capacity = headCapacity(reply)
        var buffer = allocator.buffer(capacity: capacity + (body?.readableBytes ?? 0))
        // SAFETY: the writer keeps within the room that it is given, and that is the head's at least.
        unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { room in
            var head = unsafe HTTP1HeadWriter(room)
            write(reply, framing, to: &head)
            return head.count
        }
        if let body {
            buffer.writeImmutableBuffer(body)
        }
        return buffer
    }

    private static func write(_ reply: Reply, _ framing: Framing, to head: inout HTTP1HeadWriter) {
        head.write("HTTP/1.1 ")
        head.write(reply.status.code)
        head.write(" ")
        head.write(reason(reply.status))
        head.write("\r\n")
        for field in reply.fields where !isTransport(field.name) {
            head.write(field.name.rawName)
            head.write(": ")
            head.write(field.value)
            head.write("\r\n")
        }
        head.write(framing.dateLine)
        if hasLength(reply.status) {
            head.write("Content-Length: ")
            head.write(reply.body.count)
            head.write("\r\n")
        }
        head.write(framing.closes ? "Connection: close\r\n\r\n" : "\r\n")
    }

    /// The interim answer that tells a client to send the body (RFC 9110 §15.2.1).
    static let goOn = ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")

    private static func sentBody(_ reply: Reply, _ framing: Framing) -> ByteBuffer? {
        guard !framing.isToHead, hasLength(reply.status) else {
            return nil
        }
        switch reply.body {
        case .bytes(let buffer): return buffer
        }
    }

    /// 204 must not have a length (RFC 9110 §8.6); that of a 304 would be the 200's, which is not known here.
    private static func hasLength(_ status: HTTPResponse.Status) -> Bool {
        status != .noContent && status != .notModified
    }

    /// The reason phrase, RFC 9110 §15; a status made of its number alone gets it here, for those who read along.
    private static func reason(_ status: HTTPResponse.Status) -> String {
        // Most answers, without a look into the table.
        guard status.code != 200 || !status.reasonPhrase.isEmpty else {
            return "OK"
        }
        guard status.reasonPhrase.isEmpty else {
            return status.reasonPhrase
        }
        return reasons[status.code]?.reasonPhrase ?? ""
    }

    private static let reasons: [Int: HTTPResponse.Status] = {
        let known: [HTTPResponse.Status] = [
            .ok, .created, .accepted, .noContent, .notModified, .badRequest, .unauthorized, .forbidden,
            .notFound,
            .methodNotAllowed, .notAcceptable, .requestTimeout, .conflict, .preconditionFailed,
            .contentTooLarge,
            .uriTooLong, .unsupportedMediaType, .expectationFailed, .misdirectedRequest,
            .unprocessableContent,
            .preconditionRequired, .tooManyRequests, .requestHeaderFieldsTooLarge, .internalServerError,
            .notImplemented, .serviceUnavailable, .gatewayTimeout, .httpVersionNotSupported,
        ]
        return Dictionary(uniqueKeysWithValues: known.map { ($0.code, $0) })
    }()

    /// Fields that only the transport writes: twice would be a message that can be read in two ways.
    private static func isTransport(_ name: HTTPField.Name) -> Bool {
        // By their lengths first: most names are compared with none.
        switch name.canonicalName.utf8.count {
        case 4: name == .date
        case 10: name == .connection
        case 14: name == .contentLength
        case 17: name == .transferEncoding
        default: false
        }
    }

    private static func headCapacity(_ reply: Reply) -> Int {
        // Status line, Date, Content-Length, Connection and the empty line stay below 160 bytes, but for a reason of its own.
        reply.fields.reduce(160 + reply.status.reasonPhrase.utf8.count) {
            $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4
        }
    }
}
