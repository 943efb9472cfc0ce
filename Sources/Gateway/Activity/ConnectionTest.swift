import SCIM

/// Tells Entra's "Test connection" from a search for somebody.
///
/// It looks for a matching attribute with a new random GUID, and wants to find nobody (Microsoft, "Develop and plan
/// provisioning for a SCIM endpoint", request for a non-existent user).
enum ConnectionTest {
    /// Whether a search with that filter that found so many was such a test.
    static func isOne(filter: String?, found: Int) -> Bool {
        guard found == 0, let filter else { return false }
        let parts = filter.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count >= 3, TextOrder.isSameName(String(parts[parts.count - 2]), "eq"),
            isOnePath(parts.dropLast(2))
        else { return false }
        return isQuotedGUID(Array(parts[parts.count - 1].utf8))
    }

    /// `userName`, or `emails[type eq "work"].value`, whose brackets have spaces in them.
    private static func isOnePath(_ parts: ArraySlice<Substring>) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return true }
        let opens = parts.count { $0.utf8.contains(UInt8(ascii: "[")) }
        return opens == 1 && first.utf8.contains(UInt8(ascii: "[")) && last.utf8.contains(UInt8(ascii: "]"))
    }

    /// `"8-4-4-4-12"` hexadecimal digits, in quotes.
    private static func isQuotedGUID(_ text: [UInt8]) -> Bool {
        let quote = UInt8(ascii: "\"")
        guard text.count == 38, text.first == quote, text.last == quote else { return false }
        return text[1..<37].enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: isHexadecimal(byte)
            }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch TextOrder.asciiLowercased(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
