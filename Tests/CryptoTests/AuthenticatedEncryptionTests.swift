import Testing

@testable import Crypto

@Suite("AES-256-GCM, NIST SP 800-38D")
struct AuthenticatedEncryptionTests {
    let library: LibraryContext

    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let shared = Result { try LibraryContext(name: "test") }

    let label = Array("label".utf8)
    let plaintext = Array("plaintext".utf8)

    init() throws {
        library = try Self.shared.get()
    }

    /// One of NIST's samples, in hexadecimal.
    struct Sample: Sendable {
        let key, nonce, label, plaintext, ciphertext, tag: String
    }

    /// NIST CAVP, `gcmEncryptExtIV256.rsp`: nothing at all, one block, and text and label that fill no block.
    static let samples = [
        Sample(
            key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
            nonce: "516c33929df5a3284ff463d7",
            label: "",
            plaintext: "",
            ciphertext: "",
            tag: "bdc1ac884d332457a1d2664f168c76f0"
        ),
        Sample(
            key: "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
            nonce: "0d18e06c7c725ac9e362e1ce",
            label: "",
            plaintext: "2db5168e932556f8089a0622981d017d",
            ciphertext: "fa4362189661d163fcd6a56d8bf0405a",
            tag: "d636ac1bbedd5cc3ee727dc2ab4a9489"
        ),
        Sample(
            key: "26dc5ce74b4d64d1dc2221cdd6a63d7a9226134708299cd719a68f636b6b5ebd",
            nonce: "0294c54ff4ed30782222c834",
            label: "2a9fb326f98bbe2d2cf57bae9ecbeff7",
            plaintext:
                "ae4c7f040d3a5ff108e29381e7a0830221d5378b13b87ef0703c327686d30af004902d4ddb59d5787fecea4731"
                + "eaa8042443d5",
            ciphertext:
                "9601aec6bc6e8a09d054a01e500a4e4cdcc7c2cf83122656be7c26fc7dc1a773a40be7e8a049a6cdf059e93a23"
                + "ca441ef1ca96",
            tag: "b620a8a0c8fe6117f22735c0ca29434c"
        ),
    ]

    /// Opening alone proves the cipher: what is sealed here must open here, and no nonce can be handed in.
    @Test(arguments: samples)
    func `the standard's samples open`(_ sample: Sample) throws {
        let encryption = AuthenticatedEncryption(in: library, key: bytes(sample.key))
        let sealed = bytes(sample.nonce + sample.ciphertext + sample.tag)

        #expect(try encryption.open(sealed, authenticating: bytes(sample.label)) == bytes(sample.plaintext))
    }

    @Test(arguments: samples)
    func `the standard's samples are sealed to other bytes of the same length`(_ sample: Sample) throws {
        let encryption = AuthenticatedEncryption(in: library, key: bytes(sample.key))
        let (label, plaintext) = (bytes(sample.label), bytes(sample.plaintext))
        let standard = bytes(sample.nonce + sample.ciphertext + sample.tag)

        let sealed = try encryption.seal(plaintext, authenticating: label)

        #expect(sealed != standard && sealed.count == standard.count)
        #expect(try encryption.open(sealed, authenticating: label) == plaintext)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 300])
    func `what was sealed opens, and is longer by nonce and tag`(count: Int) throws {
        let encryption = AuthenticatedEncryption(in: library)
        let plaintext = [UInt8](repeating: 7, count: count)

        let sealed = try encryption.seal(plaintext, authenticating: label)

        #expect(sealed.count == count + AuthenticatedEncryption.overhead)
        #expect(try encryption.open(sealed, authenticating: label) == plaintext)
    }

    @Test func `no changed bit opens, nor fewer or more bytes`() throws {
        let encryption = AuthenticatedEncryption(in: library)
        let sealed = try encryption.seal(plaintext, authenticating: label)

        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(
                    try encryption.open(changed, authenticating: label) == nil,
                    "bit \(bit) of byte \(index)"
                )
            }
        }
        for count in sealed.indices {
            #expect(try encryption.open(Array(sealed.prefix(count)), authenticating: label) == nil)
        }
        #expect(try encryption.open(sealed + [0], authenticating: label) == nil)
    }

    @Test(arguments: ["", "labe", "label ", "Label"])
    func `another label does not open`(other: String) throws {
        let encryption = AuthenticatedEncryption(in: library)
        let sealed = try encryption.seal(plaintext, authenticating: label)

        #expect(try encryption.open(sealed, authenticating: Array(other.utf8)) == nil)
        #expect(try encryption.open(sealed, authenticating: label) == plaintext)
    }

    @Test func `another key does not open`() throws {
        let sealed = try AuthenticatedEncryption(in: library).seal(plaintext, authenticating: label)

        #expect(try AuthenticatedEncryption(in: library).open(sealed, authenticating: label) == nil)
    }

    @Test func `the same text is sealed differently each time`() throws {
        let encryption = AuthenticatedEncryption(in: library)

        let sealed = try (0..<64).map { _ in try encryption.seal(plaintext, authenticating: label) }

        #expect(Set(sealed).count == 64)
        #expect(Set(sealed.map { $0.prefix(12) }).count == 64)
    }

    @Test func `a key seals as often as it may and no more, and goes on opening`() throws {
        let encryption = AuthenticatedEncryption(in: library, mostSeals: 2)
        _ = try encryption.seal(plaintext, authenticating: label)
        let last = try encryption.seal(plaintext, authenticating: label)

        let error = #expect(throws: CryptoError.self) {
            try encryption.seal(plaintext, authenticating: label)
        }

        #expect(error?.code == .keyIsSpent)
        #expect(try encryption.open(last, authenticating: label) == plaintext)
    }

    @Test func `one key serves many threads at once`() async throws {
        let (encryption, label, plaintext) = (AuthenticatedEncryption(in: library), label, plaintext)

        let isRight = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    try (0..<100).allSatisfy { _ in
                        let sealed = try encryption.seal(plaintext, authenticating: label)
                        return try encryption.open(sealed, authenticating: label) == plaintext
                    }
                }
            }
            return try await group.allSatisfy { $0 }
        }

        #expect(isRight)
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { digit in Array("0123456789abcdef".utf8).firstIndex(of: digit) }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
