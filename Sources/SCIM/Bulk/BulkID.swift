/// The name by which a client speaks of a resource before it has an id, for the length of one bulk request
/// (RFC 7644 §3.7.2).
///
/// ```
/// "bulkId": "qwerty"             the POST that makes it
/// "value": "bulkId:qwerty"       who refers to it
/// ```
package struct BulkID: Sendable {
    /// The text on the wire, without `bulkId:`; compared byte by byte.
    package let text: String

    /// Takes the text of a `bulkId`.
    package init(_ text: String) {
        self.text = text
    }

    /// The name in a text that is a reference; nil for any other text.
    package init?(reference text: String) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
        self.init(String(text.utf8.dropFirst(Self.prefix.utf8.count)) ?? "")
    }

    private static let prefix = "bulkId:"
}

extension BulkID: Hashable {
    /// Same bytes.
    package static func == (left: BulkID, right: BulkID) -> Bool {
        TextOrder.isSameBytes(left.text, right.text)
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

// MARK: - What the client is told

extension SCIMError {
    /// 409 for a reference that stands for nothing (RFC 7644 §3.7.1).
    ///
    /// - Parameters:
    ///   - bulkID: The name that was referred to.
    ///   - isPromised: Whether some POST of the request bears it; it has then failed.
    /// - Returns: The error of the operation that refers to it.
    package static func unresolved(_ bulkID: BulkID, isPromised: Bool) -> SCIMError {
        let name = AttributeNaming.quoted(bulkID.text)
        return .conflict(
            nil,
            isPromised
                ? "This operation refers to a bulkId whose POST has failed\(name). Correct that POST, and send both again."
                : "This operation refers to a bulkId that no POST of this request has\(name). Correct the reference, or "
                    + "use the id of the resource."
        )
    }

    /// 409 for a resource that was made, and could not be completed afterwards (RFC 7644 §3.7.1).
    package static let incomplete = SCIMError.conflict(
        nil,
        "This resource was created, but a reference of it could not be set: it leads to a resource that refers back to "
            + "this one, and was to be set when both exist. Set it by a PATCH of the location."
    )
}
