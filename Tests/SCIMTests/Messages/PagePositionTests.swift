import Testing

@testable import SCIM

@Suite("Where a page ended, RFC 9865")
struct PagePositionTests {
    static let positions = [
        PagePosition(row: 1, totalResults: 0),
        PagePosition(row: .max, totalResults: .max),
        PagePosition(row: 7, key: .missing, totalResults: 9),
        PagePosition(row: 7, key: .boolean(true), totalResults: 9),
        PagePosition(row: 7, key: .boolean(false), totalResults: 9),
        PagePosition(row: 7, key: .number(-1.5), totalResults: 9),
        PagePosition(row: 7, key: .moment(Timestamp(milliseconds: -1)), totalResults: 9),
        PagePosition(row: 7, key: .text([]), totalResults: 9),
        PagePosition(row: 7, key: .text(Array("åsa".utf8)), totalResults: 9),
        PagePosition(row: 7, key: .text([UInt8](repeating: 0xC3, count: 256)), totalResults: 9),
    ]

    @Test(arguments: positions)
    func `a position comes back from its bytes`(position: PagePosition) {
        let bytes = position.bytes

        #expect(PagePosition(bytes: bytes) == position)
        #expect(bytes.count <= PagePosition.mostBytes)
    }

    @Test(arguments: positions)
    func `fewer or more bytes are no position`(position: PagePosition) {
        let bytes = position.bytes
        let isText = if case .text = position.key { true } else { false }

        for count in 0..<17 { #expect(PagePosition(bytes: bytes.prefix(count)) == nil) }
        if !isText {
            #expect(PagePosition(bytes: bytes.dropLast()) == nil)
            #expect(PagePosition(bytes: bytes + [0]) == nil)
        }
    }

    @Test func `a text may be as long as the limit and no longer`() {
        let longest = PagePosition(row: 1, key: .text([UInt8](repeating: 1, count: 256)), totalResults: 1)

        #expect(longest.bytes.count == PagePosition.mostBytes)
        #expect(PagePosition(bytes: longest.bytes + [1]) == nil)
    }

    @Test func `an unknown kind of key, and less than no results, are refused`() {
        var unknown = PagePosition(row: 1, totalResults: 1).bytes
        unknown[16] = 6
        var negative = PagePosition(row: 1, totalResults: 1).bytes
        negative[8] = 0x80

        #expect(PagePosition(bytes: unknown) == nil)
        #expect(PagePosition(bytes: negative) == nil)
    }
}

@Suite("Integers as bytes")
struct BigEndianTests {
    @Test(
        arguments: [
            (0, [0, 0, 0, 0, 0, 0, 0, 0]), (1, [0, 0, 0, 0, 0, 0, 0, 1]), (258, [0, 0, 0, 0, 0, 0, 1, 2]),
            (-1, [255, 255, 255, 255, 255, 255, 255, 255]), (Int64.min, [128, 0, 0, 0, 0, 0, 0, 0]),
            (Int64.max, [127, 255, 255, 255, 255, 255, 255, 255]),
        ] as [(Int64, [UInt8])]
    )
    func `the highest byte comes first, both ways`(integer: Int64, bytes: [UInt8]) {
        #expect(BigEndian.bytes(integer) == bytes)
        #expect(BigEndian.integer(bytes) == integer)
    }

    @Test func `seven and nine bytes are none`() {
        #expect(BigEndian.integer([UInt8](repeating: 0, count: 7)) == nil)
        #expect(BigEndian.integer([UInt8](repeating: 0, count: 9)) == nil)
    }
}
