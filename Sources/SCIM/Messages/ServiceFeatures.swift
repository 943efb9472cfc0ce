/// What the service can do, as ServiceProviderConfig tells it (RFC 7643 §5): each switch is turned
/// here, and only here, when the feature works.
package struct ServiceFeatures: Sendable {
    /// PATCH (RFC 7644 §3.5.2).
    package let patch: Bool
    /// `/Bulk` (RFC 7644 §3.7).
    package let bulk: Bool
    /// Filters (RFC 7644 §3.4.2.2).
    package let filter: Bool
    /// Setting a password: never, people sign in at the identity provider.
    package let changePassword: Bool
    /// `sortBy` (RFC 7644 §3.4.2.3).
    package let sort: Bool
    /// Versions and preconditions (RFC 7644 §3.14).
    package let etag: Bool
    /// Pages by cursor (RFC 9865).
    package let cursorPagination: Bool
    /// Pages by `startIndex` (RFC 7644 §3.4.2.4).
    package let indexPagination: Bool

    /// What works today.
    package static let current = ServiceFeatures(
        patch: true,
        bulk: true,
        filter: true,
        changePassword: false,
        sort: true,
        etag: true,
        cursorPagination: true,
        indexPagination: true
    )
}
