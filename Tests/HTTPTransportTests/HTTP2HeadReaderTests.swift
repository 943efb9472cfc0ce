import HTTPTypes
import Testing

@testable import HTTPTransport

@Suite("Heads that are known from earlier ones, HTTP/2")
struct HTTP2HeadReaderTests {
    private typealias Field = (String, String)

    private static let get: [Field] =
        HTTP2Wire.head("GET", "/scim/v2/Users/1")
        + [("authorization", "Bearer abc"), ("adscimversion", "Date:1, ActivityId:2")]
    private static let patch: [Field] =
        HTTP2Wire.head("PATCH", "/scim/v2/Users/1?a=%20")
        + [("content-length", "12"), ("te", "trailers"), ("accept", "*/*")]
    private static let expecting: [Field] =
        HTTP2Wire.head("POST", "/x") + [("host", "a.test"), ("expect", "100-continue"), ("cookie", "a=b")]

    // MARK: What is known

    @Test(arguments: [
        get,
        changed(get, ":path", "/scim/v2/Groups/2?filter=a%20eq"),
        changed(get, "adscimversion", "Date:1, ActivityId:3 and more"),
        changed(get, "authorization", "Bearer abd"),
        changed(get, "authorization", "Bearer d"),
    ])
    private func `a head with another target or other values is known, and read as the long way reads it`(
        fields: [Field]
    ) throws {
        var reader = try Self.reader(knowing: [Self.get])

        let opening = try Self.read(fields, by: &reader)

        #expect(reader.isKnown)
        #expect(try Self.isSame(opening, Self.long(fields)))
    }

    @Test(arguments: [
        changed(get, ":method", "HEAD"),
        changed(get, ":authority", "b.test"),
        changed(get, ":path", "*"),
        changed(get, ":path", "https://a.test/scim"),
        changed(get, ":path", "/scim/#1"),
        changed(get, ":path", "/scim/%2"),
        changed(get, "authorization", ""),
        changed(get, "authorization", "Bearer\tabc"),
        changed(get, "authorization", "Bearer äbc"),
        get + [("x", "y")],
        get.dropLast(),
        [get[1], get[0]] + get[2...],
    ])
    private func `any other head is none of those known, and goes the long way`(fields: [Field]) throws {
        var reader = try Self.reader(knowing: [Self.get])

        let opening = try Self.read(fields, by: &reader)

        #expect(!reader.isKnown)
        #expect(try Self.isSame(opening, Self.long(fields)))
    }

    @Test(arguments: ["0", "7", "9223372036854775807"])
    func `the length of a body may be another one`(length: String) throws {
        var reader = try Self.reader(knowing: [Self.patch])

        let opening = try Self.read(Self.changed(Self.patch, "content-length", length), by: &reader)

        #expect(reader.isKnown)
        #expect(try opening.head.get().length == Int(length))
    }

    @Test(arguments: ["host", "expect", "te", "cookie"])
    func `a field that speaks to the connection must stay as it is`(name: String) throws {
        let fields = Self.expecting + [("te", "trailers")]
        var reader = try Self.reader(knowing: [fields])

        _ = try? Self.read(Self.changed(fields, name, "z"), by: &reader)

        #expect(reader.isKnown == (name == "cookie"))
    }

    @Test func `a method each is known, the last three of them`() throws {
        let heads = ["GET", "POST", "PUT", "DELETE"].map { Self.changed(Self.get, ":method", $0) }

        for (place, head) in heads.enumerated() {
            var reader = try Self.reader(knowing: heads)
            _ = try Self.read(head, by: &reader)
            #expect(reader.isKnown == (place > 0))
        }
    }

    @Test(arguments: [(32, true), (33, false)])
    func `a head of up to 32 fields is kept`(count: Int, isKept: Bool) throws {
        let fields = Self.get + (Self.get.count..<count).map { ("x-\($0)", "y") }
        var reader = try Self.reader(knowing: [fields])

        _ = try Self.read(fields, by: &reader)

        #expect(reader.isKnown == isKept)
    }

    @Test(arguments: [(0, true), (1, false)])
    func `a head is kept up to 2048 bytes`(more: Int, isKept: Bool) throws {
        let others = Self.get.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count } + "x".utf8.count
        let value = String(repeating: "y", count: HTTPLimits().knownHeadBytes - others + more)
        var reader = try Self.reader(knowing: [Self.get + [("x", value)]])

        _ = try Self.read(Self.get + [("x", value)], by: &reader)

