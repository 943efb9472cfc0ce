/// Many networks, made ready for the question whether an address lies in one of them.
///
/// Sorted ranges that neither overlap nor touch, so that a question costs a binary search: ten steps for a thousand
/// networks.
package struct NetworkSet: Sendable, Equatable {
    private let ranges4: [AddressRange]
    private let ranges6: [AddressRange]

    private struct AddressRange: Sendable, Equatable {
        let first: UInt128
        var last: UInt128
    }

    /// The set of all addresses in these networks.
    package init(_ networks: [Network]) {
        ranges4 = Self.merged(networks.filter { $0.address.bytes.count == 4 })
        ranges6 = Self.merged(networks.filter { $0.address.bytes.count == 16 })
    }

    /// Whether no address is in it.
    package var isEmpty: Bool { ranges4.isEmpty && ranges6.isEmpty }

    /// Whether the address is in it.
    package func contains(_ address: IPAddress) -> Bool {
        let ranges = address.bytes.count == 4 ? ranges4 : ranges6
        let number = Self.number(of: address)
        // The first range that begins after the address: only the one before it can hold it.
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].first <= number { low = middle + 1 } else { high = middle }
        }
        return low > 0 && number <= ranges[low - 1].last
    }

    /// The ranges of networks of one family, joined where they overlap or touch.
    private static func merged(_ networks: [Network]) -> [AddressRange] {
        let ranges = networks.map(range).sorted { ($0.first, $0.last) < ($1.first, $1.last) }
        return ranges.reduce(into: []) { merged, range in
            // No overflow: the last address of an IPv6 range may be the last there is.
            guard let before = merged.last, before.last >= range.first || before.last + 1 == range.first
            else {
                merged.append(range)
                return
            }
            merged[merged.count - 1].last = max(before.last, range.last)
        }
    }

    private static func range(of network: Network) -> AddressRange {
        let hostBits = network.address.bytes.count * 8 - network.prefixLength
        let first = number(of: network.address)
        // A shift by all 128 bits gives 0, and so the mask of ::/0 is all ones.
        return AddressRange(first: first, last: first | ((1 << UInt128(hostBits)) &- 1))
    }

    private static func number(of address: IPAddress) -> UInt128 {
        address.bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
