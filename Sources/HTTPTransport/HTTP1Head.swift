internal import HTTPTypes
internal import NIOHTTP1

/// How the end of a body is found (RFC 9112 §6.3).
enum BodyFraming: Equatable {
    /// There is no body.
    case none
    /// It has this many bytes, 1 or more.
    case length(Int)
    /// It ends with the chunk of size 0.
    case chunked
}

/// The head of an HTTP/1 request that can be read in one way only.
struct HTTP1Head {
    /// What the request asks, without the fields that belong to the connection.
    var request: HTTPRequest

    /// "1.0" or "1.1".
    let version: String

    /// What follows the head.
    var framing: BodyFraming

    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool

    /// Whether the client lets us read another request from the connection.
    let keepsAlive: Bool

    /// Checks what the decoder made of a head, against security.md's list and RFC 9112 §3.2, §6.1, §6.3.
    /// - Throws: the first rule broken.
    init(_ decoded: HTTPRequestHead) throws(HTTPRefusal) {
        guard let method = HTTPRequest.Method(decoded.method.rawValue) else {
            throw .methodNotImplemented
        }
        let isOld = decoded.version.minor == 0
        let target = try RequestTarget(decoded.uri, method: method)
        var connection = ConnectionFields()
        var fields = HTTPFields()
        fields.reserveCapacity(decoded.headers.count)
        for (text, value) in decoded.headers {
            guard let name = HTTPField.Name(text) else {
                throw .badRequest(.fieldLine)
            }
            let value = Self.withoutTrailingSpace(value)
            if try !connection.take(name, value) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        let host = try connection.checkedHost(isRequired: !isOld)

        framing = try connection.framing(isOld: isOld)
        version = isOld ? "1.0" : "1.1"
        expectsContinue = !isOld && connection.expectsContinue
        keepsAlive = !isOld && !connection.closes
        request = HTTPRequest(
            method: method,
            scheme: nil,
            authority: target.authority ?? host,
            path: target.path,
            headerFields: fields
        )
    }
}

extension HTTP1Head {
    /// The decoder leaves the white space behind a value, which is no part of it (RFC 9112 §5.1).
    private static func withoutTrailingSpace(_ value: String) -> String {
        guard let last = value.utf8.last, isSpace(last) else {
            return value
        }
        let end = value.utf8.lastIndex { !isSpace($0) }
        return end.map { String(value[...$0]) } ?? ""
    }
}

/// The fields that speak to the connection and not to whoever answers the request.
private struct ConnectionFields {
    private var hosts: [String] = []
    private var length: Int?
    private var isChunked = false
    private(set) var expectsContinue = false
    private(set) var closes = false

    /// Takes a field that belongs to the connection; false leaves it to the request.
    mutating func take(_ name: HTTPField.Name, _ value: String) throws(HTTPRefusal) -> Bool {
        switch name.canonicalName {
        case "host":
            hosts.append(value)
        case "content-length":
            // RFC 9112 §6.3 lets equal lengths pass as one. No client of ours sends two, an attacker does.
            guard length == nil, let count = Self.length(value) else {
                throw .badRequest(.framing)
            }
            length = count
            return false
        case "transfer-encoding":
            guard !isChunked, isSameToken(value[...].utf8, "chunked") else {
                throw .badRequest(.framing)
            }
            isChunked = true
        case "expect":
            guard isSameToken(value[...].utf8, "100-continue") else {
                throw .expectationFailed
            }
            expectsContinue = true
        case "connection":
            closes = closes || Self.list(value, holds: "close")
        case "upgrade":
            // No other protocol is offered. NIO's decoder stops after a request that asks for one, so the
            // connection ends with the reply, which RFC 9110 §7.8 allows.
            closes = true
        case "te", "keep-alive", "proxy-connection", "http2-settings":
            // They tell this connection what it may do, and it does none of it (RFC 9110 §7.6.1).
            break
        default:
            return false
        }
        return true
    }

    func checkedHost(isRequired: Bool) throws(HTTPRefusal) -> String? {
        guard let host = hosts.first else {
            guard !isRequired else {
                throw .badRequest(.host)
            }
            return nil
        }
        guard hosts.count == 1, HostSyntax.isValid(host[...].utf8) else {
            throw .badRequest(.host)
        }
        return host
    }

    func framing(isOld: Bool) throws(HTTPRefusal) -> BodyFraming {
        guard isChunked else {
            return length.map { $0 == 0 ? .none : .length($0) } ?? .none
        }
        // A length beside chunks, or chunks in HTTP/1.0, is how one request is smuggled inside another.
        guard length == nil, !isOld else {
            throw .badRequest(.framing)
        }
        return .chunked
    }

    /// `1*DIGIT`.
    ///
    /// A number beyond `Int` is saturated: it is too large a body, not another length.
    private static func length(_ value: String) -> Int? {
        guard !value.isEmpty, value.utf8.allSatisfy(isDigit) else {
            return nil
        }
        return Int(value) ?? Int.max
    }

    private static func list(_ value: String, holds token: StaticString) -> Bool {
        value.split(separator: ",").contains { element in
            isSameToken(element.utf8.drop(while: isSpace).prefix { !isSpace($0) }, token)
        }
    }
}
