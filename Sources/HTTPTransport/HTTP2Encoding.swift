internal import HTTPTypes
internal import NIOCore

/// Writes replies as the fields and the body of an HTTP/2 response (RFC 9113 §8.3.2).
enum HTTP2Encoding {
    /// The fields of the header block, `:status` first; `date` is the value of that field.
    static func fields(_ reply: Reply, date: String) -> HTTP2FieldList {
        var fields = HTTP2FieldList(count: reply.fields.count + 3)
        fields.append(":status", number: reply.status.code)
        for field in reply.fields where !isTransport(field.name.canonicalName) {
            let isKept = field.indexingStrategy == .automatic || field.indexingStrategy == .prefer
            fields.append(field.name.canonicalName, field.value, isIndexed: isKept)
        }
        fields.append("date", date)
        if hasLength(reply.status) {
            fields.append("content-length", number: reply.body.count)
        }
        return fields
    }

    /// What is sent as DATA; nil when the header block ends the stream.
    ///
    /// Of a reply to HEAD the length is told and the body is not sent (RFC 9110 §9.3.2).
    static func body(_ reply: Reply, isToHead: Bool) -> ByteBuffer? {
        guard !isToHead, hasLength(reply.status), reply.body.count > 0 else {
            return nil
        }
        switch reply.body {
        case .bytes(let buffer): return buffer
        }
    }

    /// The interim answer that tells a client to send the body (RFC 9110 §15.2.1).
    static var goOn: HTTP2FieldList {
        var fields = HTTP2FieldList(count: 1)
        fields.append(":status", number: 100)
        return fields
    }

    /// 204 must not have a length (RFC 9110 §8.6); that of a 304 would be the 200's, which is not known here.
    private static func hasLength(_ status: HTTPResponse.Status) -> Bool {
        status != .noContent && status != .notModified
    }

    /// Fields that only the transport writes, and those that HTTP/2 forbids (RFC 9113 §8.2.2).
    private static func isTransport(_ name: String) -> Bool {
        switch name {
        case "content-length", "date", "connection", "keep-alive", "proxy-connection", "transfer-encoding",
            "upgrade":
            true
        default: false
        }
    }
}
