/// The name of a tenant, a group or a connection: `[a-z0-9][a-z0-9-]{0,62}`.
///
/// Fit for a file name, a DNS label, a metric label and a command line without quoting.
package struct EntityName: Sendable, Hashable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Characters, at most: a DNS label's.
    package static let maximumLength = 63

    /// Takes a name; nil when it is not well-formed.
    package init?(_ text: String) {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= Self.maximumLength,
            text.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        self.text = text
    }

    /// The name.
    package var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
