internal import SCIM

/// A text that somebody says is a token, without what people and tools put around one.
package struct PastedToken: Sendable {
    /// What is left: a token, if it is one.
    package let text: String
    /// What was around it, in the order in which it was taken away.
    package let wrappings: [Wrapping]

    /// What people and tools put around a token, and what Entra would send along.
    package enum Wrapping: Sendable, Equatable, CaseIterable {
        /// `Bearer ` in front.
        case scheme
        /// White space or line breaks around it, beyond the line break that ends a line.
        case whiteSpace
        /// Quotes around it.
        case quotes
    }

    /// Unwraps a text; one line break at its end belongs to the line, not to the token.
    package init(_ pasted: String) {
        var rest = Substring(pasted)
        if let last = rest.last, last == "\n" || last == "\r\n" { rest = rest.dropLast() }
        var wrappings: [Wrapping] = []
        while let (wrapping, inner) = Self.unwrapped(rest) {
            if !wrappings.contains(wrapping) { wrappings.append(wrapping) }
            rest = inner
        }
        text = String(rest)
        self.wrappings = wrappings
    }

    private static func unwrapped(_ text: Substring) -> (Wrapping, Substring)? {
        let trimmed = text.drop(while: \.isWhitespace)
        let bare = trimmed.prefix(trimmed.count - trimmed.reversed().prefix(while: \.isWhitespace).count)
        guard bare.count == text.count else { return (.whiteSpace, bare) }
        let scheme = Array("bearer ".utf8)
        if TextOrder.isSameName(Array(text.utf8.prefix(scheme.count)), scheme) {
            return (.scheme, text.dropFirst(scheme.count))
        }
        if text.count >= 2, let first = text.first, first == text.last, "\"'`".contains(first) {
            return (.quotes, text.dropFirst().dropLast())
        }
        return nil
    }
}
