/// How many resources an answer holds.
package enum PageLimits {
    /// Resources of a page when the client names no `count`.
    package static let defaultCount = 100
    /// Resources of a page at most.
    ///
    /// A larger `count` is cut, not refused (RFC 7644 §3.4.2.4 lets a page be smaller): a thousand
    /// learners make about a megabyte.
    package static let count = 1_000
}
