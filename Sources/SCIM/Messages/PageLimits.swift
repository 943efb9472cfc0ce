/// How many resources an answer holds.
package enum PageLimits {
    /// Resources of a page when the client names no `count`.
    package static let defaultCount = 100
    /// Resources of a page at most.
    ///
    /// A larger `count` is cut, not refused (RFC 7644 §3.4.2.4 lets a page be smaller): a thousand
    /// learners make about a megabyte.
    package static let count = 1_000
    /// Seconds for which a cursor is good, from the page that gave it: `cursorTimeout` of the
    /// ServiceProviderConfig (RFC 9865 §4).
    ///
    /// A client asks for the next page within seconds; ten minutes outlast its retries.
    package static let cursorSeconds = 600
    /// Bytes of a sort key's text that decide the order of a walk by cursor; equal ones go by age.
    ///
    /// The cursor carries the key, and goes into a URI: the longest values do not belong there.
    package static let sortKeyBytes = 256
}
