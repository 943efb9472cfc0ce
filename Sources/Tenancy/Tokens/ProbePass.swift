package import Crypto
package import SCIM

/// A token with which an operator tries a connection: a client's in all but that it ends within the hour, is in no
/// list, takes no place of the two that a connection has, and is kept in memory alone.
///
/// So a probe needs nobody's secret, and leaves none behind: the process that made it forgets it when it ends, or when
/// the gateway does.
package struct ProbePass: Sendable {
    /// What is known of the token: its digest, its connection and its end.
    package let record: TokenRecord
    /// Who asked for it, as the tenant's activity names them: `probe:uid:1000`.
    package let prober: String

    /// The longest life, seconds: a rehearsal with a few thousand learners takes less.
    package static let longestLife: Int64 = 3_600
    /// Passes of a profile that live at the same time, at most: each is an entry of the directory.
    package static let mostLive = 16

    /// A new token with its pass, for so many seconds from now.
    package static func made(
        for connection: Connection.ID,
        of tenant: Tenant.ID,
        by operatorName: String,
        in library: LibraryContext,
        now: Timestamp,
        seconds: Int64
    ) -> (AccessToken, ProbePass) {
        let token = AccessToken.generate(in: library)
        let record = TokenRecord(
            id: token.id,
            digest: token.digest(in: library),
            tenant: tenant,
            connection: connection,
            created: now,
            expires: Timestamp(milliseconds: now.milliseconds + seconds * 1_000),
            revoked: nil,
            origin: .control
        )
        return (token, ProbePass(record: record, prober: "probe:\(operatorName)"))
    }

    /// Whether it still opens its connection.
    package func isLive(at now: Timestamp) -> Bool { TokenLife(record).isLive(at: now) }
}
