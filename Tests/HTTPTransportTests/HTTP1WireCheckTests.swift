import Testing

@testable import HTTPTransport

@Suite("Framing of raw HTTP/1 bytes, RFC 9112 §2, §6, §7")
struct HTTP1WireCheckTests {
    /// What became of a text: the bytes that passed to the decoder, the messages completed, the refusal.
    private struct Outcome: Equatable {
        var passed = ""
        var messages = 0
        var refusal: HTTPRefusal?
    }

    /// Gives the text in pieces of `size` bytes; `framing` is told after each head.
    private static func run(
        _ text: String,
        framing: BodyFraming = .none,
        limits: HTTPLimits = HTTPLimits(),
        size: Int = .max
    ) -> Outcome {
        var check = HTTP1WireCheck(limits: limits)
        var outcome = Outcome()
        var waiting: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            waiting += rest.prefix(size)
            rest = rest.dropFirst(size)
            offers: while !waiting.isEmpty {
                switch check.advance(over: waiting.span) {
                case .needsMore:
                    break offers
                case .skip(let count):
                    waiting.removeFirst(count)
                case .pass(let count):
                    outcome.passed += String(decoding: waiting.prefix(count), as: UTF8.self)
                    waiting.removeFirst(count)
                case .head(let count):
                    outcome.passed += String(decoding: waiting.prefix(count), as: UTF8.self)
                    waiting.removeFirst(count)
                    check.bodyFollows(framing)
                    outcome.messages += framing == .none ? 1 : 0
                case .bodyEnd(let count):
                    outcome.passed += String(decoding: waiting.prefix(count), as: UTF8.self)
                    waiting.removeFirst(count)
                    outcome.messages += 1
                case .refuse(let refusal):
                    outcome.refusal = refusal
                    return outcome
                }
            }
        }
        return outcome
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post = "POST / HTTP/1.1\r\n\r\n"

    @Test(arguments: [1, 2, 3, 7, Int.max])
    func `one message after the other passes, however the bytes are cut`(size: Int) {
        let outcome = Self.run(Self.get + Self.get, size: size)

        #expect(outcome == Outcome(passed: Self.get + Self.get, messages: 2))
    }

    @Test(arguments: [1, 2, 3, 7, Int.max])
    func `bodies pass, however the bytes are cut`(size: Int) {
        let lengths = Self.run(Self.post + "hello" + Self.post + "world", framing: .length(5), size: size)
        #expect(lengths == Outcome(passed: Self.post + "hello" + Self.post + "world", messages: 2))

        let chunks = "3;a=b\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n"
        let chunked = Self.run(Self.post + chunks + Self.post + chunks, framing: .chunked, size: size)
        #expect(chunked == Outcome(passed: Self.post + chunks + Self.post + chunks, messages: 2))
    }

    @Test(arguments: [1, Int.max])
    func `trailers are read past and never passed on`(size: Int) {
        let outcome = Self.run(
            Self.post + "1\r\nx\r\n0\r\nAuthorization: Bearer other\r\nX: y\r\n\r\n" + Self.get,
            framing: .chunked,
            size: size
        )

        #expect(outcome.passed == Self.post + "1\r\nx\r\n0\r\n\r\n" + Self.get)
        #expect(outcome.messages == 1)
    }

    @Test(arguments: [
        ("\r\n" + get, nil), ("\r\n\r\n" + get, nil),
        ("\r\n\r\n\r\n" + get, HTTPRefusal.badRequest(.requestLine)),
    ])
    func `up to two empty lines before a request are skipped`(text: String, refusal: HTTPRefusal?) {
        #expect(Self.run(text).refusal == refusal)
    }

    @Test(arguments: [
        ("GET /x HTTP/1.1\r\n", nil), ("GET /x HTTP/1.0\r\n", nil),
        ("GET /x HTTP/1.2\r\n", HTTPRefusal.versionNotSupported),
        ("GET /x HTTP/2.0\r\n", .versionNotSupported),
        ("GET /x HTTP/0.9\r\n", .versionNotSupported), ("PRI * HTTP/2.0\r\n", .versionNotSupported),
        ("GET /x http/1.1\r\n", .badRequest(.requestLine)),
        ("GET /x HTTP/1.10\r\n", .badRequest(.requestLine)),
        ("GET /x HTTP/1\r\n", .badRequest(.requestLine)), ("GET /x\r\n", .badRequest(.requestLine)),
        ("GET  /x HTTP/1.1\r\n", .badRequest(.requestLine)),
        ("GET /x  HTTP/1.1\r\n", .badRequest(.requestLine)),
        ("GET /x HTTP/1.1 \r\n", .badRequest(.requestLine)),
        (" GET /x HTTP/1.1\r\n", .badRequest(.requestLine)),
        ("GET /x y HTTP/1.1\r\n", .badRequest(.requestLine)),
        ("GET\t/x\tHTTP/1.1\r\n", .badRequest(.requestLine)),
        ("GET  HTTP/1.1\r\n", .badRequest(.requestLine)), ("GET /x HTTP/1.1\n", .badRequest(.requestLine)),
        ("\n", .badRequest(.requestLine)), ("\u{16}\u{3}\u{1}", .badRequest(.requestLine)),
    ])
    func `a request line is METHOD SP target SP HTTP-1-x`(line: String, refusal: HTTPRefusal?) {
        #expect(Self.run(line).refusal == refusal)
    }

