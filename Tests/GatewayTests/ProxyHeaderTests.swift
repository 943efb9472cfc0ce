import NIOCore
import Testing

@testable import Gateway
@testable import Tenancy

@Suite("PROXY protocol: what a load balancer says about its client")
struct ProxyHeaderTests {
    static let textual: [(header: String, source: String?)] = [
        ("PROXY TCP4 198.51.100.7 203.0.113.4 51234 443\r\n", "198.51.100.7"),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"),
        ("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0"),
        ("PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n", "2001:db8::7"),
        ("PROXY TCP6 2001:0db8:0000:0000:0000:0000:0000:0007 ::1 1 2\r\n", "2001:db8::7"),
        ("PROXY TCP6 ::ffff:198.51.100.7 ::1 1 2\r\n", "198.51.100.7"), ("PROXY UNKNOWN\r\n", nil),
        ("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", nil), ("PROXY UNKNOWN  what ever\r\n", nil),
    ]

    @Test(arguments: textual)
    func `a line of version 1 is read, and what follows is the client's`(header: String, source: String?) {
        let expected = ProxyHeader(source: source.flatMap { IPAddress($0) }, length: header.utf8.count)

        #expect(read(Array(header.utf8)) == .complete(expected))
        #expect(read(Array(header.utf8) + [22, 3, 1]) == .complete(expected))
    }

    @Test(arguments: [
        "PROXY\r\n", "PROXY \r\n", "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n",

        "PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP5 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY UNKNOWNX\r\n",
        "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n",
        "PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n", "PROXY TCP4\t1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n", "PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3.256 5.6.7.8 1 2\r\n", "PROXY TCP4 ::1 ::2 1 2\r\n",
        "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
        "PROXY TCP4 1.2.3.4 x 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\u{0}\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8\u{7f} 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rPROXY", "PX",
    ])
    func `what begins like a line of version 1 and is none is malformed`(line: String) {
        // A line that has not ended could still go on: its end is given to it.
        let ended = line.hasSuffix("\n") ? line : line + "\n"

        #expect(read(Array(ended.utf8)) == .malformed)
    }

