/// How large a filter may be, counted while it is read (RFC 7644 §3.4.2.2 sets no bound).
///
/// Deep filters have overflowed the stack of several SCIM servers; wide ones cost time per candidate.
package enum FilterLimits {
    /// Bytes of UTF-8 in a filter or a PATCH path: 8 KiB, what fits a request line with room to spare.
    package static let bytes = 8 * 1024
    /// Open parentheses and brackets at any point: far above what people write, far below any stack.
    package static let depth = 32
    /// Expressions such as `userName eq "x"`, those in brackets included.
    package static let terms = 128
}
