package import SCIM

/// One token from its making to its end: what is kept of it, and its uses.
package struct TokenLife: Sendable {
    /// What is kept of it.
    package let record: TokenRecord
    /// Its uses: the same object in every directory that has the token.
    package let use: TokenUse

    /// The days after its end in which a token is still listed; then it is forgotten.
    ///
    /// A quarter: long enough to be asked why provisioning stopped.
    package static let listedDays: Int64 = 90

    /// The life of a token with these uses.
    package init(_ record: TokenRecord, use: TokenUse = TokenUse()) {
        self.record = record
        self.use = use
    }

    /// The earliest of its ends; nil when it has none.
    package var end: TokenEnd? {
        var end = record.expires.map { TokenEnd(moment: $0, cause: .expired) }
        if let revoked = record.revoked, end.map({ revoked <= $0.moment }) ?? true {
            end = TokenEnd(moment: revoked, cause: .revoked)
        }
        return end
    }

    /// Whether it opens its connection at that moment.
    package func isLive(at now: Timestamp) -> Bool {
        end.map { now < $0.moment } ?? true
    }

    /// Whether it ended so long ago that it is not listed any more.
    package func isForgotten(at now: Timestamp) -> Bool {
        guard let end else { return false }
        return end.moment.isOlder(thanDays: Self.listedDays, at: now)
    }

    /// What has become of it at that moment.
    package func state(at now: Timestamp) -> TokenState {
        guard let end, end.moment <= now else { return use.first == nil ? .waiting : .active }
        switch end.cause {
        case .revoked: return .revoked
        case .expired: return .ended
        }
    }
}

/// When a token stops opening its connection, and by what.
package struct TokenEnd: Sendable, Equatable {
    /// From then on it opens nothing.
    package let moment: Timestamp
    /// What ends it.
    package let cause: Cause

    /// What ends a token.
    package enum Cause: Sendable {
        /// Somebody revoked it.
        case revoked
        /// Its time is up.
        case expired
    }
}

/// What has become of a token, as lists show it.
package enum TokenState: String, Sendable, CaseIterable {
    /// It opens its connection, and was used.
    case active
    /// It opens its connection, and nobody has used it yet.
    case waiting = "waiting for first use"
    /// Its time is up.
    case ended
    /// Somebody revoked it.
    case revoked
}

extension Timestamp {
    /// Milliseconds of a day.
    package static let dayMilliseconds: Int64 = 86_400_000

    /// The moment so many days later.
    package func adding(days: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + days * Self.dayMilliseconds)
    }

    /// Whether more than so many days have passed since.
    package func isOlder(thanDays days: Int64, at now: Timestamp) -> Bool {
        adding(days: days) < now
    }
}
