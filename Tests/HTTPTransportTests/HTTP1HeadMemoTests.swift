import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPTransport

@Suite("Heads that are known from earlier ones")
struct HTTP1HeadMemoTests {
    private static let get =
        "GET /scim/v2/Users/1 HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer abc\r\nADSCIMVersion: Date:1, ActivityId:2\r\n\r\n"
    private static let patch =
        "PATCH /scim/v2/Users/1?a=%20 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 12\r\nAccept: */*\r\n\r\n"

    private static let expecting = patch.replacing("Accept: */*", with: "Expect: 100-continue")

    // MARK: What is known

    @Test(arguments: [
        get,
        get.replacing("Users/1", with: "Groups/2?filter=a%20eq"),
        get.replacing("ActivityId:2", with: "ActivityId:3 and more"),
        get.replacing("abc", with: "d"),
    ])
    func `a head with another target or other values is known, and read as the decoder reads it`(head: String)
        throws
    {
        let memo = try Self.memo(of: Self.get)

        let known = try #require(Self.known(head + "rest", memo))

        #expect(known.head.request == (try Self.read(head)).request)
        #expect(known.bytes == head.utf8.count)
    }

    @Test(arguments: [
        get.replacing("GET", with: "HEAD"),
        get.replacing("HTTP/1.1", with: "HTTP/1.0"),
        get.replacing("a.test", with: "b.test"),
        get.replacing("Authorization", with: "authorization"),
        get.replacing("Bearer abc", with: "Bearer abc "),
        get.replacing("Bearer abc", with: " Bearer abc"),
        get.replacing("Bearer abc", with: ""),
        get.replacing("Bearer abc", with: "Bearer\tabc"),
        get.replacing("/scim", with: "https://a.test/scim"),
        get.replacing("Users/1", with: "Users/#1"),
        get.replacing("Users/1", with: "Users/%2"),
        get.dropLast(1) + "X: y\r\n\r\n",
        String(get.dropLast(1)),
    ])
    func `any other head is none of those known`(head: String) throws {
        let memo = try Self.memo(of: Self.get)

        #expect(Self.known(head, memo) == nil)
    }

