import SCIM

/// What is wrong with a text that should be a token: for the admin who pasted it, and for the
/// activity log.
package enum TokenDamage: Error, Sendable, Equatable {
    /// It does not begin as a token does.
    case notAToken
    /// Characters are missing, at the end most likely.
    case tooShort(AccessToken.ID?, missing: Int)
    /// There are characters too many.
    case tooLong(AccessToken.ID?, extra: Int)
    /// A character that no token has, such as a space or a quote.
    case foreignCharacter(AccessToken.ID?)
    /// The length is right and the checksum is not: a character was changed.
    case checksum(AccessToken.ID)

    /// The public id, as far as it can be read.
    ///
    /// It is what the text claims, not what anybody proved.
    package var tokenID: AccessToken.ID? {
        switch self {
        case .notAToken: nil
        case .tooShort(let id, _), .tooLong(let id, _), .foreignCharacter(let id): id
        case .checksum(let id): id
        }
    }
}

extension TokenDamage: CustomStringConvertible {
    /// One sentence, safe for anyone: it holds at most the public id.
    package var description: String { sentence(owner: nil) }

    /// The sentence with whose token the id belongs to, for those who may know: `contoso/all-staff`.
    package func sentence(owner: String?) -> String {
        switch self {
        case .notAToken:
            "this is no token of this gateway: those begin with sgw_"
        case .tooShort(let id, let missing):
            "this looks like \(Self.name(id, owner)) but it is \(CountText.words(missing, "character")) short"
        case .tooLong(let id, let extra):
            "this looks like \(Self.name(id, owner)) but it has \(CountText.words(extra, "character")) too many"
        case .foreignCharacter(let id):
            "this looks like \(Self.name(id, owner)) but it holds a character that no token has"
        case .checksum(let id):
            "this looks like \(Self.name(id, owner)) but its characters are not those that were given out"
        }
    }

    private static func name(_ id: AccessToken.ID?, _ owner: String?) -> String {
        (id.map { "token \($0)" } ?? "a token") + (owner.map { " (\($0))" } ?? "")
    }
}
