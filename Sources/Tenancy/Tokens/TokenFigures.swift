internal import SCIM

/// The two figures of a token that are watched: when it ends, and when it was last used.
///
/// Seconds since 1970, as metrics have them. An alert on a token that ends soon, or that nobody uses any more, needs both.
package struct TokenFigures: Sendable, Codable, Equatable {
    /// When it ends or ended, whatever ends it; nil is never.
    package let expiryTimestamp: Int64?
    /// When it was last used; nil is never.
    package let lastUsedTimestamp: Int64?

    /// The figures of a token at this moment.
    package init(_ life: TokenLife) {
        expiryTimestamp = life.end.map { $0.moment.milliseconds / 1_000 }
        lastUsedTimestamp = life.use.record.map { $0.last.milliseconds / 1_000 }
    }
}
