/// What a server answered, and how long it took.
package struct HTTPSAnswer: Sendable {
    /// The status code.
    package let status: Int
    /// The header fields in their order.
    package let fields: [HTTPSField]
    /// The body, at most ``OutboundLimits/bodyBytes``.
    package let body: [UInt8]
    /// Microseconds from the sent request to the whole answer: without look-up, connection and handshake.
    package let microseconds: Int

    /// An answer of these parts.
    package init(status: Int, fields: [HTTPSField], body: [UInt8], microseconds: Int) {
        self.status = status
        self.fields = fields
        self.body = body
        self.microseconds = microseconds
    }

    /// The value of the first field of that name, in whatever case.
    package subscript(field: String) -> String? { fields.first { $0.isNamed(field) }?.value }

    /// Milliseconds, rounded.
    package var milliseconds: Int { (microseconds + 500) / 1_000 }
}