        #expect(reader.isKnown == isKept)
    }

    @Test(arguments: [
        (":path", "/" + String(repeating: "1", count: 39), "/" + String(repeating: "1", count: 40)),
        ("adscimversion", String(repeating: "2", count: 35), String(repeating: "2", count: 36)),
        ("authorization", String(repeating: "3", count: 25), String(repeating: "3", count: 26)),
    ])
    func `limits hold for a known head`(name: String, most: String, more: String) throws {
        var limits = HTTPLimits()
        limits.requestLineBytes = 40
        limits.fieldBytes = name == "authorization" ? 100 : 48
        limits.headerBytes = name == "authorization" ? 322 : 400
        for (value, isSound) in [(most, true), (more, false)] {
            let fields = Self.changed(Self.get, name, value)
            var reader = try Self.reader(knowing: [Self.get], limits)

            let opening = try Self.read(fields, by: &reader)

            #expect(reader.isKnown == isSound, "\(value)")
            #expect(try Self.isSame(opening, Self.long(fields, limits)))
            #expect(((try? opening.head.get()) == nil) != isSound, "\(value)")
        }
    }

    @Test func `a trailer section is no head`() throws {
        var reader = try Self.reader(knowing: [Self.get])

        reader.begin(isTrailer: true)
        for (name, value) in Self.get { try reader.add(name: name.utf8.span, value: value.utf8.span) }

        #expect(reader.refusal == nil)
        #expect(!reader.isKnown)
    }

    // MARK: What an attacker changes

    @Test(arguments: [get, patch, expecting])
    private func `with any byte in any place, a head is what the long way makes of it`(fields: [Field]) throws
    {
        var known = 0

        for place in fields.indices {
            for offset in fields[place].1.utf8.indices {
                // Bytes above 0x7F make no text by themselves; nghttp2 refuses control characters before.
                for byte in UInt8(0x20)..<0x7F {
                    var value = Array(fields[place].1.utf8)
                    value[fields[place].1.utf8.distance(from: fields[place].1.startIndex, to: offset)] = byte
                    var other = fields
                    other[place].1 = String(decoding: value, as: UTF8.self)
                    var reader = try Self.reader(knowing: [fields])
                    let opening = try Self.read(other, by: &reader)
                    known += reader.isKnown ? 1 : 0
                    #expect(try Self.isSame(opening, Self.long(other)), "\(other)")
                }
            }
        }

        #expect(known > 400)
    }

    @Test(arguments: [get, patch, expecting])
    private func `a head with a field gone, twice, new or in another place is what the long way makes of it`(
        fields: [Field]
    ) throws {
        for place in fields.indices {
            var shorter = fields
            shorter.remove(at: place)
            var swapped = fields
            swapped.swapAt(place, (place + 1) % fields.count)
            let inserted = [
                fields[place], ("x", "y"), ("content-length", "3"), ("expect", "x"), ("host", "a.test"),
            ]
            .map { field in fields[..<place] + [field] + fields[place...] }

            for other in [shorter, swapped] + inserted.map(Array.init) {
                var reader = try Self.reader(knowing: [fields])
                let opening = try Self.read(other, by: &reader)
                #expect(try Self.isSame(opening, Self.long(other)), "\(other)")
            }
        }
    }

    @Test func `a block far over its limits is not read to its end`() throws {
        var limits = HTTPLimits()
        limits.fields = 3
        var reader = try Self.reader(knowing: [Self.get], limits)

        #expect(throws: HTTP2Fault.headerFlood) {
            try Self.read(Self.get + Array(repeating: ("a", "b"), count: 5), by: &reader)
        }
    }

    @Test func `requests on one connection are answered as if each came on its own`() throws {
        let paths = ["/x", "/y?a=1", "/x", "/%41"]
        let wire = try HTTP2Wire()

        for (place, path) in paths.enumerated() { wire.send(HTTP2Wire.get(Int32(2 * place + 1), path)) }

        let bodies = try wire.answers().bodies
        #expect(paths.indices.map { bodies[Int32(2 * $0 + 1)] } == paths.map { "GET \($0) a.test " })
    }

    // MARK: Pieces

    private static func changed(_ fields: [Field], _ name: String, _ value: String) -> [Field] {
        fields.map { $0.0 == name ? (name, value) : $0 }
    }

    private static func reader(knowing heads: [[Field]], _ limits: HTTPLimits = HTTPLimits()) throws
        -> HTTP2HeadReader
    {
        var reader = HTTP2HeadReader(limits: limits, floodFactor: 2)
        for head in heads { _ = try read(head, by: &reader) }
        return reader
    }

    @discardableResult
    private static func read(_ fields: some Sequence<Field>, by reader: inout HTTP2HeadReader) throws
        -> HTTP2Opening
    {
        reader.begin(isTrailer: false)
        for (name, value) in fields { try reader.add(name: name.utf8.span, value: value.utf8.span) }
        return try reader.finish()
    }

    /// What the long way makes of a head: a reader that knows none.
    private static func long(_ fields: some Sequence<Field>, _ limits: HTTPLimits = HTTPLimits()) throws
        -> HTTP2Opening
    {
        var reader = try reader(knowing: [], limits)
        return try read(fields, by: &reader)
    }

    private static func isSame(_ one: HTTP2Opening, _ other: HTTP2Opening) -> Bool {
        guard one.isToHead == other.isToHead, one.contentBytes == other.contentBytes else { return false }
        switch (one.head, other.head) {
        case (.success(let one), .success(let other)):
            return one.request == other.request && one.length == other.length
                && one.expectsContinue == other.expectsContinue
        case (.failure(let one), .failure(let other)): return one == other
        default: return false
        }
    }
}
