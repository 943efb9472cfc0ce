import NIOCore
import Testing

@testable import HTTPTransport

/// One message, and what the client must see.
struct FramingCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let statuses: Set<Int>

    init(_ name: String, _ text: String, _ statuses: Int...) {
        self.name = name
        bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        self.statuses = Set(statuses)
    }

    var testDescription: String { name }

    /// A request that must never be answered: it lies where only a wrong reader finds a request.
    static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n"

    static func get(_ fields: String, line: String = "GET /x HTTP/1.1", host: String = "Host: a.test\r\n")
        -> String
    {
        "\(line)\r\n\(host)\(fields)\r\n"
    }

    static func post(_ fields: String, _ body: String = "", version: String = "1.1") -> String {
        "POST /x HTTP/\(version)\r\nHost: a.test\r\n\(fields)\r\n\(body)"
    }

    static let chunked = "Transfer-Encoding: chunked\r\n"
    static let hello = "5\r\nhello\r\n0\r\n\r\n"

    /// Read in one way only: answered with 200.
    static let accepted: [FramingCase] = [
        .init("no body", get(""), 200),
        .init("length", post("Content-Length: 5\r\n", "hello"), 200),
        .init("length 0", post("Content-Length: 0\r\n"), 200),
        .init("length with leading zeros", post("Content-Length: 005\r\n", "hello"), 200),
        .init("length between spaces", post("Content-Length: \t5 \r\n", "hello"), 200),
        .init("spaces behind values", get("Connection: x \t\r\n", host: "Host: a.test \r\n"), 200),
        .init("chunked behind a space", post("Transfer-Encoding: chunked \r\n", hello), 200),
        .init("underscore is another name", post("Content_Length: 50\r\n"), 200),
        .init("chunks", post(chunked, hello), 200),
        .init("CHUNKED", post("transfer-encoding: CHUNKED\r\n", hello), 200),
        .init(
            "trailers",
            post(chunked, "5\r\nhello\r\n0\r\nAuthorization: x\r\nContent-Length: 9\r\n\r\n"),
            200
        ),
        .init("empty value", get("X-A:\r\n"), 200),
        .init("tab in a value", get("X-A: a\tb\r\n"), 200),
        .init("8-bit value", get("X-A: a\u{FF}b\r\n"), 200),
        .init("HTTP/1.0", get("", line: "GET /x HTTP/1.0"), 200),
        .init("HTTP/1.0 without Host", get("", line: "GET /x HTTP/1.0", host: ""), 200),
        .init("absolute-form", get("", line: "GET https://a.test/x HTTP/1.1"), 200),
        .init("asterisk-form", get("", line: "OPTIONS * HTTP/1.1"), 200),
        .init("empty line before", "\r\n" + get(""), 200),
        .init("Expect", post("Expect: 100-Continue\r\nContent-Length: 5\r\n", "hello"), 200),
        .init("Upgrade", get("Connection: Upgrade\r\nUpgrade: h2c\r\n"), 200),
        .init(
            "GET with a body that is a request",
            get("Content-Length: \(smuggled.utf8.count)\r\n") + smuggled,
            200
        ),
    ]

    /// Read in two ways, or in none.
    static let refused: [FramingCase] = [
        .init("length and chunks", post("Content-Length: 6\r\n" + chunked, "0\r\n\r\nG" + smuggled), 400),
        .init("chunks and length", post(chunked + "Content-Length: 4\r\n", "0\r\n\r\n" + smuggled), 400),
        .init("two lengths", post("Content-Length: 0\r\nContent-Length: 50\r\n", smuggled), 400),
        .init("one length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400),
        .init("list of lengths", post("Content-Length: 0, 50\r\n", smuggled), 400),
        .init("length +5", post("Content-Length: +5\r\n", "hello"), 400),
        .init("length -1", post("Content-Length: -1\r\n", "hello"), 400),
        .init("length 0x5", post("Content-Length: 0x5\r\n", "hello"), 400),
        .init("length 5 5", post("Content-Length: 5 5\r\n", "hello"), 400),
        .init("length beyond 64 bits", post("Content-Length: 99999999999999999999\r\n", "hello"), 400, 413),
        .init("empty length", post("Content-Length: \r\n", "hello"), 400),
        .init("space before colon", post("Transfer-Encoding : chunked\r\n", hello), 400),
        .init("xchunked", post("Transfer-Encoding: xchunked\r\n", hello + smuggled), 400),
        .init("chunked twice", post(chunked + chunked, hello + smuggled), 400),
        .init("chunked, identity", post(chunked + "Transfer-Encoding: identity\r\n", hello + smuggled), 400),
        .init("chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", hello + smuggled), 400),
        .init("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", hello), 400),
        .init("gzip", post("Transfer-Encoding: gzip\r\n", hello), 400),
        .init("folded chunked", post("Transfer-Encoding:\r\n chunked\r\n", hello + smuggled), 400),
        .init("vertical tab", post("Transfer-Encoding: \u{B}chunked\r\n", hello + smuggled), 400),
        .init("chunked with parameter", post("Transfer-Encoding: chunked;a=b\r\n", hello + smuggled), 400),
        .init("chunks in HTTP/1.0", post(chunked, hello + smuggled, version: "1.0"), 400),
        .init("chunk size below zero", post(chunked, "-1\r\nx\r\n0\r\n\r\n" + smuggled), 400),
        .init("chunk that spills", post(chunked, "3\r\nhello\r\n0\r\n\r\n" + smuggled), 400),
        .init("chunk ended by LF", post(chunked, "5\nhello\n0\n\n" + smuggled), 400),
        .init("control in extension", post(chunked, "5;a=\u{1}\r\nhello\r\n0\r\n\r\n" + smuggled), 400),
        .init(
            "long extension",
            post(chunked, "5;" + String(repeating: "a", count: 70_000) + "\r\nhello\r\n"),
            400
        ),
        .init("folded line", get("X-A: 1\r\n folded\r\n"), 400),
        .init("line begins with space", get("", host: " Host: a.test\r\n"), 400),
        .init("bare LF", "GET /x HTTP/1.1\nHost: a.test\n\n", 400),
        .init("bare LF in the header", "GET /x HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n", 400),
        .init("bare CR in a value", get("X-A: a\rb\r\n"), 400),
        .init("NUL in a value", get("X-A: a\u{0}b\r\n"), 400),
        .init("control in a name", get("X\u{1}A: b\r\n"), 400),
        .init("8-bit name", get("X\u{FF}: b\r\n"), 400),
        .init("empty name", get(": b\r\n"), 400),
        .init("no colon", get("garbage\r\n"), 400),
        .init("no Host", get("", host: ""), 400),
        .init("two Hosts", get("Host: a.test\r\n"), 400),
        .init("list of Hosts", get("", host: "Host: a.test, b.test\r\n"), 400),
        .init("Host with user", get("", host: "Host: a.test@b.test\r\n"), 400),
        .init("Host with path", get("", host: "Host: a.test/x\r\n"), 400),
        .init("empty Host", get("", host: "Host:\r\n"), 400),
        .init("absolute-form without Host", get("", line: "GET https://a.test/x HTTP/1.1", host: ""), 400),
        .init("two spaces", get("", line: "GET  /x HTTP/1.1"), 400),
        .init("tabs", get("", line: "GET\t/x\tHTTP/1.1"), 400),
        .init("HTTP/0.9", "GET /x\r\n", 400),
        .init("HTTP/1.2", get("", line: "GET /x HTTP/1.2"), 505),
        .init("HTTP/2.0", get("", line: "GET /x HTTP/2.0"), 505),
        .init("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        .init("http/1.1", get("", line: "GET /x http/1.1"), 400),
        .init("method in lower case", get("", line: "get /x HTTP/1.1"), 501),
        .init("method with controls", get("", line: "G\u{1}T /x HTTP/1.1"), 400, 501),
        .init("CONNECT", get("", line: "CONNECT a.test:443 HTTP/1.1"), 400),
        .init("NUL in the target", get("", line: "GET /x\u{0} HTTP/1.1"), 400),
        .init("8-bit target", get("", line: "GET /\u{FF}\u{FE} HTTP/1.1"), 400),
        .init("fragment", get("", line: "GET /x#y HTTP/1.1"), 400),
        .init("half a percent code", get("", line: "GET /%2 HTTP/1.1"), 400),
        .init("asterisk with GET", get("", line: "GET * HTTP/1.1"), 400),
        .init("other Expect", post("Expect: yes-please\r\nContent-Length: 5\r\n", "hello"), 417),
        .init(
            "long target",
            get("", line: "GET /" + String(repeating: "a", count: 70_000) + " HTTP/1.1"),
            414
        ),
        .init("long field", get("X-A: " + String(repeating: "a", count: 70_000) + "\r\n"), 431),
        .init("many fields", get(String(repeating: "X: y\r\n", count: 200)), 431),
        .init("noise", "\u{16}\u{3}\u{1}\u{2}\u{0}", 400),
    ]
}

