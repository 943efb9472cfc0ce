/// How text is compared: by UTF-8 bytes, or by folded UTF-8 bytes where `caseExact` is false.
///
/// Swift's `==` and `<` on `String` are not used on attribute values: they equate canonical
/// equivalents (`é` and `e` + U+0301), which a directory keeps apart where `caseExact` is true.
package enum TextOrder {
    /// Whether both strings hold the same UTF-8 bytes.
    package static func isSameBytes(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let left = left.utf8.span
        let right = right.utf8.span
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Whether `left` sorts before `right` by UTF-8 bytes.
    package static func isBefore(_ left: String, _ right: String) -> Bool {
        let left = left.utf8.span
        let right = right.utf8.span
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index]
        }
        return left.count < right.count
    }

    /// Whether both names are the same but for the case of ASCII letters: how attribute names and
    /// URNs compare (RFC 7643 §2.1).
    package static func isSameName(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { asciiLowercased($0) == asciiLowercased($1) }
    }

    /// The same for whole texts, over their bytes in place: every attribute of every resource is
    /// found by it.
    package static func isSameName(_ left: String, _ right: String) -> Bool {
        isSameName(left.utf8.span, right.utf8.span)
    }

    /// The same for bytes that are in place already.
    package static func isSameName(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] {
            guard asciiLowercased(left[index]) == asciiLowercased(right[index]) else { return false }
        }
        return true
    }

    /// The byte, lower-cased when it is an ASCII capital.
    package static func asciiLowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
