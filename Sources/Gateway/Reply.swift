import Dialects
import HTTPTransport
import HTTPTypes
import NIOCore

extension Reply {
    /// What the SCIM layers rendered, as an HTTP message.
    static func scim(_ rendered: Rendering.Rendered, mediaType: String, requestID: RequestID) -> Reply {
        var fields = resource(etag: rendered.etag, location: rendered.location)
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

    /// The fields of an answer that holds a resource, or of one that holds none.
    ///
    /// Written out where both are there: to put one behind the other goes through the collection's most general way, each
    /// time for 500 instructions.
    private static func resource(etag: String?, location: String?) -> HTTPFields {
        switch (etag, location) {
        case (let etag?, let location?): [.eTag: etag, .location: location]
        case (let etag?, nil): [.eTag: etag]
        case (nil, let location?): [.location: location]
        case (nil, nil): [:]
        }
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
        fields.reserveCapacity(fields.count + 3)
        if body != nil { fields.append(HTTPField(name: .contentType, value: mediaType)) }
        fields.append(noStore)
        fields.append(requestID.field)
        return Reply(
            status: HTTPResponse.Status(code: status),
            fields: fields,
            body: .bytes(body.map { ByteBuffer(bytes: $0) } ?? ByteBuffer()),
            closes: closes,
            pause: pause
        )
    }
    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")
}
