/// An error as a SCIM client gets it (RFC 7644 §3.12).
///
/// `detail` is written for the admin who reads it in the identity provider's log: what, why, what
/// to do. It names attributes and never holds a value.
package struct SCIMError: Error, Sendable {
    /// The HTTP status, 400…599.
    package let status: Int
    /// The `scimType`; nil where the RFC has none for the case.
    package let kind: Kind?
    /// What, why, what to do.
    package let detail: String

    /// The detail error keyword (RFC 7644 §3.12 table 9, RFC 9865 §2.1).
    package enum Kind: String, Sendable, CaseIterable {
        /// The filter cannot be parsed, or compares what cannot be compared.
        case invalidFilter
        /// The search would cost more than the service gives.
        case tooMany
        /// The value is taken.
        case uniqueness
        /// The attribute may not be written so.
        case mutability
        /// The body is not what the operation takes.
        case invalidSyntax
        /// The PATCH path cannot be parsed, or names what no schema knows.
        case invalidPath
        /// The PATCH path selects nothing.
        case noTarget
        /// A value is missing or does not suit its attribute.
        case invalidValue
        /// The protocol version is not served.
        case invalidVers
        /// The request would put personal values into a URI.
        case sensitive
        /// The cursor is none of ours.
        case invalidCursor
        /// The cursor is too old.
        case expiredCursor
        /// The page size of a request by cursor is not positive.
        case invalidCount
    }

    /// An error of that status.
    package init(status: Int, kind: Kind?, detail: String) {
        self.status = status
        self.kind = kind
        self.detail = detail
    }

    /// 400: the request is at fault.
    package static func badRequest(_ kind: Kind, _ detail: String) -> SCIMError {
        SCIMError(status: 400, kind: kind, detail: detail)
    }

    /// 403: this connection may not do that.
    package static func forbidden(_ detail: String) -> SCIMError {
        SCIMError(status: 403, kind: nil, detail: detail)
    }

    /// 404: there is no such resource.
    package static func notFound(_ detail: String) -> SCIMError {
        SCIMError(status: 404, kind: nil, detail: detail)
    }

    /// 409: the change does not go with what is stored.
    package static func conflict(_ kind: Kind?, _ detail: String) -> SCIMError {
        SCIMError(status: 409, kind: kind, detail: detail)
    }

    /// 412: the resource is not in the version that the client expects (RFC 7644 §3.14).
    package static func preconditionFailed(_ detail: String) -> SCIMError {
        SCIMError(status: 412, kind: nil, detail: detail)
    }
}

extension SCIMError: Equatable {
    /// Same status and kind: tests compare codes, not prose.
    package static func == (left: SCIMError, right: SCIMError) -> Bool {
        left.status == right.status && left.kind == right.kind
    }
}

extension SCIMError {
    /// The body of the answer, one line of JSON.
    ///
    /// ```
    /// {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400",
    /// "scimType":"invalidFilter","detail":"…"}
    /// ```
    package var body: [UInt8] {
        var json = JSONWriter(capacity: 160 + detail.utf8.count)
        json.beginObject()
        json.member("schemas", strings: ["urn:ietf:params:scim:api:messages:2.0:Error"])
        json.member("status", String(status))
        if let kind { json.member("scimType", kind.rawValue) }
        json.member("detail", detail)
        json.endObject()
        return json.bytes
    }
}
