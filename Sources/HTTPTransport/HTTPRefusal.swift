/// Why a request was refused before anybody could look at what it asks.
///
/// It holds no byte of the request, so it is safe in a log and in a reply. The gateway turns it into the
/// reply; an HTTP/1 connection closes after that reply, because where the next request begins is not known.
package enum HTTPRefusal: Error, Sendable, Hashable {
    /// 400: the message breaks the syntax, or could be read in two ways.
    case badRequest(Malformation)
    /// 408: the head or the body took too long.
    case timeout
    /// 413: the body is longer than the limit.
    case bodyTooLarge
    /// 414: the request line is longer than the limit.
    case uriTooLong
    /// 417: `Expect` asks for something else than `100-continue`.
    case expectationFailed
    /// 431: the header block, a field, or the number of fields is over its limit.
    case headerTooLarge
    /// 501: a method that no HTTP standard in use names.
    case methodNotImplemented
    /// 505: an HTTP version that is not 1.0 or 1.1.
    case versionNotSupported

    /// The rule that a 400 request broke.
    package enum Malformation: String, Sendable, Hashable, CaseIterable {
        /// Not `METHOD SP TARGET SP HTTP/1.x` (RFC 9112 §3).
        case requestLine
        /// The request target is in none of the allowed forms (RFC 9112 §3.2).
        case target
        /// No `Host`, more than one, or one that is not `host[:port]` (RFC 9112 §3.2).
        case host
        /// A line that is not `name: value` ended by CRLF, or holds a control character (RFC 9112 §5).
        case fieldLine
        /// `Content-Length` and `Transfer-Encoding` do not give one clear length (RFC 9112 §6.3).
        case framing
        /// The chunks of the body are not as RFC 9112 §7.1 says.
        case chunk
        /// The trailer section is too long (RFC 9112 §7.1.2).
        case trailer
    }

    /// The HTTP status of the answer.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .timeout: 408
        case .bodyTooLarge: 413
        case .uriTooLong: 414
        case .expectationFailed: 417
        case .headerTooLarge: 431
        case .methodNotImplemented: 501
        case .versionNotSupported: 505
        }
    }

    /// One sentence for the client's administrator: what is wrong and what to do.
    package var sentence: String {
        switch self {
        case .badRequest(let malformation): malformation.sentence
        case .timeout: "The request did not arrive in time. Send it again."
        case .bodyTooLarge: "The body is longer than this server accepts. Send less in one request."
        case .uriTooLong: "The request target is too long. Send a long filter as POST to /.search."
        case .expectationFailed: "Only 'Expect: 100-continue' is understood."
        case .headerTooLarge: "The header is too large. Send fewer or shorter header fields."
        case .methodNotImplemented: "This HTTP method is not known here."
        case .versionNotSupported: "Only HTTP/1.1 and HTTP/1.0 are spoken on this connection."
        }
    }
}

extension HTTPRefusal.Malformation {
    /// One sentence that names the broken rule.
    package var sentence: String {
        switch self {
        case .requestLine: "The request line is not 'METHOD target HTTP/1.1'."
        case .target: "The request target is not a path or an http URI in RFC 3986 syntax."
        case .host: "The request needs exactly one Host field of the form host[:port]."
        case .fieldLine: "A header line is not 'name: value' ended by CRLF."
        case .framing: "Content-Length and Transfer-Encoding must give the body one clear length."
        case .chunk: "The chunked body is malformed."
        case .trailer: "The trailer section of the body is too long or malformed."
        }
    }
}

/// Why the body of an admitted request did not come.
package enum BodyRefusal: Error, Sendable, Hashable {
    /// It is longer than `HTTPLimits.bodyBytes`; it was not read.
    case tooLarge
    /// It was not complete within `HTTPLimits.bodyTimeout`.
    case timeout
    /// Its framing is broken: the rule says which.
    case malformed(HTTPRefusal.Malformation)
    /// The client is gone, or the body was taken before. Nobody reads the answer.
    case disconnected

    /// The refusal to answer with; nil when nobody is there to read an answer.
    package var refusal: HTTPRefusal? {
        switch self {
        case .tooLarge: .bodyTooLarge
        case .timeout: .timeout
        case .malformed(let malformation): .badRequest(malformation)
        case .disconnected: nil
        }
    }
}
