import NIOCore
import TLSTransport
import Testing

@Suite("The name that a client calls, RFC 6066 §3")
struct ServerNameTests {
    @Test(
        arguments: [
            ("a.test", "a.test"), ("A.TEST", "a.test"), ("a.test.", "a.test"), ("localhost", "localhost"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("1.2.3.4.example", "1.2.3.4.example"),
            (String(repeating: "a", count: 63) + ".b", String(repeating: "a", count: 63) + ".b"),
        ])
    func `names are compared in lower case and without a final dot`(written: String, name: String) {
        #expect(ServerName.reading(name: written.utf8) == name)
        #expect(ServerName.reading(extension: content(written)) == name)
    }

    @Test(arguments: [
        "", ".", "..", "a..b", ".a", "a.test..", "a b", "a_b", "a/b", "a:443", "-a.test", "a-.test",
        "a\0.test",
        "127.0.0.1", "[::1]", "::1", "ä.test", "*.test", String(repeating: "a", count: 64) + ".b",
    ])
    func `what is no name of a host is none`(written: String) {
        #expect(ServerName.reading(name: written.utf8) == nil)
        #expect(ServerName.reading(extension: content(written)) == nil)
    }

    @Test func `a name has 253 bytes at most, and one more with a final dot`() {
        let labels = Array(repeating: String(repeating: "a", count: 49), count: 5).joined(separator: ".")
        let longest = labels + ".bbb"

        #expect(longest.utf8.count == 253)
        #expect(ServerName.reading(name: longest.utf8) == longest)
        #expect(ServerName.reading(name: (longest + ".").utf8) == longest)
        #expect(ServerName.reading(name: (longest + "b.").utf8) == nil)
    }

    @Test func `an extension cut or changed at any place has no name`() {
        let whole = content("a.test")

        for count in 0..<whole.count {
            #expect(ServerName.reading(extension: Array(whole[..<count])) == nil, "\(count)")
        }
        for index in 0..<5 {
            var changed = whole
            changed[index] ^= 1
            #expect(ServerName.reading(extension: changed) == nil, "\(index)")
        }
        #expect(ServerName.reading(extension: whole + [0]) == nil)
        let two = [0, 18] + content("a.test").dropFirst(2) + content("b.test").dropFirst(2)
        #expect(ServerName.reading(extension: two) == nil)
    }

    private func content(_ name: String) -> [UInt8] {
        let count = name.utf8.count
        return [UInt8((count + 3) >> 8), UInt8((count + 3) & 255), 0, UInt8(count >> 8), UInt8(count & 255)]
            + Array(name.utf8)
    }
}

@Suite("Reading the name before TLS begins")
struct ServerNameReaderTests {
    @Test(arguments: [TLSVersion.tls12, .tls13], [1, 7, 100_000])
    func `the name is read from pieces of any size, and only once the hello is whole`(
        version: TLSVersion,
        piece: Int
    ) throws {
        let hello = try hello(.init(newest: version, serverName: "FIPS.test"))
        let reading = try reading()

        let outcomes = pieces(hello, piece).map { reading.read($0) }

        #expect(outcomes.dropLast().allSatisfy { $0 == .incomplete })
        #expect(outcomes.last == .complete("fips.test"))
    }

    @Test(arguments: [1, 5, 100])
    func `a hello that is cut into many records is read`(size: Int) throws {
        let hello = try hello(.init(serverName: "a.test"))
        let message = Array(hello[5...])
        let records = stride(from: 0, to: message.count, by: size).flatMap { start in
            let part = message[start..<min(start + size, message.count)]
            return [22, 3, 1, 0, UInt8(part.count)] + part
        }

        #expect(try reading().read(ByteBuffer(bytes: records)) == .complete("a.test"))
    }

    @Test func `a client that calls nobody has no name`() throws {
        #expect(try reading().read(ByteBuffer(bytes: hello(.init()))) == .complete(nil))
    }

    @Test(arguments: ["127.0.0.1", "not a name"])
    func `a client that calls what is no name has none`(called: String) throws {
        let hello = try hello(.init(serverName: called))

        #expect(try reading().read(ByteBuffer(bytes: hello)) == .complete(nil))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "\u{15}\u{3}\u{1}\0\u{2}\u{2}(",
    ])
    func `what is no hello is for whoever answers by default`(bytes: String) throws {
        #expect(try reading().read(ByteBuffer(string: bytes)) == .complete(nil))
    }

    @Test func `a hello that was read is answered by the session that it is then given to`() throws {
        let client = try ClientSession(.init(serverName: "a.test"))
        _ = client.shakeHands()
        let hello = client.takeCiphertext()
        #expect(try reading().read(ByteBuffer(bytes: hello)) == .complete("a.test"))

        let session = try TLSSession(context: TestFiles.shared.context(.commercial))
        session.consumeCiphertext(ByteBuffer(bytes: hello))
        #expect(session.doHandshake() == .incomplete)
        client.receive(session.takeCiphertext().map { Array($0.readableBytesView) } ?? [])
        #expect(client.shakeHands())
    }

    @Test(
        arguments: [
            (["a.test"], "a.test", true), (["a.test"], "A.Test", true), (["a.test"], "b.test", false),
            (["a.test", "b.test"], "b.test", true), (["a.test"], nil, true), ([], "b.test", true),
        ] as [([String], String?, Bool)],
        [TLSVersion.tls12, .tls13]
    )
    func `a context with names of its own refuses others`(
        _ given: (names: [String], called: String?, isTaken: Bool),
        version: TLSVersion
    ) throws {
        let policy = TLSPolicy.gccHigh.changed { $0.serverNames = given.names }
        let connection = try ClientOnChannel(policy, client: .init(newest: version, serverName: given.called))

        #expect(try connection.shakeHands() == given.isTaken)
        if !given.isTaken {
            #expect(connection.above.events.contains(.failure(TLSFailure(.handshakeFailed))))
        }
    }

    private func reading() throws -> ServerNameReader.Reading {
        try ServerNameReader(library: TestFiles.shared.library).begin()
    }

    private func hello(_ options: ClientSession.Options) throws -> [UInt8] {
        let client = try ClientSession(options)
        _ = client.shakeHands()
        return client.takeCiphertext()
    }

    private func pieces(_ bytes: [UInt8], _ size: Int) -> [ByteBuffer] {
        stride(from: 0, to: bytes.count, by: size).map {
            ByteBuffer(bytes: bytes[$0..<min($0 + size, bytes.count)])
        }
    }
}
