package import Tenancy

/// The addresses that count as one client's: an IPv4 address, or the /64 that an IPv6 address lies in.
///
/// Whoever has an IPv6 address has a /64 at least, and may come from another address of it each time (RFC 6177 §2).
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 address, or the first half of an IPv6 address.
    private let bits: UInt64
    private let isV6: Bool

    /// The block of an address.
    package init(_ address: IPAddress) {
        isV6 = address.bytes.count == 16
        bits = address.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `198.51.100.7`, or `2001:db8:0:7::/64`.
    package var description: String {
        let size = isV6 ? 8 : 4
        let first = (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * (size - 1 - $0))) }
        let address = IPAddress(bytes: first + (isV6 ? [UInt8](repeating: 0, count: 8) : []))
        return (address?.description ?? "-") + (isV6 ? "/64" : "")
    }
}
