/// What counts as a reference: an absolute or relative URI (RFC 7643 §2.3.7).
///
/// Enough to catch a wrong mapping. The grammar of RFC 3986 is not enforced: clients send addresses of
/// photos with letters of any script, which browsers take.
package enum URIReference {
    /// Whether the text holds neither white space nor a control character.
    package static func isValid(_ text: String) -> Bool {
        !text.unicodeScalars.contains(where: \.isSpaceOrControl)
    }
}
