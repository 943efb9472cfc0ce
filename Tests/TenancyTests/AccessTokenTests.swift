import Crypto
import Testing

@testable import Tenancy

@Suite("Access tokens: sgw_ + id + secret + CRC-32")
struct AccessTokenTests {
    /// The checksum is that of Python's zlib.crc32 over the 56 characters before it.
    private let known = "sgw_k7Qm2x4B_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg2luUfG"

    @Test func `a new token has 62 characters and is read back`() throws {
        let library = try Given.library()

        let token = AccessToken.generate(in: library)

        #expect(token.text.utf8.count == 62)
        #expect(token.text.wholeMatch(of: /sgw_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/) != nil)
        #expect(try AccessToken.parse(token.text).id == token.id)
        #expect(token.digest(in: library) == library.sha256(Array(token.text.utf8)))
        #expect(AccessToken.generate(in: library).text != token.text)
    }

    @Test func `a token that another program made is read`() throws {
        #expect(try AccessToken.parse(known).id == AccessToken.ID("k7Qm2x4B"))
    }

    @Test func `CRC-32 and base62 are the common ones`() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
        #expect(String(decoding: Base62.digits(of: 0, count: 6), as: UTF8.self) == "000000")
        #expect(String(decoding: Base62.digits(of: 61, count: 6), as: UTF8.self) == "00000z")
        #expect(String(decoding: Base62.digits(of: 62, count: 6), as: UTF8.self) == "000010")
        #expect(String(decoding: Base62.digits(of: .max, count: 6), as: UTF8.self) == "4gfFC3")
    }

    @Test func `damage is told apart, with the public id as far as it can be read`() throws {
        let text = AccessToken.generate(in: try Given.library()).text
        let id = AccessToken.ID(String(text.dropFirst(4).prefix(8)))
        let other = text.last == "a" ? "b" : "a"

        #expect(throws: TokenDamage.notAToken) { try AccessToken.parse("") }
        #expect(throws: TokenDamage.notAToken) { try AccessToken.parse(text.uppercased()) }
        #expect(throws: TokenDamage.tooShort(nil, missing: 58)) { try AccessToken.parse("sgw_") }
        #expect(throws: TokenDamage.tooShort(id, missing: 1)) {
            try AccessToken.parse(String(text.dropLast()))
        }
        #expect(throws: TokenDamage.tooLong(id, extra: 1)) { try AccessToken.parse(text + "x") }
        #expect(throws: TokenDamage.foreignCharacter(id)) { try AccessToken.parse(text.dropLast() + "-") }
        #expect(throws: TokenDamage.checksum(try #require(id))) {
            try AccessToken.parse(text.dropLast() + other)
        }
    }

    @Test(arguments: 0..<62)
    func `a change of any one character is found`(_ index: Int) throws {
        var bytes = Array(AccessToken.generate(in: try Given.library()).text.utf8)
        bytes[index] = bytes[index] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")

        #expect(throws: TokenDamage.self) { try AccessToken.parse(String(decoding: bytes, as: UTF8.self)) }
    }

    @Test func `damage is explained without the secret`() throws {
        let id = AccessToken.ID("k7Qm2x4B")

        let sentences = [
            TokenDamage.notAToken, .tooShort(id, missing: 3), .tooShort(nil, missing: 1),
            .tooLong(id, extra: 2),
            .foreignCharacter(id), .checksum(try #require(id)),
        ].map(\.description)

        #expect(
            sentences == [
                "this is no token of this gateway: those begin with sgw_",
                "this looks like token k7Qm2x4B but it is 3 characters short",
                "this looks like a token but it is 1 character short",
                "this looks like token k7Qm2x4B but it has 2 characters too many",
                "this looks like token k7Qm2x4B but it holds a character that no token has",
                "this looks like token k7Qm2x4B but its characters are not those that were given out",
            ]
        )
    }

    @Test func `a token does not print itself`() throws {
        let token = AccessToken.generate(in: try Given.library())
        var dumped = ""
        dump(token, to: &dumped)

        for text in ["\(token)", String(describing: token), String(reflecting: token), dumped] {
            #expect(!text.contains(token.text.suffix(20)))
            #expect(text.contains("sgw_\(token.id)_…"))
        }
    }

    @Test(arguments: ["", "k7Qm2x4", "k7Qm2x4BB", "k7Qm2x4_", "k7Qm2x4é", "k7Qm2x4 "])
    func `an id has 8 base62 characters`(_ text: String) {
        #expect(AccessToken.ID("k7Qm2x4B") != nil)
        #expect(AccessToken.ID(text) == nil)
    }
}

@Suite("Names of tenants, groups and connections")
struct EntityNameTests {
    @Test(arguments: ["a", "0", "a-b", "a-", "contoso", String(repeating: "a", count: 63)])
    func `well-formed`(_ text: String) {
        #expect(EntityName(text)?.text == text)
    }

    @Test(arguments: ["", "-a", "A", "a_b", "a.b", "a b", "é", "a/b", String(repeating: "a", count: 64)])
    func `not well-formed`(_ text: String) {
        #expect(EntityName(text) == nil)
    }
}
