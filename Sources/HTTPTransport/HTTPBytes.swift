/// Byte classes of RFC 9110 §5.6.2 and RFC 3986 §2.
///
/// They take bytes, not characters: a character may be several code points that look like one letter.

/// Whether a byte may stand in a token: a method, a field name.
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
        UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
        true
    default:
        false
    }
}

/// Whether a byte is `0`…`9`.
func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

/// Whether a byte is an ASCII letter.
func isLetter(_ byte: UInt8) -> Bool {
    let folded = byte | 0x20
    return folded >= UInt8(ascii: "a") && folded <= UInt8(ascii: "z")
}

/// Whether a byte is optional white space between tokens: a space or a tab.
func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

/// The value of a hexadecimal digit; nil for any other byte.
func hexValue(_ byte: UInt8) -> Int? {
    if isDigit(byte) {
        return Int(byte - UInt8(ascii: "0"))
    }
    let folded = byte | 0x20
    guard folded >= UInt8(ascii: "a"), folded <= UInt8(ascii: "f") else {
        return nil
    }
    return Int(folded - UInt8(ascii: "a")) + 10
}

/// Whether two texts are the same but for the case of ASCII letters.
///
/// `lower` is in lower case.
func isSameToken(_ text: Substring.UTF8View, _ lower: StaticString) -> Bool {
    lower.withUTF8Buffer { expected in
        guard text.count == expected.count else {
            return false
        }
        return unsafe zip(text, expected).allSatisfy { byte, wanted in
            (isLetter(byte) ? byte | 0x20 : byte) == wanted
        }
    }
}
