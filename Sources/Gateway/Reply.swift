import Dialects
import HTTPTransport
import HTTPTypes
import NIOCore

extension Reply {
    /// What the SCIM layers rendered, as an HTTP message.
    static func scim(_ rendered: Rendering.Rendered, mediaType: String, requestID: RequestID) -> Reply {
        var fields = HTTPFields()
        if let etag = rendered.etag { fields[.eTag] = etag }
        if let location = rendered.location { fields[.location] = location }
        if let notes = NotesField.value(of: rendered.notes) { fields[NotesField.name] = notes }
        return scim(
            status: rendered.status,
            body: rendered.body,
            mediaType: mediaType,
            requestID: requestID,
            fields: fields
        )
    }

    /// A message with a SCIM body.
    ///
    /// Answers hold personal data: no cache may keep them.
    static func scim(
        status: Int,
        body: [UInt8]?,
        mediaType: String,
        requestID: RequestID,
        fields: HTTPFields = [:],
        closes: Bool = false,
        pause: TimeAmount? = nil
    ) -> Reply {
        var fields = fields
        if body != nil { fields[.contentType] = mediaType }
        fields[.cacheControl] = "no-store"
        fields[RequestID.fieldName] = requestID.text
        return Reply(
            status: HTTPResponse.Status(code: status),
            fields: fields,
            body: .bytes(body.map { ByteBuffer(bytes: $0) } ?? ByteBuffer()),
            closes: closes,
            pause: pause
        )
    }
}
