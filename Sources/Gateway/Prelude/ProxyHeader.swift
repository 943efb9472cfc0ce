import NIOCore
import Tenancy

/// What a load balancer says at the front of a connection about who is behind it: the PROXY protocol, versions 1 and 2.
///
///     PROXY TCP4 198.51.100.7 203.0.113.4 51234 443\r\n
///
/// Source: "The PROXY protocol", haproxy.org/download/2.6/doc/proxy-protocol.txt, sections 2.1 and 2.2.
struct ProxyHeader: Equatable {
    /// The client's address; nil when the load balancer speaks for itself (`LOCAL`, `UNKNOWN`), as in a health check.
    let source: IPAddress?
    /// Bytes of the header.
    let length: Int

    /// What the bytes so far tell.
    enum Outcome: Equatable {
        /// They may become a header.
        case incomplete
        /// A whole header; what follows is the client's.
        case complete(ProxyHeader)
        /// They are not the beginning of a header.
        case none
        /// They begin like a header, and are not one.
        case malformed
    }

    /// Reads a header from the front of the bytes, and changes nothing.
    static func reading(_ bytes: ByteBuffer) -> Outcome {
        let view = bytes.readableBytesView
        switch view.first {
        case nil: return .incomplete
        case textPrefix.first: return text(view)
        case signature.first: return binary(view)
        default: return .none
        }
    }

    /// Version 1: one line of words.
    private static func text(_ view: ByteBufferView) -> Outcome {
        guard begins(view, with: textPrefix) else { return .malformed }
        let line = view.prefix(mostTextBytes)
        guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else {
            return line.count < mostTextBytes ? .incomplete : .malformed
        }
        let length = end - view.startIndex + 1
        guard length >= textPrefix.count + 2, line[end - 1] == UInt8(ascii: "\r") else { return .malformed }
        let rest = line[(view.startIndex + textPrefix.count)..<(end - 1)]
        let words = rest.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        // What follows UNKNOWN is to be ignored, so that a balancer may say what we do not know.
        if words[0] == "UNKNOWN" { return .complete(ProxyHeader(source: nil, length: length)) }
        guard words.count == 5, let source = address(words[1], words[0]), address(words[2], words[0]) != nil,
            isPort(words[3]), isPort(words[4])
        else { return .malformed }
        return .complete(ProxyHeader(source: source, length: length))
    }

    /// Version 2: a signature, two bytes that say what follows and how many bytes of it.
    private static func binary(_ view: ByteBufferView) -> Outcome {
        guard begins(view, with: signature) else { return .malformed }
        let bytes = Array(view.prefix(mostBinaryBytes))
        guard bytes.count > signature.count else { return .incomplete }
        let command = bytes[signature.count]
        guard command == local || command == proxied else { return .malformed }
        guard bytes.count >= binaryHeadBytes else { return .incomplete }
        let length = binaryHeadBytes + (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard length <= mostBinaryBytes else { return .malformed }
        let family = bytes[13]
        guard let addressBytes = addressBytes(family, command),
            length >= binaryHeadBytes + 2 * addressBytes + (addressBytes > 0 ? portsBytes : 0)
        else { return .malformed }
        guard bytes.count >= length else { return .incomplete }
        guard addressBytes > 0 else { return .complete(ProxyHeader(source: nil, length: length)) }
        let fields = bytes[(binaryHeadBytes + 2 * addressBytes + portsBytes)..<length]
        let source = IPAddress(bytes: Array(bytes[binaryHeadBytes...].prefix(addressBytes)))
        guard let source, areFields(fields) else { return .malformed }
        return .complete(ProxyHeader(source: source, length: length))
    }

    /// Bytes of one address; 0 when the header holds none that is meant, nil when it is of no TCP connection.
    private static func addressBytes(_ family: UInt8, _ command: UInt8) -> Int? {
        switch (command, family) {
        case (local, _), (_, 0x00): 0
        case (_, 0x11): 4
        case (_, 0x21): 16
        default: nil
        }
    }

    /// Whether the bytes are fields of a type, two bytes of length and a value each; what they say is not asked.
    private static func areFields(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            guard rest.count >= 3 else { return false }
            let start = rest.startIndex
            let count = Int(rest[start + 1]) << 8 | Int(rest[start + 2])
            guard rest.count >= 3 + count else { return false }
            rest = rest.dropFirst(3 + count)
        }
        return true
    }

    /// Whether as many bytes as there are agree with the beginning.
    private static func begins(_ view: ByteBufferView, with beginning: [UInt8]) -> Bool {
        zip(view, beginning).allSatisfy { $0 == $1 }
    }

    private static func address(_ text: String, _ family: String) -> IPAddress? {
        let isV6 = text.utf8.contains(UInt8(ascii: ":"))
        guard family == "TCP4" && !isV6 || family == "TCP6" && isV6 else { return nil }
        return IPAddress(text)
    }

    private static func isPort(_ text: String) -> Bool {
        // Written back it must be the same: no sign, no leading zero.
        UInt16(text).map { String($0) == text } ?? false
    }

    private static let textPrefix = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let local: UInt8 = 0x20
    private static let proxied: UInt8 = 0x21
    private static let binaryHeadBytes = 16
    private static let portsBytes = 4
    /// Bytes of a line of version 1 with its end: the longest that can be, section 2.1.
    static let mostTextBytes = 107
    /// Bytes of a header of version 2: addresses take 52, names and certificates that balancers add some hundred.
    static let mostBinaryBytes = 2_048
}
