/// How much one bulk request holds (RFC 7644 §3.7.4), told in ServiceProviderConfig.
package enum BulkLimits {
    /// Operations: each costs the tenant a transaction and a place under its ceiling, and its answer waits for all.
    package static let operations = 1_000
    /// Bytes of the body: that of every body.
    package static let payloadBytes = 1_048_576
}
