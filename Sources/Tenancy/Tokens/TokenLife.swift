package import SCIM

/// One token from its making to its end: what is kept of it, and its uses.
package struct TokenLife: Sendable {
    /// What is kept of it.
    package let record: TokenRecord
    /// Its uses: the same object in every directory that has the token.
    package let use: TokenUse
    /// The tokens that step in its place once they are used.
    package let successors: [Successor]

    /// A token that steps in place of another.
    package struct Successor: Sendable {
        /// Its public id.
        package let id: AccessToken.ID
        /// Its uses: the first of them begins the overlap.
        package let use: TokenUse
        /// How long after that the predecessor still works, in milliseconds.
        package let overlapMilliseconds: Int64

        /// The end of the predecessor; nil as long as this one waits for its first use.
        package var endOfPredecessor: Timestamp? {
            use.first.map { Timestamp(milliseconds: $0.milliseconds + overlapMilliseconds) }
        }
    }

    /// The days after its end in which a token is still listed; then it is forgotten.
    ///
    /// A quarter: long enough to be asked why provisioning stopped.
    package static let listedDays: Int64 = 90

    /// The life of a token with these uses.
    package init(_ record: TokenRecord, use: TokenUse = TokenUse(), successors: [Successor] = []) {
        self.record = record
        self.use = use
        self.successors = successors
    }

    /// The earliest of its ends; nil when it has none.
    ///
    /// Every request asks anew: the first use of a successor sets an end at once, without a reload.
    package var end: TokenEnd? {
        var end = record.revoked.map { TokenEnd(moment: $0, cause: .revoked) }
        for successor in successors {
            guard let moment = successor.endOfPredecessor, end.map({ moment < $0.moment }) ?? true else {
                continue
            }
            end = TokenEnd(moment: moment, cause: .replaced)
        }
        if let expires = record.expires, end.map({ expires < $0.moment }) ?? true {
            end = TokenEnd(moment: expires, cause: .expired)
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
        case .replaced: return .replaced
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
        /// Its successor was used, and the overlap is over.
        case replaced
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
    /// Another token stepped in its place.
    case replaced
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