@Suite("Framing, RFC 9112 §2 to §7: read in one way or refused")
struct HTTP1FramingTests {
    @Test(arguments: FramingCase.accepted)
    func `a message that can be read in one way only is answered once`(message: FramingCase) throws {
        let wire = try Wire()

        wire.send(message.bytes)

        #expect(Set(try wire.statuses()) == message.statuses)
    }

    @Test(arguments: FramingCase.refused)
    func `any other message is refused once, and the connection ends`(message: FramingCase) throws {
        let wire = try Wire()

        wire.send(message.bytes)
        let answer = try wire.received()

        #expect(answer.statuses.count == 1)
        #expect(message.statuses.isSuperset(of: answer.statuses))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(wire.tap.closesOutput)
    }

    @Test(arguments: FramingCase.accepted + FramingCase.refused)
    func `byte by byte the answer is the same`(message: FramingCase) throws {
        // Long ones only repeat one byte; the check of raw bytes has its own tests of them.
        guard message.bytes.count < 1000 else {
            return
        }
        let wire = try Wire()

        for byte in message.bytes {
            wire.send([byte])
        }
        // A client that waits for it is told to go on.
        let statuses = try wire.statuses().filter { $0 != 100 }

        #expect(statuses.count == 1)
        #expect(message.statuses.isSuperset(of: statuses))
    }

    @Test(arguments: FramingCase.accepted)
    func `a client that hangs up at any byte does no harm`(message: FramingCase) throws {
        for cut in 0..<message.bytes.count {
            let wire = try Wire()

            wire.send(Array(message.bytes.prefix(cut)))
            wire.channel.close(promise: nil)
            wire.run()

            #expect(wire.isClosed)
        }
    }
}
