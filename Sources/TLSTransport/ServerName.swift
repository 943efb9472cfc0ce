/// The host name that a client calls in its ClientHello: server_name, RFC 6066 §3.
package enum ServerName {
    /// The name in the extension's content, in the form in which names are compared: lower case, no
    /// final dot.
    ///
    /// Nil for what is no name of a host: several names, an address, bytes that no name holds. The
    /// session that answers judges the extension by itself; this is for choosing who answers.
    ///
    /// Shape: two bytes of length, then `00` for a host name, two bytes of its length, the name.
    package static func reading(extension content: [UInt8]) -> String? {
        guard content.count >= 5, length(content, at: 0) == content.count - 2, content[2] == 0,
            length(content, at: 3) == content.count - 5
        else { return nil }
        return reading(name: content[5...])
    }

    /// A name by itself, in the form in which names are compared; nil for what is none (RFC 1123
    /// §2.1).
    package static func reading(name bytes: some Collection<UInt8>) -> String? {
        guard (1...mostBytes).contains(bytes.count) else { return nil }
        var name = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if name.last == dot { name.removeLast() }
        let labels = name.split(separator: dot, omittingEmptySubsequences: false)
        guard labels.allSatisfy(isLabel), labels.last.map(isNumber) == false else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(label.count) && label.first != dash && label.last != dash
            && label.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || $0 == dash }
    }

    /// A last label of digits makes an IPv4 address, which is no name: RFC 6066 §3.
    private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        label.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func length(_ bytes: [UInt8], at index: Int) -> Int {
        Int(bytes[index]) << 8 | Int(bytes[index + 1])
    }

    /// Bytes of a name with its final dot: RFC 1035 §2.3.4.
    private static let mostBytes = 254
    private static let dot = UInt8(ascii: ".")
    private static let dash = UInt8(ascii: "-")
}
