internal import HTTPTypes
internal import NIOHTTP1

/// The head of an HTTP/2 request, as strict as `HTTP1Head`.
///
/// nghttp2 has refused by then what RFC 9113 §8.2 and §8.3 call malformed: names in upper case, fields of the
/// connection, pseudo-header fields that are unknown, missing, doubled or late, control characters, white space
/// around values, two lengths.
struct HTTP2Head {
    /// What the request asks, without the fields that belong to the connection.
    var request: HTTPRequest

    /// What `content-length` announces; nil without it.
    var length: Int?

    /// Whether the client waits for 100 before it sends the body.
    let expectsContinue: Bool

    /// Checks a block that is complete.
    /// - Throws: the first rule broken.
    init(_ block: HTTP2FieldBlock) throws(HTTPRefusal) {
        if let refusal = block.refusal {
            throw refusal
        }
        guard case let known = HTTPMethod(rawValue: block.method), !known.isOther,
            let method = HTTPRequest.Method(block.method)
        else {
            throw .methodNotImplemented
        }
        guard block.scheme == "https" || block.scheme == "http",
            block.path.utf8.first == UInt8(ascii: "/") || block.path.utf8.elementsEqual("*".utf8)
        else {
            throw .badRequest(.target)
        }
        let target = try RequestTarget(block.path, method: method)
        var named = NamedFields()
        var fields = HTTPFields()
        fields.reserveCapacity(block.fields.count)
        for (text, value) in block.fields {
            guard let name = HTTPField.Name(text) else {
                throw .badRequest(.fieldLine)
            }
            if try !named.take(text, value) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        length = named.length
        expectsContinue = named.expectsContinue
        request = HTTPRequest(
            method: method,
            scheme: nil,
            authority: try named.checkedHost(authority: block.authority),
            path: target.path,
            headerFields: fields
        )
    }
}

extension HTTPMethod {
    /// Whether NIO knows no such method; in HTTP/1 its parser refuses the same ones.
    fileprivate var isOther: Bool {
        if case .RAW = self { true } else { false }
    }
}

/// The fields that speak to us and not to whoever answers the request, and `content-length`.
private struct NamedFields {
    private var host: String?
    private(set) var length: Int?
    private(set) var expectsContinue = false

    /// Takes a field that belongs to the connection; false leaves it to the request.
    mutating func take(_ name: String, _ value: String) throws(HTTPRefusal) -> Bool {
        switch name {
        case "host":
            host = value
        case "content-length":
            // nghttp2 lets one through, of digits that fit into 63 bits.
            length = Int(value)
            return false
        case "expect":
            guard isSameToken(value[...].utf8, "100-continue") else {
                throw .expectationFailed
            }
            expectsContinue = true
        case "te", "http2-settings":
            // They tell this connection what it may do, and it does none of it (RFC 9110 §7.6.1).
            break
        default:
            return false
        }
        return true
    }

    /// `:authority`, or `Host` where a proxy has translated from HTTP/1 (RFC 9113 §8.3.1).
    ///
    /// Both together must say the same, byte for byte.
    func checkedHost(authority: String?) throws(HTTPRefusal) -> String {
        guard let text = authority ?? host, HostSyntax.isValid(text[...].utf8),
            host == nil || text.utf8.elementsEqual(host?.utf8 ?? text.utf8)
        else {
            throw .badRequest(.host)
        }
        return text
    }
}
