/// Ends a connection at once, wherever its TLS is; trigger it outbound.
///
/// A close lets what was flushed leave, and gives the peer time to read the last word: too long where the connection must
/// make room for another.
package struct TLSAbandonment: Sendable {
    /// The event.
    package init() {}
}
