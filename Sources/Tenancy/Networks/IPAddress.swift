/// An IPv4 or IPv6 address, without a zone or port.
///
/// IPv4 addresses that come mapped into IPv6 (`::ffff:198.51.100.7`, RFC 4291 §2.5.5.2) are IPv4
/// here: a listener on `[::]` reports IPv4 peers in that form, and they must meet the IPv4 networks
/// of a file.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The bytes in network order: 4 or 16.
    package let bytes: [UInt8]

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Takes an address in network order; nil unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// Reads `198.51.100.7` or `2001:db8::7` (RFC 4291 §2.2); nil for all else, so for zones,
    /// ports, brackets and the octal and short forms that inet_aton(3) takes.
    package init?(_ text: String) {
        guard let bytes = text.utf8.contains(UInt8(ascii: ":")) ? Self.v6(text) : Self.v4(text) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// `198.51.100.7`, or the eight groups of an IPv6 address without leading zeros, the longest
    /// run of zero groups left out (RFC 5952 §4).
    package var description: String {
        guard bytes.count == 16 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        let texts = groups.map { String($0, radix: 16) }
        guard let zeros = Self.longestZeroRun(groups) else { return texts.joined(separator: ":") }
        return texts[..<zeros.lowerBound].joined(separator: ":") + "::"
            + texts[zeros.upperBound...].joined(separator: ":")
    }

    private static func v4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            let isPlain = !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isPlain, part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func v6(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45, !text.contains(":::") else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let left = groups(halves[0], mayEndInV4: halves.count == 1) else {
            return nil
        }
        guard halves.count == 2 else { return left.count == 16 ? left : nil }
        guard let right = groups(halves[1], mayEndInV4: true), left.count + right.count <= 14 else {
            return nil
        }
        return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
    }

    private static func groups(_ text: Substring, mayEndInV4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let last = v4(part) else { return nil }
                return bytes + last
            }
            let isHex = (1...4).contains(part.utf8.count) && part.allSatisfy { $0.isASCII && $0.isHexDigit }
            guard isHex, let group = UInt16(part, radix: 16) else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }

    /// The longest run of two or more zero groups; the first of equals.
    private static func longestZeroRun(_ groups: [Int]) -> Range<Int>? {
        var longest = 0..<1
        var start = 0
        for (index, group) in groups.enumerated() {
            guard group == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        return longest.count >= 2 ? longest : nil
    }
}
