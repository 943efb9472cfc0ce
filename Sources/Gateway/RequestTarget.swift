import SCIM

/// A request's target taken apart: base path, endpoint, query (RFC 9110 §7.1).
///
/// ```
/// //scim/v2/Users/2819c223?attributes=userName   →  /scim/v2 · .resource(.user, 2819c223) · attributes=userName
/// ```
/// Doubled and trailing slashes are harmless: portals make them when people paste.
package struct RequestTarget: Sendable {
    /// `/scim/v2` or `/api/learner-scim/v2`: goes into every location of the answer.
    package let basePath: String
    /// The place asked for; nil is 404.
    package let endpoint: Endpoint?
    /// The query's parameters in order, decoded; `+` is a space.
    package let parameters: [(name: String, value: String)]

    /// The base paths that are the service.
    ///
    /// The second is the source article's own.
    private static let bases: [(path: String, segments: [String])] = [
        ("/scim/v2", ["scim", "v2"]), ("/api/learner-scim/v2", ["api", "learner-scim", "v2"]),
    ]

    /// Takes the path and query of a request apart.
    ///
    /// Anything undecodable is simply no endpoint.
    package init(_ target: String) {
        // Bytes, not characters: every request comes through here, and nobody need know where a character ends.
        let query = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        let path = target.utf8[..<(query ?? target.endIndex)]
        parameters = query.map { Self.parameters(of: target[$0...].dropFirst()) } ?? []
        guard let segments = Self.segments(of: path),
            let base = Self.bases.first(where: { Self.begin(segments, with: $0.segments) })
        else {
            basePath = Self.bases[0].path
            endpoint = nil
            return
        }
        basePath = base.path
        endpoint = Endpoint(segments: Array(segments[base.segments.count...]))
    }

    /// What stands between the slashes, decoded; nil when some of it does not decode.
    private static func segments(of path: Substring.UTF8View) -> [String]? {
        var segments: [String] = []
        var rest = path
        while let start = rest.firstIndex(where: { $0 != UInt8(ascii: "/") }) {
            let end = rest[start...].firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            guard let segment = PercentEncoding.decoded(Substring(rest[start..<end])) else { return nil }
            segments.append(segment)
            rest = rest[end...]
        }
        return segments
    }

    private static func begin(_ segments: [String], with base: [String]) -> Bool {
        segments.count >= base.count
            && base.indices.allSatisfy { TextOrder.isSameBytes(base[$0], segments[$0]) }
    }

    /// The value of the first parameter of that name, whatever its case: as in a search.
    package func parameter(_ name: String) -> String? {
        parameters.first { TextOrder.isSameName($0.name, name) }?.value
    }

    /// Names and values; what does not decode is left out, like an unknown parameter.
    private static func parameters(of query: Substring) -> [(name: String, value: String)] {
        query.utf8.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let sides = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard let name = PercentEncoding.decodedForm(Substring(sides[0])) else { return nil }
            guard sides.count > 1 else { return (name, "") }
            guard let value = PercentEncoding.decodedForm(Substring(sides[1])) else { return nil }
            return (name, value)
        }
    }
}

/// Percent-encoding of paths and queries (RFC 3986 §2.1).
enum PercentEncoding {
    /// The text with every `%XX` replaced; nil when it is malformed, not UTF-8, or holds a NUL.
    static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        return decode(text.utf8, plusIsSpace: false)
    }

    /// As ``decoded(_:)``, and `+` is a space, as forms and Entra send it.
    static func decodedForm(_ text: Substring) -> String? {
        decode(text.utf8, plusIsSpace: true)
    }

    private static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
