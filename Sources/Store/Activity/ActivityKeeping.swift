import SCIM
import Tenancy

/// How a tenant's store keeps what happened, with the cryptography of the tenant's profile.
package struct ActivityKeeping: Sendable {
    /// SHA-256: 32 bytes.
    package let digest: @Sendable ([UInt8]) -> [UInt8]
    /// Makes names of people unreadable; nil where the profile lets no trace of them into a log.
    package let names: NameHashing?

    /// The means of a profile for that.
    ///
    /// - Parameters:
    ///   - digest: SHA-256: 32 bytes.
    ///   - names: How names are made unreadable; nil keeps none.
    package init(digest: @escaping @Sendable ([UInt8]) -> [UInt8], names: NameHashing?) {
        self.digest = digest
        self.names = names
    }
}

/// Makes names of people into words by which entries about one person can be told to be about one.
///
/// Under a key of the tenant's own: nobody finds the person by trying names, and two tenants' words never meet.
package struct NameHashing: Sendable {
    /// Makes a new key: 32 random bytes.
    package let makeKey: @Sendable () -> [UInt8]
    private let mac: @Sendable (_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]

    /// Bytes of a hash that are kept: as many as tell the people of any tenant apart.
    private static let keptBytes = 16

    /// Hashing by HMAC-SHA-256.
    package init(
        mac: @escaping @Sendable (_ key: [UInt8], _ bytes: [UInt8]) -> [UInt8],
        makeKey: @escaping @Sendable () -> [UInt8]
    ) {
        self.mac = mac
        self.makeKey = makeKey
    }

    /// The names that the entries of a tenant with that key have.
    package func names(key: [UInt8]) -> Names { Names(hashing: self, key: key) }

    /// Words for the names of one tenant's people.
    package struct Names: Sendable {
        fileprivate let hashing: NameHashing
        fileprivate let key: [UInt8]

        /// The word for a `userName`, without regard to case: `hmac:` and 32 hexadecimal digits.
        package func userName(_ text: String?) -> String? {
            text.map { hashing.word("userName", CaseFolding.fold($0), key) }
        }

        /// The word for an `externalId`.
        package func externalID(_ text: String?) -> String? {
            text.map { hashing.word("externalId", $0, key) }
        }
    }

    private func word(_ attribute: String, _ value: String, _ key: [UInt8]) -> String {
        let hash = mac(key, Array(attribute.utf8) + [0] + Array(value.utf8))
        return "hmac:" + DigestText.digits(Array(hash.prefix(Self.keptBytes)))
    }
}
