/// Text of unknown origin, made harmless to the terminal that shows it.
///
/// Names and user agents come from files and from clients: an escape sequence in one could rewrite what the operator
/// reads, and a line break could forge a line.
package enum ShownText {
    /// The text with each control character and each switch of the writing direction written as `\u{1B}`.
    package static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return text.unicodeScalars.map { scalar in
            isHarmful(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }.joined()
    }

    /// How many columns a terminal takes for a text: two for what East Asian scripts and pictures fill, one for any other
    /// character (Unicode Standard Annex 11, by blocks).
    package static func columns(of text: String) -> Int {
        text.reduce(0) { columns, character in
            let isWide = character.unicodeScalars.first.map { scalar in
                wide.contains { $0.contains(scalar.value) }
            }
            return columns + (isWide == true ? 2 : 1)
        }
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x2028, 0x2029: true
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Blocks whose characters fill two columns.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
