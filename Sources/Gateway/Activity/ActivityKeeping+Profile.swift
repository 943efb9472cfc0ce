package import CloudProfiles
package import Crypto
package import SCIM
package import Store

extension ActivityKeeping {
    /// As a profile demands it, with the profile's own cryptography.
    package init(
        _ profile: CloudProfile,
        in library: LibraryContext,
        now: @escaping @Sendable () -> Timestamp
    ) {
        let names: NameHashing? =
            switch profile.personalValues {
            case .hashed:
                NameHashing(
                    mac: { library.hmacSHA256(key: $0).code },
                    makeKey: { library.randomBytes(32) }
                )
            case .never: nil
            }
        self.init(digest: { library.sha256($0) }, names: names, now: now)
    }
}
