import SCIM

/// A path as nearly every client writes it: the first base path, a collection, and one id at most, nothing of it encoded.
///
/// ```
/// /scim/v2/Users   /scim/v2/Users/2819c223   /scim/v2/Groups/e9e30dba
/// ```
/// Read where it stands, byte by byte: a list of decoded segments, compared one after the other, took 11,000 instructions of
/// a GET's 184,000; this takes 2,000.
enum PlainPath {
    /// The endpoint of the path, which is the first so many bytes of the target; nil when it must be taken apart.
    static func endpoint(_ target: String, pathBytes count: Int) -> Endpoint? {
        let bytes = target.utf8.span
        guard let (type, end) = collection(bytes, count) else { return nil }
        guard end < count else { return .collection(type) }
        // `.search` is no id, and a byte that means something is the way of all other paths.
        guard bytes[end] == UInt8(ascii: "/"), end + 1 < count, bytes[end + 1] != UInt8(ascii: ".") else {
            return nil
        }
        for index in end + 1..<count
        where bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: "%") {
            return nil
        }
        let id = target.utf8.prefix(count).dropFirst(end + 1)
        return .resource(type, ResourceID(String(Substring(id))))
    }

    /// The collection that the path begins with, and where its name ends.
    private static func collection(_ bytes: Span<UInt8>, _ count: Int) -> (ResourceType.Name, Int)? {
        for (type, start) in starts where begins(bytes, count, with: start) { return (type, start.count) }
        return nil
    }

    private static func begins(_ bytes: Span<UInt8>, _ count: Int, with start: [UInt8]) -> Bool {
        guard count >= start.count else { return false }
        for index in start.indices where bytes[index] != start[index] { return false }
        return true
    }

    private static let starts: [(ResourceType.Name, [UInt8])] = [
        (.user, Array("\(RequestTarget.basePath)/Users".utf8)),
        (.group, Array("\(RequestTarget.basePath)/Groups".utf8)),
    ]
}