    @Test func `the length of a body may be another plain number`() throws {
        let memo = try Self.memo(of: Self.patch)
        let heads = ["0", "7", "123456789"].map { Self.patch.replacing("Length: 12", with: "Length: \($0)") }

        let framings = heads.map { Self.known($0, memo)?.head.framing }

        #expect(framings == [BodyFraming.none, .length(7), .length(123_456_789)])
        for length in ["+7", "1234567890", "7 7", "0x7"] {
            #expect(
                Self.known(Self.patch.replacing("Length: 12", with: "Length: \(length)"), memo) == nil,
                "\(length)"
            )
        }
    }

    @Test func `a method each is known, the last three of them`() throws {
        var memo = HTTP1HeadMemo()
        let heads = ["GET", "POST", "PUT", "DELETE"].map { Self.get.replacing("GET", with: $0) }

        for head in heads {
            memo.keep(try Self.read(head), ByteBuffer(string: head).readableBytesView, HTTPLimits())
        }

        #expect(heads.map { Self.known($0, memo) != nil } == [false, true, true, true])
    }

    @Test func `a head that ends its connection, or whose body has chunks, is not known the next time`()
        throws
    {
        let fields = [
            "Connection: close", "Connection: x, Close", "Upgrade: h2c", "Transfer-Encoding: chunked",
        ]
        let heads = fields.map { Self.get.replacing("Authorization: Bearer abc", with: $0) }

        let known = try heads.map { Self.known($0, try Self.memo(of: $0)) != nil }

        #expect(known == [false, false, false, false])
        let harmless = Self.get.replacing("Authorization: Bearer abc", with: "Connection: keep-alive")
        #expect(Self.known(harmless, try Self.memo(of: harmless)) != nil)
    }

    @Test func `a head of up to 32 field lines is kept`() throws {
        let fields = { (count: Int) -> String in
            Self.get.dropLast(1) + (3..<count).map { "X-\($0): y\r\n" }.joined() + "\r\n"
        }

        #expect(Self.known(fields(32), try Self.memo(of: fields(32))) != nil)
        #expect(Self.known(fields(33), try Self.memo(of: fields(33))) == nil)
    }

    @Test func `a head is kept up to 2048 bytes`() throws {
        let room = HTTPLimits().knownHeadBytes - Self.get.utf8.count + 3
        let largest = Self.get.replacing("abc", with: String(repeating: "x", count: room))
        let larger = Self.get.replacing("abc", with: String(repeating: "x", count: room + 1))

        #expect(Self.known(largest, try Self.memo(of: largest)) != nil)
        #expect(Self.known(larger, try Self.memo(of: larger)) == nil)
    }

    @Test func `limits hold for a known head`() throws {
        var limits = HTTPLimits()
        limits.requestLineBytes = 40
        limits.fieldBytes = 48
        limits.headerBytes = 100
        let memo = try Self.memo(of: Self.get)
        let longLine = Self.get.replacing("Users/1", with: "Users/" + String(repeating: "1", count: 12))
        let longField = Self.get.replacing("Id:2", with: "Id:" + String(repeating: "2", count: 14))
        let longFields = Self.get.replacing("abc", with: String(repeating: "a", count: 25))

        for (head, status) in [
            (longLine, 200), (longLine.replacing("Users", with: "Userss"), 414),
            (longField, 200), (longField.replacing("Id", with: "Idd"), 431),
            (longFields, 200), (longFields.replacing("Bearer", with: "Bearers"), 431),
        ] {
            #expect((Self.known(head, memo, limits) != nil) == (status == 200), "\(head)")
            #expect(try Self.answers(to: head, after: nil, limits).statuses.first == status)
        }
    }

    // MARK: What an attacker changes

    /// Where nothing is known of a connection, the decoder reads; here it is asked what it makes of each head that passes.
    @Test(arguments: [get, patch, expecting])
    func `with any byte in any place, a head that passes is what the decoder makes of it`(head: String) throws
    {
        let memo = try Self.memo(of: head)
        var passed = 0

        for place in head.utf8.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array(head.utf8)
                bytes[head.utf8.distance(from: head.utf8.startIndex, to: place)] = byte
                let known = memo.head(at: ByteBuffer(bytes: bytes).readableBytesUInt8Span, HTTPLimits())
                guard let known else { continue }
                passed += 1
                let read = try Self.read(String(decoding: bytes, as: UTF8.self))
                #expect(known.head.isSame(as: read) && known.bytes == bytes.count)
            }
        }

        #expect(passed > 1_000)
    }

    @Test(arguments: [
        "Content-Length: 12", "Content-Length: 5", "content-length: 12", "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity", "transfer-encoding: chunked", "Connection: close",
        "connection: keep-alive",
        "Expect: 100-continue", "Expect: more", "Upgrade: h2c", "TE: trailers", "Host: b.test",
        "Host: a.test",
        "Accept: text/html", "Authorization: Bearer b", " folded", "\tfolded", ": nameless", "Accept : */*",
        "X",
    ])
    func `a head with one line more is answered as if none were known`(line: String) throws {
        for message in [Self.get, Self.patch + "hello, world", Self.expecting + "hello, world"] {
            for end in message.ranges(of: "\r\n").map(\.upperBound) {
                var longer = message
                longer.insert(contentsOf: line + "\r\n", at: end)
                try Self.compare(Array(longer.utf8), after: message)
            }
        }
    }

    @Test
    func `a head with a line changed, gone, twice or in another place is answered as if none were known`()
        throws
    {
        for message in [Self.get, Self.patch + "hello, world", Self.expecting + "hello, world"] {
            let lines = message.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
            for index in lines.indices {
                let others = [
                    [], [lines[index], lines[index]], [lines[index].uppercased()],
                    [lines[index].lowercased()],
                    [lines[index].replacing(":", with: " :")], [lines[index].replacing(": ", with: ":")],
                    [lines[index].replacing(": ", with: ":  ")], [lines[index] + " "], [lines[index] + "\t"],
                    [lines[index], " " + lines[index]], [lines[index] + ", close"], [lines[index] + ", 12"],
                ]
                for other in others {
                    let changed = lines[..<index] + other + lines[(index + 1)...]
                    try Self.compare(Array(changed.joined(separator: "\r\n").utf8), after: message)
                }
                var swapped = lines
                swapped.swapAt(index, (index + 1) % lines.count)
                try Self.compare(Array(swapped.joined(separator: "\r\n").utf8), after: message)
            }
        }
    }

    @Test func `requests sent ahead are told apart wherever the network cuts them`() throws {
        let short = Self.patch.replacing("Length: 12", with: "Length: 2") + "ab"
        let ahead = Array(
            (Self.patch + "GET / HTTP/1" + short + Self.get + Self.patch + "hello, world").utf8
        )
        var forgetful = HTTPLimits()
        forgetful.knownHeadBytes = 0

        for place in 0...ahead.count {
            let answers = try [HTTPLimits(), forgetful].map { limits in
                let wire = try Wire(limits: limits, respond: Self.tell)
                wire.send(Self.get + Self.patch + "hello, world")
                wire.send(Array(ahead[..<place]))
                wire.send(Array(ahead[place...]))
                return try wire.received()
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].statuses.filter { $0 == 200 }.count == 6, "cut at \(place)")
        }
    }

    // MARK: The long way

    @Test(arguments: [get, patch + "hello, world"])
    func `whatever becomes of a head's bytes, it is answered as if none were known`(message: String) throws {
        let bytes = Array(message.utf8)
        let others: [UInt8] = [0, 9, 10, 13, 32, 35, 37, 48, 58, 65, 127, 200]

        for place in bytes.indices {
            for other in others {
                var replaced = bytes
                replaced[place] = other
                try Self.compare(replaced, after: message)
                var inserted = bytes
                inserted.insert(other, at: place)
                try Self.compare(inserted, after: message)
            }
            var shorter = bytes
            shorter.remove(at: place)
            try Self.compare(shorter, after: message)
        }
    }

    @Test func `a known head in two pieces is answered as one in one piece`() throws {
        let next = Self.get.replacing("Users/1", with: "Users/2")
        let whole = try Wire(respond: Self.tell)
        whole.send(next)
        let answer = try whole.received()

        for place in 1..<next.utf8.count {
            let wire = try Wire(respond: Self.tell)
            wire.send(Self.get)
            _ = try wire.received()
            wire.send(Array(next.utf8.prefix(place)))
            wire.send(Array(next.utf8.dropFirst(place)))
            #expect(try wire.received() == answer)
        }
    }

    private static func compare(_ bytes: [UInt8], after message: String) throws {
        let long = try answers(to: bytes, after: nil)
        let short = try answers(to: bytes, after: message)
        #expect(long == short, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }

    private static func answers(to text: String, after first: String?, _ limits: HTTPLimits = HTTPLimits())
        throws
        -> String
    {
        try answers(to: Array(text.utf8), after: first, limits)
    }

    private static func answers(to bytes: [UInt8], after first: String?, _ limits: HTTPLimits = HTTPLimits())
        throws -> String
    {
        let wire = try Wire(limits: limits, respond: tell)
        if let first {
            wire.send(first)
            _ = try wire.received()
        }
        wire.send(bytes)
        wire.send(get)
        return try wire.received() + (wire.isClosed ? "closed" : wire.tap.closesOutput ? "ended" : "open")
    }

    /// 200 with all that is known of a request.
    private static let tell: Respond = { request in
        do throws(BodyRefusal) {
            let body = try await request.body()
            let fields = request.head.headerFields.map { "\($0.name.rawName)=\($0.value)" }
            return Answers.text(
                200,
                "\(request.version) \(request.head.method) \(request.head.path ?? "-") "
                    + "\(request.head.authority ?? "-") \(fields) \(String(buffer: body))"
            )
        } catch {
            return error.refusal.map(Answers.refuse) ?? Answers.text(499, "")
        }
    }

    // MARK: Pieces

    private static func memo(of head: String, _ limits: HTTPLimits = HTTPLimits()) throws -> HTTP1HeadMemo {
        var memo = HTTP1HeadMemo()
        memo.keep(try read(head), ByteBuffer(string: head).readableBytesView, limits)
        return memo
    }

    private static func known(_ text: String, _ memo: HTTP1HeadMemo, _ limits: HTTPLimits = HTTPLimits()) -> (
        head: HTTP1Head, bytes: Int
    )? {
        memo.head(at: ByteBuffer(string: text).readableBytesUInt8Span, limits)
    }

    /// What the decoder and the checks behind it make of a head.
    private static func read(_ text: String) throws -> HTTP1Head {
        let channel = EmbeddedChannel()
        let sink = HTTP1Sink()
        try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(HTTPRequestDecoder()), sink])
        try channel.writeInbound(ByteBuffer(string: text))
        return try HTTP1Head(try #require(sink.take().head))
    }
}

extension HTTP1Head {
    /// Whether all that follows from them is the same.
    fileprivate func isSame(as other: HTTP1Head) -> Bool {
        request == other.request && version == other.version && framing == other.framing
            && expectsContinue == other.expectsContinue && keepsAlive == other.keepsAlive
    }
}
