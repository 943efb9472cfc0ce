/// What counts as a binary value: base64 as in RFC 4648 §4, whose padding may be left out (RFC 7643
/// §2.3.6).
package enum Base64Text {
    /// Whether the text decodes to bytes.
    ///
    /// The alphabet of URLs is not taken: RFC 7643 allows it only where a definition says so, and none
    /// does. Nor are line breaks, which other users of base64 put in.
    package static func isValid(_ text: String) -> Bool {
        let digits = text.utf8.prefix { isDigit($0) }
        let padding = text.utf8.count - digits.count
        guard text.utf8.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return false }
        switch digits.count % 4 {
        case 0: return padding == 0
        case 2: return padding == 0 || padding == 2
        case 3: return padding == 0 || padding == 1
        default: return false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
