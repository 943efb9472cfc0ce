/// What counts as an e-mail address: enough to catch a wrong mapping, and no more.
///
/// The grammars of RFC 5322 and 6531 are not enforced: identity providers hold addresses that break
/// them.
package enum EmailAddress {
    /// Whether the text has one `@` with something on both sides, and neither white space, a
    /// control character nor a double quote.
    ///
    /// Any script is fine. The length is not looked at.
    package static func isValid(_ text: String) -> Bool {
        var atSigns = 0
        for scalar in text.unicodeScalars {
            if scalar == "@" { atSigns += 1 }
            if scalar == "\"" || scalar.isSpaceOrControl { return false }
        }
        return atSigns == 1 && text.utf8.first != UInt8(ascii: "@") && text.utf8.last != UInt8(ascii: "@")
    }
}

extension Unicode.Scalar {
    /// Whether it is white space or a control character.
    ///
    /// The tables of Unicode are asked only where ASCII does not tell.
    var isSpaceOrControl: Bool {
        guard !isASCII else { return value <= 0x20 || value == 0x7F }
        return properties.isWhitespace || properties.generalCategory == .control
    }
}
