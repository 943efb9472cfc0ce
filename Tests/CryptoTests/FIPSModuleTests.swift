import Foundation
import Testing

@testable import Crypto

@Suite("A FIPS module in a library context of its own, OSSL_PROVIDER-FIPS(7)", TestModule.isNeeded)
struct FIPSModuleTests {
    let library: LibraryContext

    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let ordinary = Result { try LibraryContext(name: "test") }

    init() throws {
        library = try TestModule.library.get()
    }

    @Test func `it tells its name, its version, and that every self-test passed`() throws {
        let evidence = try #require(library.fips)

        #expect(evidence.name.contains("FIPS"))
        #expect(evidence.version.hasPrefix("3."))
        // OpenSSL 3.0 has 30, later ones more.
        #expect(evidence.selfTests.count >= 20)
        #expect(evidence.selfTests.filter { !$0.hasPassed } == [])
        #expect(evidence.selfTests.first?.kind == "Module_Integrity")
        #expect(evidence.selfTests.contains { $0.kind == "KAT_Cipher" && $0.subject == "AES_GCM" })
    }

    /// A module that is loaded already says nothing by itself.
    @Test func `a second context has evidence of its own`() throws {
        let module = FIPSModule(configFile: try #require(TestModule.configFile))

        let second = try LibraryContext(name: "second", in: module)

        // But for that of the entropy source, which comes when that is drawn from.
        let tests = second.fips?.selfTests.filter { $0.subject != "RNG" }
        #expect(tests?.isEmpty == false)
        #expect(tests == library.fips?.selfTests.filter { $0.subject != "RNG" })
    }

    @Test(arguments: [
        Algorithm.digest("SHA2-256"), .digest("SHA2-384"), .mac("HMAC"), .cipher("AES-256-GCM"),
        .cipher("AES-128-GCM"), .derivation("HKDF"), .derivation("TLS13-KDF"), .derivation("TLS1-PRF"),
        .agreement("ECDH"), .signature("ECDSA"), .signature("RSA"), .generator,
    ])
    func `the module has what the gateway uses, and an ordinary context has it elsewhere`(
        _ algorithm: Algorithm
    )
        throws
    {
        #expect(library.provider(of: algorithm) == "fips")
        #expect(try Self.ordinary.get().provider(of: algorithm) == "default")
    }

    @Test(arguments: [Algorithm.digest("MD5"), .cipher("ChaCha20-Poly1305"), .cipher("ChaCha20")])
    func `what is not approved is not to be had, while an ordinary context has it`(_ algorithm: Algorithm)
        throws
    {
        #expect(library.provider(of: algorithm) == nil)
        #expect(try Self.ordinary.get().provider(of: algorithm) == "default")
    }

    @Test func `digests and codes are those of an ordinary context`() throws {
        let ordinary = try Self.ordinary.get()
        let (key, text) = (Array("key".utf8), Array("The quick brown fox jumps over the lazy dog".utf8))

        #expect(library.sha256(text) == ordinary.sha256(text))
        #expect(library.hmacSHA256(key: key, text) == ordinary.hmacSHA256(key: key, text))
    }

    @Test func `random bytes have the length asked for and differ`() {
        #expect(library.randomBytes(32).count == 32)
        #expect(library.randomBytes(32) != library.randomBytes(32))
        #expect(Set((0..<64).map { _ in library.randomUUID() }).count == 64)
    }

    @Test func `it seals under nonces of its own, and opens what it sealed`() throws {
        let encryption = AuthenticatedEncryption(in: library)
        let (label, plaintext) = (Array("label".utf8), Array("plaintext".utf8))

        let sealed = try (0..<64).map { _ in try encryption.seal(plaintext, authenticating: label) }

        #expect(Set(sealed.map { $0.prefix(12) }).count == 64)
        for sealed in sealed {
            #expect(try encryption.open(sealed, authenticating: label) == plaintext)
            #expect(try encryption.open(sealed, authenticating: plaintext) == nil)
        }
    }

    @Test func `what it sealed opens in an ordinary context under the same key, and the other way round`()
        throws
    {
        let key = [UInt8](repeating: 7, count: 32)
        let inside = AuthenticatedEncryption(in: library, key: key)
        let outside = AuthenticatedEncryption(in: try Self.ordinary.get(), key: key)

        #expect(
            try outside.open(inside.seal([1, 2, 3], authenticating: []), authenticating: []) == [1, 2, 3]
        )
        #expect(
            try inside.open(outside.seal([1, 2, 3], authenticating: []), authenticating: []) == [1, 2, 3]
        )
    }

    @Test(arguments: [(UInt32(1024), false), (2048, true)])
    func `an RSA key of 1,024 bits cannot be made, one of 2,048 can`(bits: UInt32, isMade: Bool) throws {
        #expect(RSAKey.canBeMade(bits: bits, in: library) == isMade)
        #expect(RSAKey.canBeMade(bits: bits, in: try Self.ordinary.get()))
    }

    @Test func `one context serves many threads at once`() async {
        let library = library
        let expected = library.sha256(Array("abc".utf8))

        let isSame = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (0..<100).allSatisfy { _ in
                        library.sha256(Array("abc".utf8)) == expected && library.randomBytes(16).count == 16
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }

        #expect(isSame)
    }
}
