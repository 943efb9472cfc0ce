package import SCIM
import Synchronization

/// When, from where and by what client one token was used: noted by requests, read by whoever shows or keeps it.
///
/// A token has one for the life of the process: each new directory takes over those of the one before. A request costs
/// one atomic load, unless it is the token's first in its second; then it takes the lock of this one token.
package final class TokenUse: Sendable {
    /// Seconds since 1970 of the last use noted; ``never`` before the first.
    private let lastSecond: Atomic<Int64>
    /// Seconds since 1970 of the first use.
    private let firstSecond: Atomic<Int64>
    private let noted: Mutex<Noted>

    private static let never = Int64.min

    private struct Noted {
        var record: TokenUseRecord?
        /// The last use that a store keeps.
        var saved: Timestamp?
    }

    /// What a store keeps of a token's uses; nil for a token that was never used.
    package init(_ kept: TokenUseRecord? = nil) {
        lastSecond = Atomic(kept.map { $0.last.milliseconds / 1_000 } ?? Self.never)
        firstSecond = Atomic(kept.map { $0.first.milliseconds / 1_000 } ?? Self.never)
        noted = Mutex(Noted(record: kept, saved: kept?.last))
    }

    /// When the token was first used; nil when it never was.
    package var first: Timestamp? {
        let second = firstSecond.load(ordering: .acquiring)
        return second == Self.never ? nil : Timestamp(milliseconds: second * 1_000)
    }

    /// All that is known of its uses; nil when there was none.
    package var record: TokenUseRecord? { noted.withLock { $0.record } }

    /// Notes a use, to the second: of the requests of one second, the first is told.
    ///
    /// A clock that was set back notes nothing until it has caught up. `client` is as ``ClientName`` leaves it.
    ///
    /// - Returns: Whether it is the token's first use.
    package func note(at now: Timestamp, from peer: IPAddress?, client: @autoclosure () -> String?) -> Bool {
        let second = now.milliseconds / 1_000
        let last = lastSecond.load(ordering: .relaxed)
        guard last < second,
            lastSecond.compareExchange(expected: last, desired: second, ordering: .relaxed).exchanged
        else { return false }
        let moment = Timestamp(milliseconds: second * 1_000)
        let network = peer.map { "\($0.neighbourhood)" }
        let client = client()
        return noted.withLock { noted in
            let isFirst = noted.record == nil
            let first = noted.record?.first ?? moment
            noted.record = TokenUseRecord(first: first, last: moment, network: network, client: client)
            if isFirst { firstSecond.store(second, ordering: .releasing) }
            return isFirst
        }
    }

    /// What a store does not keep yet; nil when it keeps all.
    package var unsaved: TokenUseRecord? {
        noted.withLock { $0.record?.last == $0.saved ? nil : $0.record }
    }

    /// A store keeps this now.
    package func saved(_ record: TokenUseRecord) {
        noted.withLock { $0.saved = record.last }
    }
}

/// The first and the last use of a token, to the second.
package struct TokenUseRecord: Sendable, Equatable {
    /// When it was first used.
    package let first: Timestamp
    /// When it was last used.
    package let last: Timestamp
    /// From which network it was last used, such as `203.0.113.0/24`; never a whole address.
    ///
    /// Nil for a peer without an address.
    package let network: String?
    /// The client that used it last, as far as it said: `Name/1.0`.
    package let client: String?

    /// Uses between two moments.
    package init(first: Timestamp, last: Timestamp, network: String?, client: String?) {
        self.first = first
        self.last = last
        self.network = network
        self.client = client
    }
}
