package import SCIM
import Tenancy

/// How a tenant's store keeps what happened, with the cryptography of the tenant's profile.
package struct ActivityKeeping: Sendable {
    /// SHA-256: 32 bytes.
    package let digest: @Sendable ([UInt8]) -> [UInt8]
    /// Makes names of people unreadable; nil where the profile lets no trace of them into a log.
    package let names: NameHashing?
    /// Wall clock, looked at when the entry of a write is made.
    package let now: @Sendable () -> Timestamp

    /// The means of a profile for that.
    ///
    /// - Parameters:
    ///   - digest: SHA-256: 32 bytes.
    ///   - names: How names are made unreadable; nil keeps none.
    ///   - now: Wall clock.
    package init(
        digest: @escaping @Sendable ([UInt8]) -> [UInt8],
        names: NameHashing?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.digest = digest
        self.names = names
        self.now = now
    }
}

/// Makes names of people into words by which entries about one person can be told to be about one.
///
/// Under a key of the tenant's own: nobody finds the person by trying names, and two tenants' words never meet.
package struct NameHashing: Sendable {
    /// Makes a new key: 32 random bytes.
    package let makeKey: @Sendable () -> [UInt8]
    private let mac: @Sendable (_ key: [UInt8]) -> Code

    /// HMAC-SHA-256 of bytes under one key: 32 bytes.
    package typealias Code = @Sendable (_ bytes: [UInt8]) -> [UInt8]

    /// Bytes of a hash that are kept: as many as tell the people of any tenant apart.
    private static let keptBytes = 16

    /// Hashing by HMAC-SHA-256, whose code under a key is made once for all names of a tenant.
    package init(
        mac: @escaping @Sendable (_ key: [UInt8]) -> Code,
        makeKey: @escaping @Sendable () -> [UInt8]
    ) {
        self.mac = mac
        self.makeKey = makeKey
    }

    /// The names that the entries of a tenant with that key have.
    package func names(key: [UInt8]) -> Names { Names(code: mac(key)) }

    /// Words for the names of one tenant's people.
    package struct Names: Sendable {
        fileprivate let code: Code

        /// The word for a `userName`, without regard to case: `hmac:` and 32 hexadecimal digits.
        package func userName(_ text: String?) -> String? {
            text.map { word("userName", CaseFolding.fold($0)) }
        }

        /// The word for an `externalId`.
        package func externalID(_ text: String?) -> String? {
            text.map { word("externalId", $0) }
        }

        private func word(_ attribute: String, _ value: String) -> String {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(attribute.utf8.count + 1 + value.utf8.count)
            bytes += attribute.utf8
            bytes.append(0)
            bytes += value.utf8
            return "hmac:" + DigestText.digits(code(bytes).prefix(NameHashing.keptBytes))
        }
    }
}
