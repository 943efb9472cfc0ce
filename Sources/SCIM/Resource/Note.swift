/// What a request named that was not stored, and why: counted, and shown to the admin.
///
/// Names only, never values.
package struct Note: Sendable {
    /// Why nothing was stored.
    package let kind: Kind
    /// The attribute: in the schema's spelling where a schema knows it, with the URN of an
    /// extension before it.
    package let attribute: String
    /// How often the request did so, 1 or more.
    package let count: Int

    /// Why nothing was stored.
    package enum Kind: String, Sendable, CaseIterable {
        /// RFC 7643 knows the attribute, and the connection's attribute set does not hold it, or only
        /// the service sets it.
        case dropped
        /// No schema knows the attribute.
        case unknown
        /// The value was there already, or what was to go was not.
        case alreadySo
    }

    /// A note on an attribute.
    package init(_ kind: Kind, _ attribute: String, count: Int = 1) {
        self.kind = kind
        self.attribute = attribute
        self.count = count
    }

    /// The notes of several steps as those of one request.
    package static func joined(_ steps: [Note]...) -> [Note] {
        var tally = NoteTally()
        for note in steps.joined() { tally.add(note) }
        return tally.notes
    }
}

extension Note: Equatable {
    /// Same kind, same bytes of the name, as often.
    package static func == (left: Note, right: Note) -> Bool {
        left.kind == right.kind && TextOrder.isSameBytes(left.attribute, right.attribute)
            && left.count == right.count
    }
}

/// How many names one request can leave in its notes, and how long they get.
package enum NoteLimits {
    /// Names that no schema knows; further ones are counted together.
    ///
    /// Those that schemas know are as many as the schemas have. A body of a hundred thousand unknown
    /// ones must not make as many notes.
    package static let unknownNames = 100
    /// Bytes of a name that is kept.
    ///
    /// The longest of the RFC, with its URN, has 83.
    package static let nameBytes = 128
}