    @Test func `a field line that ends with LF alone is refused`() {
        #expect(Self.run("GET / HTTP/1.1\r\nHost: a\n\r\n").refusal == .badRequest(.fieldLine))
        #expect(Self.run("GET / HTTP/1.1\r\nHost: a\r\n\n").refusal == .badRequest(.fieldLine))
    }

    @Test(arguments: [
        ("5\r\nhello\r\n", nil), ("05\r\nhello\r\n", nil), ("5;a=\"b\"\r\nhello\r\n", nil),
        ("A\r\n0123456789\r\n", nil),
        ("-1\r\nx\r\n", HTTPRefusal.badRequest(.chunk)), ("0x5\r\nhello\r\n", .badRequest(.chunk)),
        ("+5\r\nhello\r\n", .badRequest(.chunk)), ("1_0\r\n0123456789abcdef\r\n", .badRequest(.chunk)),
        ("5\nhello\n", .badRequest(.chunk)), ("3\r\nhello\r\n", .badRequest(.chunk)),
        ("5;\nhello\r\n", .badRequest(.chunk)), (" 5\r\nhello\r\n", .badRequest(.chunk)),
        ("5 \r\nhello\r\n", .badRequest(.chunk)), ("\r\nhello\r\n", .badRequest(.chunk)),
        ("5\rhello\r\n", .badRequest(.chunk)), ("5\r\nhelloXX", .badRequest(.chunk)),
        ("ffffffffffffffff\r\nx", .bodyTooLarge), ("fffffffffffffffff\r\nx", .badRequest(.chunk)),
        ("7fffffffffffffff\r\nx", .bodyTooLarge), ("10000000000000000\r\nx", .badRequest(.chunk)),
    ])
    func `a chunk is 1 to 16 hexadecimal digits, CRLF, that many bytes, CRLF`(
        chunk: String,
        refusal: HTTPRefusal?
    ) {
        #expect(Self.run(Self.post + chunk, framing: .chunked).refusal == refusal)
        #expect(Self.run(Self.post + chunk, framing: .chunked, size: 1).refusal == refusal)
    }

    private static let small: HTTPLimits = {
        var limits = HTTPLimits()
        limits.requestLineBytes = 20
        limits.fieldBytes = 10
        limits.headerBytes = 30
        limits.fields = 3
        limits.bodyBytes = 10
        limits.chunkExtensionBytes = 8
        limits.trailerBytes = 12
        return limits
    }()

    @Test(
        arguments: [1, Int.max],
        [
            ("GET /3456 HTTP/1.1\r\n\r\n", nil), ("GET /34567890 HTTP/1.1\r\n\r\n", HTTPRefusal.uriTooLong),
            ("GET /345678 HTTP/1.1\r\n\r\n", nil), ("GET /3456789 HTTP/1.1\r\n\r\n", .uriTooLong),
            ("GET /345678901234567890123456789", .uriTooLong),
            ("GET / HTTP/1.1\r\nA: 4567890\r\n\r\n", nil),
            ("GET / HTTP/1.1\r\nA: 45678901\r\n\r\n", .headerTooLarge),
            ("GET / HTTP/1.1\r\nA: 456789012345", .headerTooLarge),
            ("GET / HTTP/1.1\r\nA:\r\nA:\r\nA:\r\n\r\n", nil),
            ("GET / HTTP/1.1\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", .headerTooLarge),
            ("GET / HTTP/1.1\r\nA:345678\r\nA:345678\r\nA:345678\r\n\r\n", nil),
            ("GET / HTTP/1.1\r\nA:345678\r\nA:345678\r\nA:3456789\r\n\r\n", .headerTooLarge),
        ]
    )
    func `a head is accepted up to each limit and refused beyond`(size: Int, head: (String, HTTPRefusal?)) {
        #expect(Self.run(head.0, limits: Self.small, size: size).refusal == head.1)
    }

    @Test(
        arguments: [1, Int.max],
        [
            ("a\r\n0123456789\r\n0\r\n\r\n", nil),
            ("b\r\n0123456789a\r\n0\r\n\r\n", HTTPRefusal.bodyTooLarge),
            ("9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n", nil),
            ("9\r\n012345678\r\n2\r\n9a\r\n0\r\n\r\n", .bodyTooLarge),
            ("1;234567\r\nx\r\n0;\r\n\r\n", nil), ("1;234567\r\nx\r\n0;1\r\n\r\n", .badRequest(.chunk)),
            ("1;2345678901234567890123456", .badRequest(.chunk)),
            ("0\r\nA:34\r\nA:34\r\n\r\n", nil), ("0\r\nA:34\r\nA:345\r\n\r\n", .badRequest(.trailer)),
            ("0\r\nA:345678901234567890", .badRequest(.trailer)), ("0\r\nA: b\n\r\n", .badRequest(.trailer)),
        ]
    )
    func `a chunked body is accepted up to each limit and refused beyond`(
        size: Int,
        body: (String, HTTPRefusal?)
    ) {
        let outcome = Self.run(Self.post + body.0, framing: .chunked, limits: Self.small, size: size)

        #expect(outcome.refusal == body.1)
        #expect(outcome.messages == (body.1 == nil ? 1 : 0))
    }

    @Test func `nothing behind a refused byte is looked at`() {
        let outcome = Self.run("GET / HTTP/1.1 \r\n\r\n" + Self.get)

        #expect(outcome.passed.isEmpty)
        #expect(outcome.messages == 0)
    }
}
