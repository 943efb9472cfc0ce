/// `If-Match` and `If-None-Match` of a request (RFC 7644 §3.14, RFC 9110 §13).
package struct Preconditions: Sendable, Equatable {
    /// The versions of which one must be current; nil asks nothing.
    package let ifMatch: EntityTags?
    /// The versions of which none may be current; nil asks nothing.
    package let ifNoneMatch: EntityTags?

    /// No condition.
    package static let none = Preconditions(ifMatch: nil, ifNoneMatch: nil)

    /// What becomes of a read.
    package enum ReadVerdict: Sendable {
        /// It goes on.
        case read
        /// The client holds this version already: 304.
        case notModified
        /// It is not the version that the client expects: 412.
        case failed
    }

    /// Conditions as the header fields state them.
    package init(ifMatch: EntityTags?, ifNoneMatch: EntityTags?) {
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
    }

    /// Whether a write to a resource of that version may go on.
    package func allowWrite(to version: ResourceVersion) -> Bool {
        verdict(onReading: version.etag) == .read
    }

    /// What becomes of a read of something that has this entity tag, `If-Match` asked first (RFC 9110
    /// §13.2.2).
    ///
    /// `If-None-Match` compares weakly: `"3"` names `W/"3"` (RFC 9110 §13.1.2). `If-Match` compares the
    /// whole text. RFC 9110 §13.1.1 wants the strong comparison there, which no weak tag passes; RFC
    /// 7644 §3.14 has clients send weak ones.
    package func verdict(onReading etag: String) -> ReadVerdict {
        if let ifMatch, !ifMatch.contains(etag) { return .failed }
        if let ifNoneMatch, ifNoneMatch.containsWeakly(etag) { return .notModified }
        return .read
    }
}

/// A list of entity tags, or `*` (RFC 9110 §8.8.3, §13.1).
package enum EntityTags: Sendable, Equatable {
    /// `*`: the resource exists.
    case any
    /// These tags, as sent.
    case tags([String])

    /// Reads a header field's value; nil when there is no field.
    ///
    /// - Throws: 400 `invalidValue` for what is neither `*` nor a list of tags in double quotes, and
    ///   for more than ``EntityTagLimits/tags``: a condition that is misread could let a write pass.
    package static func reading(_ field: String?) throws(SCIMError) -> EntityTags? {
        guard let field else { return nil }
        var list = EntityTagList(field)
        if list.isAny { return .any }
        var tags: [String] = []
        while let tag = list.next() { tags.append(tag) }
        guard list.isWellFormed, !tags.isEmpty, tags.count <= EntityTagLimits.tags else {
            throw .badRequest(
                .invalidValue,
                "If-Match and If-None-Match hold * or up to \(EntityTagLimits.tags) entity tags in double "
                    + "quotes, such as W/\"3\". Send the version as meta.version has it."
            )
        }
        return .tags(tags)
    }

    /// Whether the list names that tag, byte by byte.
    func contains(_ etag: String) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { TextOrder.isSameBytes($0, etag) }
        }
    }

    /// Whether the list names that tag by the weak comparison: what stands in the quotes decides (RFC
    /// 9110 §8.8.3.2).
    func containsWeakly(_ etag: String) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags):
            tags.contains { Self.opaque($0).elementsEqual(Self.opaque(etag)) }
        }
    }

    private static func opaque(_ tag: String) -> Substring.UTF8View {
        tag.hasPrefix("W/") ? tag.dropFirst(2).utf8 : tag[...].utf8
    }
}

/// How many versions a condition names.
package enum EntityTagLimits {
    /// Tags of one header field: a client knows one version of a resource, or the last few.
    package static let tags = 100
}

/// Takes a header field's value apart: `W/"1", "x,y"`.
///
/// A comma inside the quotes belongs to the tag; empty elements are passed over (RFC 9110 §5.6.1.2).
private struct EntityTagList {
    private var rest: Substring.UTF8View
    /// Whether all that was read so far is as it should be.
    private(set) var isWellFormed = true

    init(_ field: String) {
        rest = field[...].utf8
        skip { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Whether the value is `*` and nothing else.
    var isAny: Bool {
        let text = rest.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let end = rest.dropFirst(text.count)
        return text.elementsEqual("*".utf8) && end.allSatisfy(Self.isSpace)
    }

    /// The next tag; nil at the end, and at a flaw.
    mutating func next() -> String? {
        skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
        guard !rest.isEmpty else { return nil }
        let start = rest
        if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
        guard rest.first == UInt8(ascii: "\"") else { return flaw() }
        rest = rest.dropFirst()
        skip { $0 == 0x21 || (0x23...0x7E).contains($0) || $0 >= 0x80 }
        guard rest.first == UInt8(ascii: "\"") else { return flaw() }
        rest = rest.dropFirst()
        let tag = start[start.startIndex..<rest.startIndex]
        skip(Self.isSpace)
        guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return flaw() }
        return String(Substring(tag))
    }

    private mutating func flaw() -> String? {
        isWellFormed = false
        return nil
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        rest = rest.drop(while: isSkipped)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
