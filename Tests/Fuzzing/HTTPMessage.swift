import HTTPTransport
import HTTPTypes

/// One request as whoever answers it sees it.
struct HTTPMessage: Equatable, Sendable {
    let method: String
    let path: String
    let authority: String?
    let version: String
    /// `name: value`, in order, without `Content-Length`.
    let fields: [String]
    /// Nil when it was not asked for, or did not come.
    var body: [UInt8]?

    /// The request before its body is asked for.
    init(_ request: IncomingRequest) {
        method = request.head.method.rawValue
        path = request.head.path ?? ""
        authority = request.head.authority
        version = request.version
        fields = request.head.headerFields.filter { $0.name != .contentLength }.map {
            "\($0.name): \($0.value)"
        }
    }

    /// The request as HTTP/1 would have it written: nothing in it can be read in two ways.
    var written: [UInt8] {
        var lines = ["\(method) \(path) HTTP/\(version)"]
        if let authority { lines.append("Host: \(authority)") }
        lines += fields
        if let body, !body.isEmpty { lines.append("Content-Length: \(body.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }

    /// Checks that nothing of it is larger than it may be.
    func check(_ limits: HTTPLimits) throws(BrokenPromise) {
        // In characters, of which each was a byte at least, without what stands between name and value.
        let sizes = fields.map { $0.unicodeScalars.count - 2 }
        try promise("a target is within the request line", path.utf8.count <= limits.requestLineBytes)
        try promise("fields are few", sizes.count <= limits.fields)
        try promise("fields are short", sizes.allSatisfy { $0 <= limits.fieldBytes })
        try promise("the header is short", sizes.reduce(0, +) <= limits.headerBytes)
        try promise("a body is short", body?.count ?? 0 <= limits.bodyBytes)
        let isOneLine = { (field: String) in field.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\t") }
        }
        try promise("a field is one line", fields.allSatisfy(isOneLine))
    }
}
