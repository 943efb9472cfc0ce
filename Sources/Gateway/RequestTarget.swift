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

    /// The base path that is given to clients.
    static let basePath = "/scim/v2"

    /// The base paths that are the service.
    ///
    /// The second is the source article's own.
    private static let bases: [(path: String, segments: [String])] = [
        (basePath, ["scim", "v2"]), ("/api/learner-scim/v2", ["api", "learner-scim", "v2"]),
    ]

    /// Takes the path and query of a request apart.
    ///
    /// Anything undecodable is simply no endpoint.
    package init(_ target: String) {
        self.init(target, plainPaths: true)
    }

    /// The same, by the segments alone when plain paths are to have no way of their own.
    init(_ target: String, plainPaths: Bool) {
        // Bytes, not characters: every request comes through here, and nobody need know where a character ends.
        let pathBytes = Self.firstIndex(of: UInt8(ascii: "?"), in: target)
        parameters = pathBytes.map { Self.parameters(of: target, from: $0 + 1) } ?? []
        if plainPaths, let endpoint = PlainPath.endpoint(target, pathBytes: pathBytes ?? target.utf8.count) {
            basePath = Self.basePath
            self.endpoint = endpoint
            return
        }
        guard let segments = Self.segments(of: target.utf8.prefix(pathBytes ?? target.utf8.count)),
            let base = Self.bases.first(where: { Self.begin(segments, with: $0.segments) })
        else {
            basePath = Self.basePath
            endpoint = nil
            return
        }
        basePath = base.path
        endpoint = Endpoint(segments: Array(segments[base.segments.count...]))
    }

    private static func firstIndex(of byte: UInt8, in text: String) -> Int? {
        let bytes = text.utf8.span
        for index in bytes.indices where bytes[index] == byte { return index }
        return nil
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

    /// Names and values from a byte of the target on; what does not decode is left out, like an unknown parameter.
    private static func parameters(of target: String, from start: Int) -> [(name: String, value: String)] {
        let bytes = target.utf8.span
        var parameters: [(name: String, value: String)] = []
        var (start, index) = (start, start)
        var equals: Int?
        while index <= bytes.count {
            if index == bytes.count || bytes[index] == UInt8(ascii: "&") {
                let name = PercentEncoding.decodedForm(bytes.extracting(start..<(equals ?? index)))
                let value = PercentEncoding.decodedForm(
                    bytes.extracting((equals.map { $0 + 1 } ?? index)..<index)
                )
                if index > start, let name, let value { parameters.append((name, value)) }
                (start, equals) = (index + 1, nil)
            } else if equals == nil, bytes[index] == UInt8(ascii: "=") {
                equals = index
            }
            index += 1
        }
        return parameters
    }
}

/// Percent-encoding of paths and queries (RFC 3986 §2.1).
enum PercentEncoding {
    /// The text with every `%XX` replaced; nil when it is malformed, not UTF-8, or holds a NUL.
    static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        return decode(text.utf8.span, plusIsSpace: false)
    }

    /// As ``decoded(_:)``, and `+` is a space, as forms and Entra send it.
    static func decodedForm(_ text: Span<UInt8>) -> String? {
        decode(text, plusIsSpace: true)
    }

    private static func decode(_ text: Span<UInt8>, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            var byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, let high = hexValue(text[index + 1]),
                    let low = hexValue(text[index + 2])
                else { return nil }
                byte = high << 4 | low
                index += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            guard byte != 0 else { return nil }
            bytes.append(byte)
            index += 1
        }
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
