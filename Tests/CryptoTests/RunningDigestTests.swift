import Testing

@testable import Crypto

@Suite("SHA-256 in parts, FIPS 180-4")
struct RunningDigestTests {
    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    private static let shared = Result { try LibraryContext(name: "test") }

    @Test(arguments: [[], [0], [1], [63, 1, 64], [1_000, 0, 24]])
    func `parts give the digest of the whole`(sizes: [Int]) throws {
        let library = try Self.shared.get()
        let parts = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0) } }

        let digest = library.digesting()
        for part in parts { digest.add(part) }

        #expect(digest.end() == library.sha256(Array(parts.joined())))
    }
}
