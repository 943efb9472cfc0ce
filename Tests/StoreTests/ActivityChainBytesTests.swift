import Testing

@testable import Store

@Suite("What an entry's hash is made over")
struct ActivityChainBytesTests {
    /// A digest that gives back what it is given.
    private let chain = ActivityChain { $0 }

    @Test func `label, hash before, number, and each field with place, kind and length, highest byte first`()
    {
        let long = String(repeating: "é", count: 200)
        let fields: [ActivityField] = [
            .integer(-2), .nothing, .text(""), .text("ok"), .nothing, .integer(0x0102_0304_0506_0708),
            .text(long),
        ]
        let previous = ActivityChain.Link(number: 257, hash: Array(0..<32))

        let link = chain.link(after: previous, fields)

        var expected = Array("scim-gateway activity 1\n".utf8) + Array(0..<32)
        expected += [0, 0, 0, 0, 0, 0, 1, 2]
        expected += [0, 1, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254]
        expected += [2, 2, 0, 0, 0, 0]
        expected += [3, 2, 0, 0, 0, 2] + Array("ok".utf8)
        expected += [5, 1, 0, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        expected += [6, 2, 0, 0, 1, 0x90] + Array(long.utf8)
        #expect(link.number == 258)
        #expect(link.hash == expected)
    }

    @Test func `an entry of no fields is its number after the hash before`() {
        let link = chain.link(after: .start, [])

        #expect(link.hash == Array("scim-gateway activity 1\n".utf8) + [UInt8](repeating: 0, count: 39) + [1])
    }
}
