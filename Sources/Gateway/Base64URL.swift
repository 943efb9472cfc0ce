/// Base64 with the alphabet that URLs leave alone, without padding (RFC 4648 §5): every letter is an unreserved character
/// (RFC 3986 §2.3), as RFC 9865 §2 wants of cursors.
enum Base64URL {
    /// The bytes as text: four letters for three bytes.
    static func text(_ bytes: [UInt8]) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.count * 4 + 2) / 3)
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            let bits = (group + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
            for place in 0...group.count { letters.append(alphabet[bits >> (18 - 6 * place) & 63]) }
            rest = rest.dropFirst(3)
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The bytes that a text stands for; nil for a text that ``text(_:)`` never gives.
    ///
    /// Strict: a bit too many at the end is refused, so that no two texts stand for the same bytes.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        var bits = 0
        var count = 0
        for letter in text.utf8 {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(bits >> count))
            bits &= 1 << count - 1
        }
        return count < 6 && bits == 0 ? bytes : nil
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )
}
