/// Digits, capitals, small letters, in that order: text that a double click selects whole and no
/// URL encodes.
enum Base62 {
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// A number in so many digits, most significant first.
    static func digits(of number: UInt32, count: Int) -> [UInt8] {
        var rest = Int(number)
        var digits = [UInt8](repeating: alphabet[0], count: count)
        for index in digits.indices.reversed() {
            digits[index] = alphabet[rest % 62]
            rest /= 62
        }
        return digits
    }
}

/// CRC-32 as in IEEE 802.3 and zlib: tells a mistyped or cut token from an unknown one, and a
/// scanner a find from a chance.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }

    /// The same of the first so many bytes, in place.
    static func checksum(_ bytes: Span<UInt8>, upTo end: Int) -> UInt32 {
        var sum = UInt32.max
        for index in 0..<end { sum = table[Int((sum ^ UInt32(bytes[index])) & 0xFF)] ^ (sum >> 8) }
        return ~sum
    }
}
