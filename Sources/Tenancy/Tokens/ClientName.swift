internal import Configuration

/// The name of a client out of what it says of itself.
package enum ClientName {
    /// Bytes that are kept: names of products are a third of it.
    static let maximumBytes = 64

    /// The first product of a `User-Agent` with its version (RFC 9110 §10.1.5), cut to ``maximumBytes``.
    ///
    /// Printable wherever it is shown. It ends at the first byte that no product has. Nil when nothing is left, and for what looks like a token: a
    /// client that sends its secret in the wrong field must not have it kept.
    package static func cleaned(_ userAgent: String) -> String? {
        let bytes = userAgent.utf8.span
        var end = 0
        while end < min(bytes.count, maximumBytes), isAllowed(bytes[end]) { end += 1 }
        let text = String(decoding: userAgent.utf8.prefix(end), as: UTF8.self)
        return text.isEmpty || text.holds("sgw_") ? nil : text
    }

    /// The characters of an RFC 9110 token, and the slash before the version.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        Base62.isDigit(byte) || "!#$%&'*+-.^_`|~/".utf8.contains(byte)
    }
}
