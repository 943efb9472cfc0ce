import Testing

@testable import Gateway

@Suite("Base64 for URLs, RFC 4648 §5")
struct Base64URLTests {
    /// RFC 4648 §10 without the padding, and the two letters that differ from plain base64.
    @Test(
        arguments: [
            ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
            (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"),
            (Array("foobar".utf8), "Zm9vYmFy"),
            ([0xFB, 0xEF, 0xFF], "--__"), ([0], "AA"), ([0, 0, 0], "AAAA"),
        ] as [([UInt8], String)]
    )
    func `bytes become text and come back`(bytes: [UInt8], text: String) {
        #expect(Base64URL.text(bytes) == text)
        #expect(Base64URL.bytes(text) == bytes)
    }

    @Test func `every byte at every place comes back`() {
        for length in 1...4 {
            for byte in UInt8.min...UInt8.max {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: 0x5A, count: length)
                    bytes[place] = byte
                    #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
                }
            }
        }
    }

    @Test(arguments: [
        "Z", "Zm9vY", "Zg==", "Zh", "Zm9", "+/", "Zm 9v", "Zm9v\n", "Zm9vé", ".", "%", "AB", "AAB",
    ])
    func `what is never made is never read`(text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }
}
