import Testing

@testable import SCIM

@Suite("Case folding, Unicode 14.0 CaseFolding.txt C + F")
struct CaseFoldingTests {
    @Test(arguments: [
        ("bjensen@example.com", "bjensen@example.com"),
        ("BJensen@EXAMPLE.com", "bjensen@example.com"),
        ("", ""),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("\u{1E9E}", "ss"),
        ("ZOË", "zoë"),
        ("Σίσυφος", "σίσυφοσ"),
        ("\u{130}", "i\u{307}"),
        ("I", "i"),
        ("ı", "ı"),
        ("\u{FB03}", "ffi"),
        ("\u{212A}", "k"),
        ("\u{10400}", "\u{10428}"),
        ("李小龍", "李小龍"),
        ("\u{13A0}\u{AB70}", "\u{13A0}\u{13A0}"),
    ])
    func `a text is folded in full and without a locale`(source: String, folded: String) {
        #expect(TextOrder.isSameBytes(CaseFolding.fold(source), folded))
    }

    @Test(arguments: [
        ("e\u{301}", "\u{E9}"), ("E\u{301}", "\u{E9}"), ("\u{212B}", "\u{E5}"), ("A\u{30A}", "\u{E5}"),
        ("\u{1100}\u{1161}", "\u{AC00}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("Ǆ", "ǆ"),
    ])
    func `canonical equivalents fold to the same bytes`(left: String, right: String) {
        #expect(TextOrder.isSameBytes(CaseFolding.fold(left), CaseFolding.fold(right)))
        #expect(CaseFolding.isSame(left, right))
    }

    @Test(arguments: [("a", "b"), ("e", "é"), ("ﬁ", "f"), ("а", "a"), ("o", "0")])
    func `different letters stay different`(left: String, right: String) {
        #expect(!CaseFolding.isSame(left, right))
    }

    @Test func `the table is what Python's casefold gives for every code point`() {
        var checksum: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in UInt32(0)..<0x110000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for byte in CaseFolding.foldScalars(of: String(scalar)).utf8 {
                checksum = (checksum ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }

        #expect(checksum == 0x5FD6_A129_2F7B_8D6C)
    }

    @Test func `folding twice changes nothing more`() {
        for value in UInt32(0)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = CaseFolding.fold(String(scalar))
            #expect(TextOrder.isSameBytes(CaseFolding.fold(once), once), "U+\(String(value, radix: 16))")
        }
    }

    @Test func `the runs of the table ascend and do not overlap`() {
        let runs = CaseFoldingTable.runs
        for (run, next) in zip(runs, runs.dropFirst()) {
            #expect(run.first <= run.last && run.last < next.first)
        }
        let expansions = CaseFoldingTable.expansions
        for (one, next) in zip(expansions, expansions.dropFirst()) { #expect(one.scalar < next.scalar) }
    }
}
