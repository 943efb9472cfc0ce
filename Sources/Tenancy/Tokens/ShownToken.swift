import Crypto
import Synchronization

/// The token that a connection has shown last, of those that opened something, with what came of reading it.
///
/// A client shows the same token with each request. To take the field apart, to check its checksum and to hash it again took
/// 11,000 instructions of a GET's 167,000. Nothing is spared but that: whether the token is known, has ended, and may be used
/// from where it comes, is asked each time of the directory in force.
///
/// The field stays in memory as long as its connection, as it does in the head that HTTP reads the next one by; it is compared
/// in constant time.
package final class ShownToken: Sendable {
    private let last = Mutex<Shown?>(nil)

    private struct Shown {
        let field: String
        let reading: Reading
    }

    /// What is read from a field that holds a token.
    struct Reading {
        /// The token's public part.
        let id: AccessToken.ID
        /// SHA-256 of its text.
        let digest: [UInt8]
    }

    /// Nothing was shown.
    package init() {}

    /// What was read from the field when it was shown last; nil when another one was.
    func reading(of field: String) -> Reading? {
        guard let shown = last.withLock({ $0 }),
            ConstantTime.isEqual(shown.field.utf8.span, field.utf8.span)
        else { return nil }
        return shown.reading
    }

    /// The field opened something.
    func keep(_ field: String, _ reading: Reading) {
        last.withLock { $0 = Shown(field: field, reading: reading) }
    }
}
