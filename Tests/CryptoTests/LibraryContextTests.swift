import Crypto
import Testing

@Suite("Digests, HMAC and randomness in an own library context")
struct LibraryContextTests {
    let library: LibraryContext

    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let shared = Result { try LibraryContext(name: "test") }

    init() throws {
        library = try Self.shared.get()
    }

    /// FIPS 180-4's examples, and a length that spans blocks.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 of the standard's samples`(text: String, digest: String) {
        #expect(hex(library.sha256(Array(text.utf8))) == digest)
        #expect(hex(library.sha256(text.utf8.span)) == digest)
    }

    /// RFC 4231 §4.2, §4.3, §4.7 (key longer than a block), and an empty key over nothing.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC-SHA-256 of the RFC's samples`(key: [UInt8], text: String, code: String) {
        #expect(hex(library.hmacSHA256(key: key, Array(text.utf8))) == code)
    }

    @Test(arguments: [[], Array("Jefe".utf8), [UInt8](repeating: 0xAA, count: 131)])
    func `a key that is kept gives the same codes, whatever was asked before`(key: [UInt8]) {
        let keyed = library.hmacSHA256(key: key)

        for text in ["what do ya want for nothing?", "", String(repeating: "x", count: 200), ""] {
            #expect(keyed.code(of: Array(text.utf8)) == library.hmacSHA256(key: key, Array(text.utf8)))
        }
    }

    @Test func `random bytes have the length asked for and differ`() {
        #expect(library.randomBytes(0).isEmpty)
        #expect(library.randomBytes(32).count == 32)
        #expect(library.randomBytes(32) != library.randomBytes(32))
    }

    @Test func `base62 uses every letter about equally`() {
        let text = library.randomBase62(62_000)

        let counts = Dictionary(text.utf8.map { ($0, 1) }, uniquingKeysWith: +)

        // 1,000 expected of each, standard deviation 31: seven of them is out of chance's reach.
        #expect(text.utf8.count == 62_000)
        #expect(counts.count == 62)
        #expect(counts.values.allSatisfy { (780...1220).contains($0) })
    }

    @Test func `a UUID has version 4, its variant, and lower case`() throws {
        let pattern = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

        let made = (0..<64).map { _ in library.randomUUID() }

        #expect(Set(made).count == made.count)
        for uuid in made {
            #expect(uuid.wholeMatch(of: pattern) != nil)
        }
    }

    @Test func `one context serves many threads at once`() async {
        let library = library
        let expected = library.sha256(Array("abc".utf8))

        let isSame = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        library.sha256(Array("abc".utf8)) == expected && library.randomBytes(16).count == 16
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }

        #expect(isSame)
    }

    @Test func `OpenSSL tells its version`() {
        #expect(OpenSSLVersion.number.hasPrefix("3."))
        #expect(OpenSSLVersion.text.hasPrefix("OpenSSL " + OpenSSLVersion.number))
    }

    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
