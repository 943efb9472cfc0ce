/// A range of addresses in CIDR form: `203.0.113.0/28`, `2001:db8::/32` (RFC 4632 §3.1).
package struct Network: Sendable, Hashable, CustomStringConvertible {
    /// The first address.
    package let address: IPAddress
    /// Leading bits that all addresses share: 0…32 or 0…128.
    package let prefixLength: Int

    /// Why a text names no network.
    package enum Damage: Error, Sendable, Equatable {
        /// It is no address, or no prefix length that fits one.
        case notANetwork
        /// Bits are set after the prefix: the network that holds the address, and the shortest
        /// prefix under which the address is a network itself.
        case bitsAfterPrefix(containing: String, narrower: String)
    }

    /// Reads a network; an address alone is the network of that address.
    ///
    /// - Throws: `bitsAfterPrefix` for `10.1.2.0/8`, which could be meant in two ways.
    package init(_ text: String) throws(Damage) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { throw .notANetwork }
        let bits = address.bytes.count * 8
        var length = bits
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= bits
            else { throw .notANetwork }
            length = number
        }
        self.address = address
        prefixLength = length
        let masked = Self.masked(address.bytes, length)
        guard masked == address.bytes else {
            let used = bits - Self.trailingZeroBits(address.bytes)
            let first = IPAddress(bytes: masked)?.description ?? ""
            throw .bitsAfterPrefix(containing: "\(first)/\(length)", narrower: "\(address)/\(used)")
        }
    }

    /// The network of that prefix around an address.
    ///
    /// The length must fit the address: 0…32 or 0…128.
    init(around address: IPAddress, prefixLength: Int) {
        // There are as many bytes as before, and so it is an address.
        self.address = IPAddress(bytes: Self.masked(address.bytes, prefixLength)) ?? address
        self.prefixLength = prefixLength
    }

    /// Whether the address lies in the network.
    package func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count && Self.masked(other.bytes, prefixLength) == address.bytes
    }

    /// `203.0.113.0/28`.
    package var description: String { "\(address)/\(prefixLength)" }

    private static func masked(_ bytes: [UInt8], _ length: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(max(length - index * 8, 0), 8)
            return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
        }
    }

    private static func trailingZeroBits(_ bytes: [UInt8]) -> Int {
        var count = 0
        for byte in bytes.reversed() {
            count += byte == 0 ? 8 : byte.trailingZeroBitCount
            if byte != 0 { break }
        }
        return count
    }
}

extension IPAddress {
    /// The network that is told in place of an address: /24, or /48 for IPv6.
    ///
    /// Enough to know a cloud or an office again, too little to know a person's device.
    var neighbourhood: Network {
        Network(around: self, prefixLength: bytes.count == 4 ? 24 : 48)
    }
}
