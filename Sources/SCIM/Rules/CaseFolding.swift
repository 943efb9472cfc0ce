internal import Foundation

/// What "without regard to case" means here: NFC, then Unicode full case folding, no locale, then
/// bytes.
///
/// Computed by us, in one place, so that a look-up column, both stores and a filter agree for ever.
/// Swift's `lowercased()` is not folding (it keeps `ß`), and a database's `NOCASE` knows ASCII
/// only.
package enum CaseFolding {
    /// The folded text.
    ///
    /// Two texts are the same without regard to case when their folded UTF-8 bytes are.
    package static func fold(_ text: String) -> String {
        switch content(of: text) {
        case .lowerCaseASCII: text
        case .ascii: String(decoding: text.utf8.map(TextOrder.asciiLowercased), as: UTF8.self)
        case .composed: foldScalars(of: text)
        case .any: foldScalars(of: text.precomposedStringWithCanonicalMapping)
        }
    }

    /// Whether both texts are the same without regard to case.
    package static func isSame(_ left: String, _ right: String) -> Bool {
        TextOrder.isSameBytes(fold(left), fold(right))
    }

    /// How much work a text makes: most user names are ASCII, and need neither table nor
    /// Foundation.
    private enum Content {
        case lowerCaseASCII, ascii
        /// Nothing above U+02FF, where no character combines with another: NFC already.
        case composed
        case any
    }

    private static func content(of text: String) -> Content {
        let bytes = text.utf8.span
        var content = Content.lowerCaseASCII
        for index in bytes.indices {
            let byte = bytes[index]
            // In UTF-8, U+0300 is CC 80: a leading byte from CC on begins a character that NFC may touch.
            if byte >= 0xCC { return .any }
            if byte >= 0x80 { content = .composed }
            if case .lowerCaseASCII = content, byte != TextOrder.asciiLowercased(byte) { content = .ascii }
        }
        return content
    }

    /// Folds a text that is NFC already.
    static func foldScalars(of text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let expansion = expansion(of: scalar.value) {
                folded.append(contentsOf: expansion.unicodeScalars)
            } else {
                folded.append(movedScalar(scalar))
            }
        }
        return String(folded)
    }

    private static func expansion(of scalar: UInt32) -> String? {
        let table = CaseFoldingTable.expansions
        let index = firstIndex(in: table.indices) { table[$0].scalar >= scalar }
        guard index < table.count, table[index].scalar == scalar else { return nil }
        return table[index].folded
    }

    private static func movedScalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let table = CaseFoldingTable.runs
        let index = firstIndex(in: table.indices) { table[$0].last >= scalar.value }
        guard index < table.count else { return scalar }
        let run = table[index]
        guard scalar.value >= run.first, (scalar.value - run.first).isMultiple(of: run.step) else {
            return scalar
        }
        // The table leads from scalar to scalar; the test over all code points would see it if it did not.
        return Unicode.Scalar(UInt32(Int32(scalar.value) + run.distance)) ?? scalar
    }

    /// Binary search: the first index at which the condition holds, when it holds for all after it.
    private static func firstIndex(in range: Range<Int>, where isBehind: (Int) -> Bool) -> Int {
        var range = range
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isBehind(middle) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }
}
