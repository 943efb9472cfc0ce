import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPTransport

@Suite("Requests that can be read in two ways, RFC 9113 §8.1.1 to §8.3")
struct HTTP2StrictnessTests {
    typealias Fields = [(String, String)]

    /// A request, and what becomes of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let fields: Fields
        let outcome: Outcome

        var testDescription: String { name }

        init(_ name: String, _ outcome: Outcome, _ fields: Fields) {
            self.name = name
            self.outcome = outcome
            self.fields = fields
        }
    }

    enum Outcome: Equatable {
        case answer(String)
        case reset
    }

    private static let sound = HTTP2Wire.head("GET", "/x")

    private static func replacing(_ name: String, _ value: String?) -> Fields {
        sound.compactMap { $0.0 == name ? value.map { (name, $0) } : $0 }
    }

    private static let pseudo = [
        Case("sound", .answer("200"), sound),
        Case("fields in another order", .answer("200"), sound.reversed()),
        Case("no method", .reset, replacing(":method", nil)),
        Case("no scheme", .reset, replacing(":scheme", nil)),
        Case("no path", .reset, replacing(":path", nil)),
        Case("no authority and no host", .reset, replacing(":authority", nil)),
        Case("two methods", .reset, sound + [(":method", "GET")]),
        Case("two paths", .reset, sound + [(":path", "/y")]),
        Case("two authorities", .reset, sound + [(":authority", "a.test")]),
        Case("pseudo-header field behind others", .reset, [("x-a", "b")] + sound),
        Case("unknown pseudo-header field", .reset, sound + [(":user", "x")]),
        Case("status in a request", .reset, sound + [(":status", "200")]),
        Case("extended CONNECT", .reset, sound + [(":protocol", "websocket")]),
        Case("unknown method", .answer("501"), replacing(":method", "BREW")),
        Case("method in lower case", .answer("501"), replacing(":method", "get")),
        Case("method that is no token", .reset, replacing(":method", "GE T")),
        Case("CONNECT", .answer("400"), [(":method", "CONNECT"), (":authority", "a.test:443")]),
        Case("scheme http", .answer("200"), replacing(":scheme", "http")),
        Case("scheme ftp", .answer("400"), replacing(":scheme", "ftp")),
        Case("empty path", .reset, replacing(":path", "")),
        Case("asterisk on GET", .reset, replacing(":path", "*")),
        Case(
            "asterisk on OPTIONS",
            .answer("200"),
            [(":method", "OPTIONS"), (":scheme", "https"), (":authority", "a.test"), (":path", "*")]
        ),
        Case("URI as path", .reset, replacing(":path", "https://a.test/x")),
        Case("path without slash", .reset, replacing(":path", "x")),
        Case("fragment", .answer("400"), replacing(":path", "/x#y")),
        Case("space in the path", .reset, replacing(":path", "/x y")),
        Case("broken percent-encoding", .answer("400"), replacing(":path", "/%zz")),
        Case("percent-encoding", .answer("200"), replacing(":path", "/%41")),
        Case("authority with a port", .answer("200"), replacing(":authority", "a.test:8443")),
        Case("authority with a user", .answer("400"), replacing(":authority", "a@b.test")),
        Case("list of authorities", .reset, replacing(":authority", "a.test, b.test")),
        Case("port out of range", .answer("400"), replacing(":authority", "a.test:70000")),
    ]

    private static let fields = [
        Case("host equal to the authority", .answer("200"), sound + [("host", "a.test")]),
        Case("host unlike the authority", .answer("400"), sound + [("host", "b.test")]),
        Case("host in another case", .answer("400"), sound + [("host", "A.test")]),
        Case("two hosts", .reset, sound + [("host", "a.test"), ("host", "a.test")]),
        Case("name in upper case", .reset, sound + [("X-A", "b")]),
        Case("name with a space", .reset, sound + [("x a", "b")]),
        Case("empty name", .reset, sound + [("", "b")]),
        Case("connection", .reset, sound + [("connection", "close")]),
        Case("keep-alive", .reset, sound + [("keep-alive", "5")]),
        Case("proxy-connection", .reset, sound + [("proxy-connection", "x")]),
        Case("transfer-encoding", .reset, sound + [("transfer-encoding", "chunked")]),
        Case("upgrade", .reset, sound + [("upgrade", "h2c")]),
        Case("te with trailers", .answer("200"), sound + [("te", "trailers")]),
        Case("te with more", .reset, sound + [("te", "trailers, gzip")]),
        Case("CR in a value", .reset, sound + [("x-a", "b\rc")]),
        Case("LF in a value", .reset, sound + [("x-a", "b\nc")]),
        Case("NUL in a value", .reset, sound + [("x-a", "b\0c")]),
        Case("control character in a value", .reset, sound + [("x-a", "b\u{1}c")]),
        Case("space before a value", .reset, sound + [("x-a", " b")]),
        Case("space behind a value", .reset, sound + [("x-a", "b ")]),
        Case("tab inside a value", .answer("200"), sound + [("x-a", "b\tc")]),
        Case("value in UTF-8", .answer("200"), sound + [("x-a", "é")]),
        Case("empty value", .answer("200"), sound + [("x-a", "")]),
        Case("length of nothing", .answer("200"), sound + [("content-length", "0")]),
        Case("length without a body", .reset, sound + [("content-length", "1")]),
        Case("two lengths", .reset, sound + [("content-length", "0"), ("content-length", "0")]),
        Case("length with a sign", .reset, sound + [("content-length", "+0")]),
        Case("length that is no number", .reset, sound + [("content-length", "0x0")]),
        Case("length beyond 63 bits", .reset, sound + [("content-length", "9223372036854775808")]),
        Case("expectation that nobody knows", .answer("417"), sound + [("expect", "200-ok")]),
        Case("expectation without a body", .answer("200"), sound + [("expect", "100-continue")]),
    ]

    @Test(arguments: pseudo + fields)
    func `a request is answered or reset, and the connection goes on`(_ request: Case) throws {
        let wire = try HTTP2Wire()

        wire.send(.headers(1, request.fields), HTTP2Wire.get(3))

        let seen = try wire.answers()
        switch request.outcome {
        case .answer(let status):
            #expect(seen.statuses[1] == [status])
            #expect(seen.resets == [:])
        case .reset:
            #expect(seen.statuses[1] == nil)
            #expect(seen.resets == [1: .protocolError])
        }
        #expect(seen.statuses[3] == ["200"])
        #expect(!wire.isClosed)
    }

    @Test func `a trailer section holds no pseudo-header fields`() throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.post(1), .headers(1, [(":path", "/y")]))

        #expect(try wire.answers().resets == [1: .protocolError])
    }

    @Test func `a second header block must end the request`() throws {
        let wire = try HTTP2Wire()

        wire.send(HTTP2Wire.post(1), .headers(1, [("x-a", "b")], flags: HTTP2FrameHead.endHeaders))

        #expect(try wire.answers().resets == [1: .protocolError])
    }

    @Test func `a request refused for its head does not wait for its body`() throws {
        let wire = try HTTP2Wire()

        wire.send(
            .headers(
                1,
                Self.replacing(":path", "/x#y").map { $0.0 == ":method" ? ($0.0, "POST") : $0 },
                flags: 4
            )
        )

        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["400"]])
        #expect(seen.ended == [1])
    }

    @Test func `a refusal of HEAD has no body`() throws {
        let wire = try HTTP2Wire()

        wire.send(.headers(1, HTTP2Wire.head("HEAD", "/x#y")))

        let seen = try wire.answers()
        #expect(seen.statuses == [1: ["400"]])
        #expect(seen.bodies == [:])
    }
}
