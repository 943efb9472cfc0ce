/// What a request named that was not stored, and why: counted, and shown to the admin.
///
/// Names only, never values.
package struct Note: Sendable, Equatable {
    /// Why nothing was stored.
    package let kind: Kind
    /// The attribute: in the schema's spelling where a schema knows it, with the URN of an
    /// extension before it.
    package let attribute: String

    /// Why nothing was stored.
    package enum Kind: String, Sendable {
        /// RFC 7643 knows the attribute, the connection's attribute set does not hold it.
        case dropped
        /// No schema knows the attribute.
        case unknown
        /// The value was there already.
        case alreadySo
    }

    /// A note on an attribute.
    package init(_ kind: Kind, _ attribute: String) {
        self.kind = kind
        self.attribute = attribute
    }

    /// Same kind, same bytes of the name.
    package static func == (left: Note, right: Note) -> Bool {
        left.kind == right.kind && TextOrder.isSameBytes(left.attribute, right.attribute)
    }
}

/// How many notes one request can make, and how long they get.
package enum NoteLimits {
    /// Notes of one request.
    ///
    /// A full body of RFC 7643 outside the learner set makes about forty; a body of a hundred
    /// thousand unknown names must not make as many.
    package static let count = 100
    /// Bytes of a name that is kept.
    ///
    /// The longest of the RFC, with its URN, has 83.
    package static let nameBytes = 128
}