    @Test(arguments: [(107, true), (108, false)])
    func `a line of version 1 has 107 bytes at most`(count: Int, isTaken: Bool) {
        let line = "PROXY UNKNOWN " + String(repeating: "x", count: count - 16) + "\r\n"

        #expect(line.utf8.count == count)
        #expect((read(Array(line.utf8)) == .complete(.init(source: nil, length: count))) == isTaken)
        #expect((read(Array(line.utf8.dropLast(1))) == .incomplete) == isTaken)
        if !isTaken { #expect(read(Array(line.utf8)) == .malformed) }
    }

    static let binary: [(header: [UInt8], source: String?)] = [
        (v2(0x21, 0x11, [198, 51, 100, 7, 203, 0, 113, 4, 1, 2, 1, 187]), "198.51.100.7"),
        (
            v2(
                0x21,
                0x21,
                [0x20, 1, 0xD, 0xB8] + zeros(11) + [7] + zeros(15) + [1] + [1, 2, 1, 187]
            ), "2001:db8::7"
        ),
        (v2(0x21, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 2] + [0xEE, 0, 2, 7, 7, 4, 0, 0]), "1.2.3.4"),
        (v2(0x21, 0x00, []), nil), (v2(0x21, 0x00, [1, 2, 3]), nil), (v2(0x20, 0x00, []), nil),
        (v2(0x20, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 2]), nil),
    ]

    @Test(arguments: binary)
    func `a header of version 2 is read, and what follows is the client's`(header: [UInt8], source: String?) {
        let expected = ProxyHeader(source: source.flatMap { IPAddress($0) }, length: header.count)

        #expect(read(header) == .complete(expected))
        #expect(read(header + [22, 3, 1]) == .complete(expected))
    }

    @Test(arguments: [
        v2(0x11, 0x11, zeros(12)), v2(0x31, 0x11, zeros(12)), v2(0x22, 0x11, zeros(12)),
        v2(0x2F, 0x11, zeros(12)), v2(0x21, 0x12, zeros(12)), v2(0x21, 0x22, zeros(36)),
        v2(0x21, 0x31, zeros(216)), v2(0x21, 0x41, zeros(12)), v2(0x21, 0x11, zeros(11)),
        v2(0x21, 0x21, zeros(35)), v2(0x21, 0x11, zeros(12) + [4]), v2(0x21, 0x11, zeros(12) + [4, 0]),
        v2(0x21, 0x11, zeros(12) + [4, 0, 1]), v2(0x21, 0x11, zeros(12) + [4, 0, 0, 4, 1]),
    ])
    func `a header of version 2 that makes no sense is malformed`(header: [UInt8]) {
        #expect(read(header) == .malformed)
    }

    @Test(arguments: [(2_048, true), (2_049, false)])
    func `a header of version 2 has 2,048 bytes at most`(count: Int, isTaken: Bool) {
        let field = count - 16 - 12 - 3
        let header = Self.v2(
            0x21,
            0x11,
            Self.zeros(12) + [4, UInt8(field >> 8), UInt8(field & 255)] + Self.zeros(field)
        )

        #expect(header.count == count)
        #expect(
            read(header)
                == (isTaken
                    ? .complete(.init(source: IPAddress("0.0.0.0"), length: count)) : .malformed)
        )
        // The length alone refuses it: nobody waits for what is not taken anyway.
        #expect(read(Array(header.prefix(16))) == (isTaken ? .incomplete : .malformed))
    }

    @Test func `a header that is cut at any byte may still become one`() {
        for header in Self.textual.map({ Array($0.header.utf8) }) + Self.binary.map(\.header) {
            for count in 0..<header.count {
                #expect(read(Array(header[..<count])) == .incomplete, "\(header) \(count)")
            }
        }
    }

    @Test func `a signature that is changed at any byte is none`() {
        let header = Self.binary[0].header
        #expect(read([0] + header.dropFirst()) == .none)
        for index in 1..<12 {
            var changed = header
            changed[index] ^= 1
            #expect(read(Array(changed[...index])) == .malformed, "\(index)")
        }
    }

    @Test(
        arguments: [
            [22, 3, 1, 2, 0], Array("GET / HTTP/1.1\r\n".utf8),
            Array("proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n".utf8), [0], [0x0A],
        ] as [[UInt8]]
    )
    func `other bytes are no header`(bytes: [UInt8]) {
        #expect(read(bytes) == .none)
    }

    private static func v2(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A] + Array("QUIT\n".utf8)
            + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 255)] + rest
    }

    private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

    /// Reads them from the middle of a buffer.
    private func read(_ bytes: [UInt8]) -> ProxyHeader.Outcome {
        var buffer = ByteBuffer(bytes: [80, 80, 80] + bytes)
        buffer.moveReaderIndex(forwardBy: 3)
        return ProxyHeader.reading(buffer)
    }
}

@Suite("Whom a listener believes about its clients")
struct ProxyTrustTests {
    private static let trusted = ["10.0.0.0/8", "2001:db8::/32"]

    @Test(
        arguments: [
            (.required, "10.1.2.3", .read(isRequired: true)),
            (.optional, "10.1.2.3", .read(isRequired: false)),
            (.required, "2001:db8::1", .read(isRequired: true)),
            (.required, "::ffff:10.1.2.3", .read(isRequired: true)),
            (.required, "11.0.0.1", .refused), (.optional, "11.0.0.1", .direct), (.required, nil, .refused),
            (.required, "2001:db9::1", .refused),
        ] as [(GatewaySettings.Proxy.Mode, String?, ProxyTrust.Judgement)]
    )
    func `a header is read from trusted networks only`(
        mode: GatewaySettings.Proxy.Mode,
        address: String?,
        judgement: ProxyTrust.Judgement
    ) throws {
        let networks = try Self.trusted.map { (text) throws in try Network(text) }
        let trust = try #require(ProxyTrust(.init(mode: mode, trusted: networks)))

        #expect(trust.judgement(of: Peer(address: address)) == judgement)
    }

    @Test func `while the protocol is off nobody is believed`() throws {
        #expect(ProxyTrust(.init(mode: .off, trusted: [try Network("10.0.0.0/8")])) == nil)
    }
}
