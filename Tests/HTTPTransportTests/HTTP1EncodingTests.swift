import HTTPTypes
import NIOCore
import Testing

@testable import HTTPTransport

@Suite("Replies as HTTP/1.1 messages, RFC 9112 §4 and §6")
struct HTTP1EncodingTests {
    private static func message(_ reply: Reply, isToHead: Bool = false, closes: Bool = false) -> String {
        let framing = HTTP1Encoding.Framing(
            dateLine: ByteBuffer(string: "Date: now\r\n"),
            isToHead: isToHead,
            closes: closes
        )
        return String(buffer: HTTP1Encoding.message(reply, framing, allocator: ByteBufferAllocator()))
    }

    private static func bytes(_ text: String) -> ReplyBody { .bytes(ByteBuffer(string: text)) }

    @Test func `a reply is one message with its length`() {
        let reply = Reply(status: .ok, fields: [.eTag: "W/\"1\""], body: Self.bytes("hello"))

        #expect(
            Self.message(reply)
                == "HTTP/1.1 200 OK\r\nETag: W/\"1\"\r\nDate: now\r\nContent-Length: 5\r\n\r\nhello"
        )
    }

    @Test(arguments: [(200, "OK"), (413, "Content Too Large"), (599, "")])
    func `a status made of its number gets the reason that RFC 9110 gives it`(code: Int, reason: String) {
        let text = Self.message(Reply(status: .init(code: code)))

        #expect(text.hasPrefix("HTTP/1.1 \(code) \(reason)\r\n"))
    }

    @Test func `the last reply says so`() {
        #expect(
            Self.message(Reply(status: .notFound), closes: true)
                == "HTTP/1.1 404 Not Found\r\nDate: now\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    }

    @Test func `a reply to HEAD has the same head as one to GET and no body`() {
        let reply = Reply(
            status: .ok,
            fields: [.contentType: "application/scim+json"],
            body: Self.bytes("hello")
        )

        #expect(Self.message(reply, isToHead: true) + "hello" == Self.message(reply))
    }

    @Test(arguments: [HTTPResponse.Status.noContent, .notModified])
    func `a status without content has no length and no body`(status: HTTPResponse.Status) {
        let text = Self.message(Reply(status: status, body: Self.bytes("lost")))

        #expect(!text.contains("Content-Length"))
        #expect(text.hasSuffix("Date: now\r\n\r\n"))
    }

    @Test func `fields of the transport are written by the transport alone`() throws {
        let connection = try #require(HTTPField.Name("Connection"))
        let encoding = try #require(HTTPField.Name("transfer-encoding"))
        let fields: HTTPFields = [
            .contentLength: "99", .date: "yesterday", connection: "keep-alive", encoding: "chunked",
            .server: "x",
        ]

        let text = Self.message(Reply(status: .ok, fields: fields))

        #expect(text == "HTTP/1.1 200 OK\r\nServer: x\r\nDate: now\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `a line break in a value cannot split the reply`() {
        let text = Self.message(Reply(status: .ok, fields: [.location: "a\r\nX-Evil: b"]))

        #expect(!text.contains("\r\nX-Evil"))
    }

    @Test func `fields of one name keep their order and number`() {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .acceptLanguage, value: "1"))
        fields.append(HTTPField(name: .acceptLanguage, value: "2"))

        #expect(
            Self.message(Reply(status: .ok, fields: fields)).contains(
                "Accept-Language: 1\r\nAccept-Language: 2\r\n"
            )
        )
    }

    @Test(arguments: [0, 9, 10, 99, 100, 65_535, 1_048_576])
    func `lengths are written in decimal`(count: Int) {
        let text = Self.message(
            Reply(status: .ok, body: Self.bytes(String(repeating: "x", count: count))),
            isToHead: true
        )

        #expect(text.contains("Content-Length: \(count)\r\n"))
    }
}

@Suite("Date, RFC 9110 §5.6.7")
struct DateLineTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_795_478_794, "Tue, 24 Nov 2026 00:06:34 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `seconds become an IMF-fixdate`(second: Int64, text: String) {
        #expect(DateLine.imfFixdate(second) == text)
    }
}
