package import Crypto

/// The bearer secret of one connection.
///
/// Its text is shown once, when it is made; only its digest is kept.
///
/// ```
/// sgw_k7Qm2x4B_<43 base62: 256 random bits><6 base62: CRC-32 over all before>     62 characters
/// \bsgw_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\b                                          for secret scanners
/// ```
///
/// The id makes the look-up a table access and lets a failed attempt be told to its owner; the
/// checksum tells damage from guessing. No slow hash is needed: 256 random bits cannot be tried
/// through.
package struct AccessToken: Sendable {
    /// The public part, safe to show and to log.
    package let id: ID
    /// The whole token.
    ///
    /// For the one who asked for it, once; never for a log.
    package let text: String

    /// Characters of every token.
    package static let length = TokenFormat.length

    /// The public id inside a token: 8 base62 characters.
    package struct ID: Sendable, Hashable, CustomStringConvertible {
        /// The id as written.
        package let text: String

        /// Takes an id; nil when it is not 8 base62 characters.
        package init?(_ text: String) {
            guard text.utf8.count == TokenFormat.idLength, text.utf8.allSatisfy(Base62.isDigit) else {
                return nil
            }
            self.text = text
        }

        /// Takes an id that was just drawn.
        fileprivate init(drawn text: String) { self.text = text }

        /// The id.
        package var description: String { text }
    }

    private init(id: ID, text: String) {
        self.id = id
        self.text = text
    }

    /// A new token of uniformly random id and secret, drawn from the profile's random generator.
    package static func generate(in library: LibraryContext) -> AccessToken {
        let id = library.randomBase62(TokenFormat.idLength)
        let start = "sgw_\(id)_\(library.randomBase62(TokenFormat.secretLength))"
        let checksum = TokenFormat.checksum(of: start.utf8)
        return AccessToken(id: ID(drawn: id), text: start + String(decoding: checksum, as: UTF8.self))
    }

    /// Takes a token's text.
    ///
    /// - Throws: what is wrong with it, with the public id as far as it can be read.
    package static func parse(_ text: String) throws(TokenDamage) -> AccessToken {
        // In place: every request comes through here.
        let bytes = text.utf8.span
        guard TokenFormat.hasPrefix(bytes) else { throw .notAToken }
        let id = TokenFormat.id(in: text)
        let missing = TokenFormat.length - bytes.count
        guard missing <= 0 else { throw .tooShort(id, missing: missing) }
        guard missing == 0 else { throw .tooLong(id, extra: -missing) }
        guard let id, TokenFormat.isOfDigits(bytes, from: TokenFormat.secretStart) else {
            throw .foreignCharacter(id)
        }
        guard TokenFormat.hasOwnChecksum(bytes) else { throw .checksum(id) }
        return AccessToken(id: id, text: text)
    }

    /// SHA-256 of the whole text, in the profile's library context: 32 bytes.
    package func digest(in library: LibraryContext) -> [UInt8] {
        library.sha256(text.utf8.span)
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `sgw_k7Qm2x4B_…`: never the secret.
    package var description: String { "sgw_\(id)_…" }
    /// As ``description``.
    package var debugDescription: String { description }
    /// Nothing: `dump` and test failures would print the secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The shape of a token's text, in bytes of ASCII.
enum TokenFormat {
    static let prefix = Array("sgw_".utf8)
    static let idLength = 8
    /// log2(62^43) is 256.03: no fewer digits hold 256 bits.
    static let secretLength = 43
    /// 62^5 is below 2^32, 62^6 above.
    static let checksumLength = 6
    static let secretStart = prefix.count + idLength + 1
    static let length = secretStart + secretLength + checksumLength

    static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        Base62.digits(of: CRC32.checksum(bytes), count: checksumLength)
    }

    static func hasPrefix(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= prefix.count else { return false }
        for index in prefix.indices where bytes[index] != prefix[index] { return false }
        return true
    }

    static func isOfDigits(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        for index in start..<bytes.count where !Base62.isDigit(bytes[index]) { return false }
        return true
    }

    /// Whether a text of the right length ends in the checksum of what is before.
    static func hasOwnChecksum(_ bytes: Span<UInt8>) -> Bool {
        let start = length - checksumLength
        var rest = CRC32.checksum(bytes, upTo: start)
        for index in (start..<length).reversed() {
            guard bytes[index] == Base62.alphabet[Int(rest % 62)] else { return false }
            rest /= 62
        }
        return true
    }

    /// The id, when the text goes as far as the underscore after it.
    static func id(in text: String) -> AccessToken.ID? {
        let bytes = text.utf8.span
        guard bytes.count >= secretStart, bytes[secretStart - 1] == UInt8(ascii: "_") else { return nil }
        return AccessToken.ID(String(Substring(text.utf8.dropFirst(prefix.count).prefix(idLength))))
    }
}
