import CloudProfiles
import SCIM
import Tenancy

/// What an operator is to know of a profile's tokens, of where they may be used and of who does not come any more, in a few
/// lines: for `status`.
struct TokenAttention {
    /// Lines about single tokens; the rest is counted.
    static let mostLines = 10

    let directory: TenantDirectory
    let now: Timestamp

    /// Connections that no token opens any more, and tokens that end soon, the nearest first.
    var lines: [String] {
        let lines = staleNetworks + closedConnections + TenantSilence(directory, now: now).news + endings
        guard lines.count > Self.mostLines else { return lines }
        let rest = lines.count - Self.mostLines
        return lines.prefix(Self.mostLines) + ["and \(rest) more: scim-gateway token list"]
    }

    /// Whether the networks that `entra` stands for are so old that some may be missing.
    private var staleNetworks: [String] {
        guard directory.namesEntra, let networks = directory.networks, networks.isStale(at: now) else {
            return []
        }
        let age = Elapsed.span(now.milliseconds - networks.issued.milliseconds)
        return [
            "the networks of entra for \(directory.profile.name.rawValue) are \(age) old: scim-gateway networks update FILE"
        ]
    }

    private var endings: [String] {
        let lives = directory.tokens.values.map(\.life)
        let ending = lives.compactMap { life in life.expiryWarning(at: now).map { (life.record, $0.ends) } }
        return ending.sorted { ($0.1.milliseconds, $0.0.id.text) < ($1.1.milliseconds, $1.0.id.text) }
            .map { record, ends in
                let left = Elapsed.span(ends.milliseconds - now.milliseconds)
                return "token \(record.id) of \(record.tenant)/\(record.connection) ends in \(left) "
                    + "(\(ends.rfc3339.prefix(10)))"
            }
    }

    /// Connections that had a token until it ended by itself: nobody meant that.
    private var closedConnections: [String] {
        let byConnection = Dictionary(grouping: directory.tokens.values.map(\.life)) { life in
            "\(life.record.tenant)/\(life.record.connection)"
        }
        return byConnection.sorted { $0.key < $1.key }.compactMap { name, lives in
            guard !lives.contains(where: { $0.isLive(at: now) }),
                let last = lives.max(by: { ($0.end?.moment ?? now) < ($1.end?.moment ?? now) }),
                let end = last.end, end.cause == .expired, !last.isForgotten(at: now)
            else { return nil }
            return "\(name) has no active token: \(last.record.id) ended on \(end.moment.rfc3339.prefix(10))"
        }
    }
}
