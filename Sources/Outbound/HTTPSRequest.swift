/// One request to a server outside, as values.
package struct HTTPSRequest: Sendable, Equatable {
    /// What is asked.
    package let method: Method
    /// The whole URL, `https` only.
    package let url: String
    /// Header fields beside those that the client sets by itself: `Host`, `Content-Length`.
    package var fields: [HTTPSField]
    /// What is sent along; nil is nothing.
    package let body: [UInt8]?

    /// The methods of SCIM that a client needs.
    package enum Method: String, Sendable, CaseIterable {
        /// RFC 9110 §9.3.1.
        case get = "GET"
        /// RFC 9110 §9.3.3.
        case post = "POST"
        /// RFC 5789.
        case patch = "PATCH"
        /// RFC 9110 §9.3.5.
        case delete = "DELETE"
    }

    /// A request of these parts.
    package init(_ method: Method, _ url: String, fields: [HTTPSField] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }
}

/// A header field.
package struct HTTPSField: Sendable, Equatable {
    /// Its name as written.
    package let name: String
    /// Its value, without a line break.
    package let value: String

    /// A field of that name.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it has that name, in whatever case: names are ASCII (RFC 9110 §5.1).
    func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}
