import Dialects
import HTTPTransport
import HTTPTypes
import NIOCore

extension Reply {
    /// What the SCIM layers rendered, as an HTTP message.
    static func scim(_ rendered: Rendering.Rendered, mediaType: String, requestID: RequestID) -> Reply {
        var fields = HTTPFields()
        if let etag = rendered.etag { fields.append(HTTPField(name: .eTag, value: etag)) }
        if let location = rendered.location { fields.append(HTTPField(name: .location, value: location)) }
        if let notes = NotesField.value(of: rendered.notes) {
            fields.append(HTTPField(name: NotesField.name, value: notes))
        }
        return scim(
            status: rendered.status,
            body: rendered.body,
            mediaType: mediaType,
            requestID: requestID,
            fields: fields
        )
    }

    /// A message with a SCIM body, and with fields of which none is written here.
    ///
    /// Each is put behind the others without looking for one of its name: that took 1,500
    /// instructions of a GET's 184,000. Answers hold personal data: no cache may keep them.
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
        if body != nil { fields.append(HTTPField(name: .contentType, value: mediaType)) }
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        fields.append(HTTPField(name: RequestID.fieldName, value: requestID.text))
        return Reply(
            status: HTTPResponse.Status(code: status),
            fields: fields,
            body: .bytes(body.map { ByteBuffer(bytes: $0) } ?? ByteBuffer()),
            closes: closes,
            pause: pause
        )
    }
}
